package onnx

import (
	"errors"
	"fmt"
	"slices"
)

// Array is a dense row-major array of float64.
type Array struct {
	Dims []int
	Data []float64
}

// newArray returns zeros.
func newArray(dims ...int) (Array, error) {
	n, err := sizeOf(dims)
	if err != nil {
		return Array{}, err
	}
	return Array{slices.Clone(dims), make([]float64, n)}, nil
}

// errShape is returned where an operator does not take its operands.
var errShape = errors.New("the operands do not fit")

// Run executes the model by the operators' definitions in float64 and returns its outputs.
func (m *Model) Run(inputs map[string]Array) (map[string]Array, error) {
	values := map[string]Array{}
	for _, t := range m.Initializers {
		values[t.Name] = Array{t.Dims, t.Data}
	}
	for _, p := range m.Inputs {
		a, ok := inputs[p.Name]
		if n, err := sizeOf(p.Dims); !ok || err != nil || !slices.Equal(a.Dims, p.Dims) || len(a.Data) != n {
			return nil, fmt.Errorf("onnx: input %q of shape %v: the model takes %v", p.Name, a.Dims, p.Dims)
		}
		values[p.Name] = a
	}
	for _, n := range m.Nodes {
		run, ok := operators[n.Op]
		if !ok {
			return nil, fmt.Errorf("onnx: node %q: operator %q is not among those that are run here", n.Out[0], n.Op)
		}
		in := make([]Array, len(n.In))
		for i, name := range n.In {
			if in[i], ok = values[name]; !ok {
				return nil, fmt.Errorf("onnx: node %q reads %q, which nothing before it gives", n.Out[0], name)
			}
		}
		if want := arity[n.Op]; len(in) != max(want, 1) && n.Op != "Concat" {
			return nil, fmt.Errorf("onnx: node %q: %s of %d operands", n.Out[0], n.Op, len(in))
		}
		out, err := run(n, in)
		if err != nil {
			return nil, fmt.Errorf("onnx: node %q: %s: %w", n.Out[0], n.Op, err)
		}
		values[n.Out[0]] = out
	}
	outputs := map[string]Array{}
	for _, p := range m.Outputs {
		out, ok := values[p.Name]
		if !ok {
			return nil, fmt.Errorf("onnx: nothing gives the output %q", p.Name)
		}
		outputs[p.Name] = out
	}
	return outputs, nil
}

// operator computes one node.
type operator func(n Node, in []Array) (Array, error)

// operators are those that Lower writes; arity is their number of operands, where that is not one.
var (
	operators = map[string]operator{
		"Expand": expand, "Reshape": reshape, "Transpose": transpose, "Concat": concat, "Slice": slice, "Gather": gather,
		"ReduceSum": reduceSum, "ReduceMean": reduceMean, "Softmax": softmax, "MatMul": matMul, "Conv": conv, "ConvTranspose": convTranspose,
		"Add": pairwise(add), "Sub": pairwise(sub), "Mul": pairwise(mul), "Div": pairwise(div), "Pow": pairwise(pow),
		"Identity": each(identity), "Neg": each(neg), "Exp": each(exp), "Log": each(log), "Sqrt": each(sqrt), "Sin": each(sin), "Cos": each(cos),
		"Tanh": each(tanh), "Sigmoid": each(sigmoid), "Relu": each(relu), "Softplus": each(softplus), "Erf": each(erf), "Cast": cast,
	}
	arity = map[string]int{
		"Expand": 2, "Reshape": 2, "Slice": 4, "Gather": 2, "ReduceSum": 2, "MatMul": 2, "Conv": 2, "ConvTranspose": 2,
		"Add": 2, "Sub": 2, "Mul": 2, "Div": 2, "Pow": 2,
	}
)

// ints is an attribute that is a list, or n ones where it is absent.
func (n Node) ints(name string, ones int) []int {
	for _, a := range n.Attributes {
		if a.Name == name {
			list := make([]int, len(a.Ints))
			for i, v := range a.Ints {
				list[i] = int(v)
			}
			return list
		}
	}
	return slices.Repeat([]int{1}, ones)
}

// integer is an attribute that is a number, or the one it is without.
func (n Node) integer(name string, without int) int {
	for _, a := range n.Attributes {
		if a.Name == name {
			return int(a.Int)
		}
	}
	return without
}

// integers is an operand that holds axes or lengths.
func (a Array) integers() []int {
	list := make([]int, len(a.Data))
	for i, v := range a.Data {
		list[i] = int(v)
	}
	return list
}

// strides are the distances of neighbours along each axis.
func strides(dims []int) []int {
	s, n := make([]int, len(dims)), 1
	for i := len(dims) - 1; i >= 0; i-- {
		s[i] = n
		n *= dims[i]
	}
	return s
}

// scan calls f with the number and the index of every element of a shape, in row-major order.
func scan(dims []int, f func(i int, index []int)) {
	index := make([]int, len(dims))
	n, err := sizeOf(dims)
	if err != nil {
		return
	}
	for i := range n {
		f(i, index)
		for a := len(dims) - 1; a >= 0; a-- {
			if index[a]++; index[a] < dims[a] {
				break
			}
			index[a] = 0
		}
	}
}

func dot(index, strides []int) int {
	s := 0
	for i, v := range index {
		s += v * strides[i]
	}
	return s
}

// axisOf is an axis of a shape; negative ones count from the end.
func axisOf(axis int, dims []int) (int, error) {
	if axis < 0 {
		axis += len(dims)
	}
	if axis < 0 || axis >= len(dims) {
		return 0, fmt.Errorf("%w: axis %d of shape %v", errShape, axis, dims)
	}
	return axis, nil
}
