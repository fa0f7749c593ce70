package op

import "fmt"

// ConcatOp: out = the inputs one after another along an axis. Shapes: equal but for that axis. Adjoint: slices.
type ConcatOp struct{ Axis int }

// Concat joins its inputs along an axis.
func Concat(axis int, xs ...Value) Value {
	if len(xs) == 1 {
		return xs[0]
	}
	return Apply(ConcatOp{axis}, xs...)
}

// Shape implements Op.
func (o ConcatOp) Shape(in ...Dims) (Dims, error) {
	if len(in) == 0 || o.Axis < 0 || o.Axis >= in[0].n {
		return Dims{}, fmt.Errorf("concat: axis %d of shapes %v", o.Axis, in)
	}
	n := 0
	for _, d := range in {
		if d.n != in[0].n || d.With(o.Axis, 0) != in[0].With(o.Axis, 0) {
			return Dims{}, fmt.Errorf("concat: shapes %v and %v differ outside axis %d", in[0], d, o.Axis)
		}
		n += d.len[o.Axis]
	}
	return in[0].With(o.Axis, n), nil
}

// Eval implements Op.
func (o ConcatOp) Eval(out Array, in ...Array) {
	row := out.Dims.Span(o.Axis, out.Dims.n)
	for b, at := 0, 0; b < out.Dims.Span(0, o.Axis); b, at = b+1, at+row {
		to := at
		for _, x := range in {
			n := x.Dims.Span(o.Axis, x.Dims.n)
			copy(out.Data[to:to+n], x.Data[b*n:])
			to += n
		}
	}
}

// Grad implements Op.
func (o ConcatOp) Grad(in []Value, _, dOut Value) []Value {
	grads := make([]Value, len(in))
	start := 0
	for i, x := range in {
		n := x.Dims().At(o.Axis)
		grads[i] = SliceAxis(dOut, o.Axis, start, n)
		start += n
	}
	return grads
}

// LinearIn implements Linear: the inputs enter additively, each linearly.
func (ConcatOp) LinearIn(int) bool { return true }
