package onnx

import (
	"fmt"
	"math"
)

func identity(x float64) float64 { return x }
func neg(x float64) float64      { return -x }
func exp(x float64) float64      { return math.Exp(x) }
func log(x float64) float64      { return math.Log(x) }
func sqrt(x float64) float64     { return math.Sqrt(x) }
func sin(x float64) float64      { return math.Sin(x) }
func cos(x float64) float64      { return math.Cos(x) }
func tanh(x float64) float64     { return math.Tanh(x) }
func erf(x float64) float64      { return math.Erf(x) }
func sigmoid(x float64) float64  { return 1 / (1 + math.Exp(-x)) }
func relu(x float64) float64     { return math.Max(x, 0) }
func softplus(x float64) float64 { return math.Max(x, 0) + math.Log1p(math.Exp(-math.Abs(x))) }
func add(x, y float64) float64   { return x + y }
func sub(x, y float64) float64   { return x - y }
func mul(x, y float64) float64   { return x * y }
func div(x, y float64) float64   { return x / y }
func pow(x, y float64) float64   { return math.Pow(x, y) }

// each applies f to every element.
func each(f func(x float64) float64) operator {
	return func(_ Node, in []Array) (Array, error) {
		out, err := newArray(in[0].Dims...)
		for i, x := range in[0].Data {
			out.Data[i] = f(x)
		}
		return out, err
	}
}

// cast rounds to the new type: integers towards zero.
func cast(n Node, in []Array) (Array, error) {
	switch n.integer("to", 0) {
	case Int64:
		return each(math.Trunc)(n, in)
	case Float32:
		return each(func(x float64) float64 { return float64(float32(x)) })(n, in)
	case Float64:
		return each(identity)(n, in)
	}
	return Array{}, fmt.Errorf("%w: no type to cast to", errShape)
}

// pairwise applies f to pairs of elements of operands that stretch to one shape.
func pairwise(f func(x, y float64) float64) operator {
	return func(_ Node, in []Array) (Array, error) {
		dims, err := stretched(in[0].Dims, in[1].Dims)
		if err != nil {
			return Array{}, err
		}
		out, err := newArray(dims...)
		if err != nil {
			return Array{}, err
		}
		a, b := stretching(in[0].Dims, dims), stretching(in[1].Dims, dims)
		scan(dims, func(i int, index []int) { out.Data[i] = f(in[0].Data[dot(index, a)], in[1].Data[dot(index, b)]) })
		return out, nil
	}
}

// stretched is the common shape of two operands: aligned at the last axis, axes of length one stretch.
func stretched(a, b []int) ([]int, error) {
	if len(a) < len(b) {
		a, b = b, a
	}
	out := append([]int{}, a...)
	for i, n := range b {
		switch at := len(a) - len(b) + i; {
		case out[at] == 1:
			out[at] = n
		case n != 1 && n != out[at]:
			return nil, fmt.Errorf("%w: shapes %v and %v", errShape, a, b)
		}
	}
	return out, nil
}

// stretching are the strides with which an operand of shape d walks over a shape that it stretches to.
func stretching(d, to []int) []int {
	s := make([]int, len(to))
	for i, st := range strides(d) {
		if d[i] != 1 {
			s[len(to)-len(d)+i] = st
		}
	}
	return s
}
