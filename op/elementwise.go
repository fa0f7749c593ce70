package op

import "fmt"

// UnaryFunc is a function of one element, y = f(x), with its derivative as graph.
type UnaryFunc interface {
	At(x float64) float64
	// Diff returns dx = f'(x)·dy.
	Diff(x, y, dy Value) Value
}

// BinaryFunc is a function of two elements, z = f(x, y), with its derivatives as graph.
type BinaryFunc interface {
	At(x, y float64) float64
	// Diff returns (∂f/∂x·dz, ∂f/∂y·dz).
	Diff(x, y, z, dz Value) (dx, dy Value)
}

// Unary applies a UnaryFunc to every element: out_i = f(x_i). Shape: that of x.
type Unary struct{ Fn UnaryFunc }

// Shape implements Op.
func (o Unary) Shape(in ...Dims) (Dims, error) {
	if err := arity(funcName(o.Fn), in, 1); err != nil {
		return Dims{}, err
	}
	return in[0], nil
}

// Eval implements Op.
func (o Unary) Eval(out Array, in ...Array) {
	for i, x := range in[0].Data {
		out.Data[i] = o.Fn.At(x)
	}
}

// Grad implements Op.
func (o Unary) Grad(in []Value, out, dOut Value) []Value {
	return []Value{o.Fn.Diff(in[0], out, dOut)}
}

// Binary applies a BinaryFunc to pairs of elements: out_i = f(x_i, y_i). Shapes: x, y and out are equal.
type Binary struct{ Fn BinaryFunc }

// Shape implements Op.
func (o Binary) Shape(in ...Dims) (Dims, error) {
	if err := arity(funcName(o.Fn), in, 2); err != nil {
		return Dims{}, err
	}
	if in[0] != in[1] {
		return Dims{}, fmt.Errorf("%s: shapes %v and %v differ", funcName(o.Fn), in[0], in[1])
	}
	return in[0], nil
}

// Eval implements Op.
func (o Binary) Eval(out Array, in ...Array) {
	x, y := in[0].Data, in[1].Data
	for i := range out.Data {
		out.Data[i] = o.Fn.At(x[i], y[i])
	}
}

// Grad implements Op.
func (o Binary) Grad(in []Value, out, dOut Value) []Value {
	dx, dy := o.Fn.Diff(in[0], in[1], out, dOut)
	return []Value{dx, dy}
}

func unary(f UnaryFunc, x Value) Value { return Apply(Unary{f}, x) }

// binary applies f to x and y after broadcasting both to their common shape.
func binary(f BinaryFunc, x, y Value) Value {
	if x.Dims() != y.Dims() {
		d, err := broadcastDims(x.Dims(), y.Dims())
		if err != nil {
			return x.fail(fmt.Errorf("%s: %w", funcName(f), err))
		}
		x, y = BroadcastTo(x, d), BroadcastTo(y, d)
	}
	return Apply(Binary{f}, x, y)
}
