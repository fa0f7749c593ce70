package onnx

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"

	"google.golang.org/protobuf/encoding/protowire"
)

// field is one field of a message: a number, or bytes.
type field struct {
	number protowire.Number
	value  int64
	bytes  []byte
}

// fields splits a message; fixed-width fields, of which none is read here, are left out.
func fields(b []byte) ([]field, error) {
	var list []field
	for len(b) > 0 {
		number, kind, n := protowire.ConsumeTag(b)
		if n < 0 {
			return nil, protowire.ParseError(n)
		}
		b = b[n:]
		f := field{number: number}
		switch kind {
		case protowire.VarintType:
			var v uint64
			v, n = protowire.ConsumeVarint(b)
			f.value = int64(v)
		case protowire.BytesType:
			f.bytes, n = protowire.ConsumeBytes(b)
		default:
			n = protowire.ConsumeFieldValue(number, kind, b)
			f.number = 0
		}
		if n < 0 {
			return nil, protowire.ParseError(n)
		}
		if b = b[n:]; f.number > 0 {
			list = append(list, f)
		}
	}
	return list, nil
}

// walk calls read for each field of a message and wraps the first error with the message's name.
func walk(name string, b []byte, read func(f field) error) error {
	list, err := fields(b)
	for _, f := range list {
		if err == nil {
			err = read(f)
		}
	}
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}

// Unmarshal reads what Marshal writes. Models with other parts (sparse or external tensors, sub-graphs, other attributes) are errors
// here or in Run.
func Unmarshal(b []byte) (*Model, error) {
	m := &Model{}
	whole := false
	err := walk("model", b, func(f field) error {
		switch f.number {
		case modelProducer:
			m.Producer = string(f.bytes)
		case modelDoc:
			m.Doc = string(f.bytes)
		case modelMetadata:
			var p Property
			err := walk("metadata", f.bytes, func(f field) error {
				switch f.number {
				case propertyKey:
					p.Key = string(f.bytes)
				case propertyValue:
					p.Value = string(f.bytes)
				}
				return nil
			})
			m.Metadata = append(m.Metadata, p)
			return err
		case modelGraph:
			whole = true
			return walk("graph", f.bytes, m.graph)
		}
		return nil
	})
	if err == nil && !whole {
		err = errors.New("no graph")
	}
	if err != nil {
		return nil, fmt.Errorf("onnx: not a model: %w", err)
	}
	return m, nil
}

func (m *Model) graph(f field) error {
	switch f.number {
	case graphNode:
		n, err := readNode(f.bytes)
		m.Nodes = append(m.Nodes, n)
		return err
	case graphInitializer:
		t, err := readTensor(f.bytes)
		m.Initializers = append(m.Initializers, t)
		return err
	case graphInput:
		p, err := readPort(f.bytes)
		m.Inputs = append(m.Inputs, p)
		return err
	case graphOutput:
		p, err := readPort(f.bytes)
		m.Outputs = append(m.Outputs, p)
		return err
	}
	return nil
}

func readNode(b []byte) (n Node, err error) {
	err = walk("node", b, func(f field) error {
		switch f.number {
		case nodeInput:
			n.In = append(n.In, string(f.bytes))
		case nodeOutput:
			n.Out = append(n.Out, string(f.bytes))
		case nodeOp:
			n.Op = string(f.bytes)
		case nodeAttribute:
			var a Attribute
			err := walk("attribute", f.bytes, func(f field) error {
				switch f.number {
				case attributeName:
					a.Name = string(f.bytes)
				case attributeInt:
					a.Int = f.value
				case attributeInts:
					a.Ints = append(a.Ints, f.value)
				}
				return nil
			})
			n.Attributes = append(n.Attributes, a)
			return err
		}
		return nil
	})
	if err == nil && len(n.Out) == 0 {
		err = fmt.Errorf("node %s has no output", n.Op)
	}
	return n, err
}

func readTensor(b []byte) (t Tensor, err error) {
	var raw []byte
	err = walk("tensor", b, func(f field) error {
		switch f.number {
		case tensorDims:
			t.Dims = append(t.Dims, int(f.value))
		case tensorType:
			t.Type = int(f.value)
		case tensorName:
			t.Name = string(f.bytes)
		case tensorRaw:
			raw = f.bytes
		}
		return nil
	})
	if err != nil {
		return t, err
	}
	width := map[int]int{Float32: 4, Float64: 8, Int64: 8}[t.Type]
	size, err := sizeOf(t.Dims)
	if err != nil || width == 0 || len(raw) != width*size {
		return t, fmt.Errorf("tensor %q: %d bytes for type %d and shape %v", t.Name, len(raw), t.Type, t.Dims)
	}
	for ; len(raw) > 0; raw = raw[width:] {
		switch t.Type {
		case Float32:
			t.Data = append(t.Data, float64(math.Float32frombits(binary.LittleEndian.Uint32(raw))))
		case Float64:
			t.Data = append(t.Data, math.Float64frombits(binary.LittleEndian.Uint64(raw)))
		case Int64:
			t.Data = append(t.Data, float64(int64(binary.LittleEndian.Uint64(raw))))
		}
	}
	return t, nil
}

// sizeOf is the number of elements of a shape; negative and absurd ones are errors.
func sizeOf(dims []int) (int, error) {
	size := 1
	for _, n := range dims {
		if n < 0 || n > 0 && size > math.MaxInt32/n {
			return 0, fmt.Errorf("shape %v is negative or too large", dims)
		}
		size *= n
	}
	return size, nil
}

func readPort(b []byte) (p Port, err error) {
	err = walk("port", b, func(f field) error {
		switch f.number {
		case portName:
			p.Name = string(f.bytes)
		case portType:
			return walk("type", f.bytes, func(f field) error {
				if f.number != typeTensor {
					return errors.New("not a tensor")
				}
				return walk("tensor type", f.bytes, p.tensor)
			})
		}
		return nil
	})
	return p, err
}

func (p *Port) tensor(f field) error {
	switch f.number {
	case typeElement:
		p.Type = int(f.value)
	case typeShape:
		return walk("shape", f.bytes, func(f field) error {
			n := -1
			err := walk("dimension", f.bytes, func(f field) error {
				if f.number == dimValue {
					n = int(f.value)
				}
				return nil
			})
			p.Dims = append(p.Dims, n)
			return err
		})
	}
	return nil
}
