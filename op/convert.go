package op

import (
	"fmt"

	"github.com/chewxy/hm"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

func (t Dtype) tensor() tensor.Dtype {
	if t == Float64 {
		return tensor.Float64
	}
	return tensor.Float32
}

func fromTensor(t tensor.Dtype) Dtype {
	if t == tensor.Float64 {
		return Float64
	}
	return Float32
}

// tensorType is Gorgonia's type of a tensor: the bare dtype for scalars.
func tensorType(t Dtype, d Dims) hm.Type {
	if d.n == 0 {
		return t.tensor()
	}
	return gorgonia.TensorType{Dims: d.n, Of: t.tensor()}
}

func newLeafNode(g *gorgonia.ExprGraph, l Leaf) *gorgonia.Node {
	opts := []gorgonia.NodeConsOpt{gorgonia.WithName(l.Name), gorgonia.In(g), gorgonia.WithType(tensorType(l.Dtype, l.Dims)), gorgonia.WithShape(l.Dims.Slice()...)}
	return gorgonia.NewUniqueNode(opts...)
}

// tensorValue converts an Array to a Gorgonia value of dtype t.
func tensorValue(t Dtype, a Array) (gorgonia.Value, error) {
	if a.Dims.n == 0 {
		if t == Float64 {
			return gorgonia.NewF64(a.Data[0]), nil
		}
		return gorgonia.NewF32(float32(a.Data[0])), nil
	}
	if t == Float64 {
		return tensor.New(tensor.WithShape(a.Dims.Slice()...), tensor.WithBacking(a.Data)), nil
	}
	f := make([]float32, len(a.Data))
	for i, x := range a.Data {
		f[i] = float32(x)
	}
	return tensor.New(tensor.WithShape(a.Dims.Slice()...), tensor.WithBacking(f)), nil
}

// float64s converts a Gorgonia value to float64s; the result may share memory with v.
func float64s(v gorgonia.Value) ([]float64, error) {
	switch d := v.Data().(type) {
	case []float64:
		return d, nil
	case []float32:
		f := make([]float64, len(d))
		for i, x := range d {
			f[i] = float64(x)
		}
		return f, nil
	case float64:
		return []float64{d}, nil
	case float32:
		return []float64{float64(d)}, nil
	}
	return nil, fmt.Errorf("op: value of type %T", v.Data())
}
