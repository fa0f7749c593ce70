package onnx

import (
	"encoding/binary"
	"math"

	"google.golang.org/protobuf/encoding/protowire"
)

// Field numbers of the messages, as onnx.proto gives them.
const (
	modelIR, modelProducer, modelDoc, modelGraph, modelOpset, modelMetadata = 1, 2, 6, 7, 8, 14
	propertyKey, propertyValue                                              = 1, 2
	opsetVersion                                                            = 2
	graphNode, graphName, graphInitializer, graphInput, graphOutput         = 1, 2, 5, 11, 12
	nodeInput, nodeOutput, nodeName, nodeOp, nodeAttribute                  = 1, 2, 3, 4, 5
	attributeName, attributeInt, attributeInts, attributeType               = 1, 3, 8, 20
	tensorDims, tensorType, tensorName, tensorRaw                           = 1, 2, 8, 9
	portName, portType                                                      = 1, 2
	typeTensor, typeElement, typeShape, shapeDim, dimValue                  = 1, 1, 2, 1, 1
	kindInt, kindInts                                                       = 2, 7 // of attributes
)

// message is a protobuf message that is being written.
type message []byte

func (m *message) number(field protowire.Number, v int64) {
	*m = protowire.AppendVarint(protowire.AppendTag(*m, field, protowire.VarintType), uint64(v))
}

func (m *message) text(field protowire.Number, s string) {
	*m = protowire.AppendString(protowire.AppendTag(*m, field, protowire.BytesType), s)
}

func (m *message) part(field protowire.Number, p message) {
	*m = protowire.AppendBytes(protowire.AppendTag(*m, field, protowire.BytesType), p)
}

// Marshal returns the model as the content of an .onnx file. Equal models give equal bytes.
func (m *Model) Marshal() []byte {
	var graph, opset, b message
	for _, n := range m.Nodes {
		graph.part(graphNode, n.marshal())
	}
	graph.text(graphName, "prediction")
	for _, t := range m.Initializers {
		graph.part(graphInitializer, t.marshal())
	}
	for _, p := range m.Inputs {
		graph.part(graphInput, p.marshal())
	}
	for _, p := range m.Outputs {
		graph.part(graphOutput, p.marshal())
	}
	opset.number(opsetVersion, Opset)
	b.number(modelIR, IR)
	b.text(modelProducer, m.Producer)
	b.text(modelDoc, m.Doc)
	b.part(modelGraph, graph)
	b.part(modelOpset, opset)
	for _, p := range m.Metadata {
		var e message
		e.text(propertyKey, p.Key)
		e.text(propertyValue, p.Value)
		b.part(modelMetadata, e)
	}
	return b
}

func (n Node) marshal() message {
	var b message
	for _, s := range n.In {
		b.text(nodeInput, s)
	}
	for _, s := range n.Out {
		b.text(nodeOutput, s)
	}
	b.text(nodeName, n.Out[0])
	b.text(nodeOp, n.Op)
	for _, a := range n.Attributes {
		var e message
		e.text(attributeName, a.Name)
		if a.Ints == nil {
			e.number(attributeInt, a.Int)
			e.number(attributeType, kindInt)
		} else {
			for _, v := range a.Ints {
				e.number(attributeInts, v)
			}
			e.number(attributeType, kindInts)
		}
		b.part(nodeAttribute, e)
	}
	return b
}

func (t Tensor) marshal() message {
	var b message
	for _, n := range t.Dims {
		b.number(tensorDims, int64(n))
	}
	b.number(tensorType, int64(t.Type))
	b.text(tensorName, t.Name)
	var raw message
	for _, v := range t.Data {
		switch t.Type {
		case Float32:
			raw = binary.LittleEndian.AppendUint32(raw, math.Float32bits(float32(v)))
		case Float64:
			raw = binary.LittleEndian.AppendUint64(raw, math.Float64bits(v))
		case Int64:
			raw = binary.LittleEndian.AppendUint64(raw, uint64(int64(v)))
		}
	}
	b.part(tensorRaw, raw)
	return b
}

func (p Port) marshal() message {
	var shape, tensor, kind, b message
	for _, n := range p.Dims {
		var d message
		d.number(dimValue, int64(n))
		shape.part(shapeDim, d)
	}
	tensor.number(typeElement, int64(p.Type))
	tensor.part(typeShape, shape)
	kind.part(typeTensor, tensor)
	b.text(portName, p.Name)
	b.part(portType, kind)
	return b
}
