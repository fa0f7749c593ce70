package onnx

import (
	"cmp"
	"errors"
	"fmt"
	"slices"

	"github.com/kolmogo/kolmogo/op"
)

// ErrNoOperator is returned for an op that has no counterpart in ONNX: a draw of random numbers, or a solve.
var ErrNoOperator = errors.New("ONNX has no operator for it")

// Lower returns a model that computes y as the output of the given name. Inputs of the graph are its inputs; variable gives the values
// of a variable by name.
func Lower(y op.Value, name string, variable func(name string) ([]float64, error)) (*Model, error) {
	l := &lowering{model: &Model{}, names: map[op.Value]string{}, constants: map[string]string{}, variable: variable}
	from, err := l.value(y)
	if err != nil {
		return nil, fmt.Errorf("onnx: %w", err)
	}
	l.node("Identity", []string{from}, name)
	l.model.Outputs = []Port{{name, elementType(y.Dtype()), y.Dims().Slice()}}
	slices.SortFunc(l.model.Inputs, func(a, b Port) int { return cmp.Compare(a.Name, b.Name) })
	return l.model, nil
}

// lowering is a model that is being written.
type lowering struct {
	model     *Model
	names     map[op.Value]string
	constants map[string]string // by content
	variable  func(name string) ([]float64, error)
}

// value writes what makes v, once, and returns v's name.
func (l *lowering) value(v op.Value) (string, error) {
	if name, ok := l.names[v]; ok {
		return name, nil
	}
	name, err := l.made(v)
	l.names[v] = name
	return name, err
}

func (l *lowering) made(v op.Value) (string, error) {
	if leaf, ok := v.Leaf(); ok {
		return l.leaf(leaf)
	}
	o, in, err := v.Def()
	if err != nil {
		return "", err
	}
	s := &site{lowering: l, in: in, out: v}
	if _, ok := o.(op.Binary); ok {
		s.in = implicit(v.Dims(), in)
	}
	for _, x := range s.in {
		name, err := l.value(x)
		if err != nil {
			return "", err
		}
		s.names = append(s.names, name)
	}
	name, ok := s.write(o)
	if !ok {
		return "", fmt.Errorf("%s: %w", op.Name(o), ErrNoOperator)
	}
	return name, nil
}

// leaf is an input, or an initializer.
func (l *lowering) leaf(leaf op.Leaf) (string, error) {
	t := elementType(leaf.Dtype)
	switch leaf.Kind {
	case op.Input:
		l.model.Inputs = append(l.model.Inputs, Port{leaf.Name, t, leaf.Dims.Slice()})
		return leaf.Name, nil
	case op.Constant:
		return l.constant(t, leaf.Dims.Slice(), leaf.Data), nil
	}
	data, err := l.variable(leaf.Name)
	if err != nil {
		return "", err
	}
	l.model.Initializers = append(l.model.Initializers, Tensor{leaf.Name, t, leaf.Dims.Slice(), data})
	return leaf.Name, nil
}

// constant returns the name of an initializer of this content.
func (l *lowering) constant(t int, dims []int, data []float64) string {
	key := fmt.Sprint(t, dims, data)
	name, ok := l.constants[key]
	if !ok {
		name = fmt.Sprintf("constant.%d", len(l.constants))
		l.constants[key] = name
		l.model.Initializers = append(l.model.Initializers, Tensor{name, t, dims, data})
	}
	return name
}

// integers is a constant vector of axes or lengths.
func (l *lowering) integers(list ...int) string {
	data := make([]float64, len(list))
	for i, v := range list {
		data[i] = float64(v)
	}
	return l.constant(Int64, []int{len(list)}, data)
}

// node adds a node and returns the name of its result; an empty one is made up.
func (l *lowering) node(operator string, in []string, out string, attributes ...Attribute) string {
	if out == "" {
		out = fmt.Sprintf("%s.%d", operator, len(l.model.Nodes))
	}
	l.model.Nodes = append(l.model.Nodes, Node{operator, in, []string{out}, attributes})
	return out
}

func elementType(t op.Dtype) int {
	if t == op.Float64 {
		return Float64
	}
	return Float32
}
