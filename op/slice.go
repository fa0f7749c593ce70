package op

import "fmt"

// SliceOp: out = x[.., Start : Start+Len, ..] along one axis. Adjoint: zero padding.
type SliceOp struct{ Axis, Start, Len int }

// SliceAxis returns the positions start..start+length−1 of an axis; x itself when that is the whole axis.
func SliceAxis(x Value, axis, start, length int) Value {
	if d := x.Dims(); axis >= 0 && axis < d.n && start == 0 && length == d.len[axis] {
		return x
	}
	return Apply(SliceOp{axis, start, length}, x)
}

// Shape implements Op.
func (o SliceOp) Shape(in ...Dims) (Dims, error) {
	if err := arity("slice", in, 1); err != nil {
		return Dims{}, err
	}
	d := in[0]
	if o.Axis < 0 || o.Axis >= d.n || o.Start < 0 || o.Len < 0 || o.Start+o.Len > d.len[o.Axis] {
		return Dims{}, fmt.Errorf("slice: %d:%d of axis %d is outside shape %v", o.Start, o.Start+o.Len, o.Axis, d)
	}
	return d.With(o.Axis, o.Len), nil
}

// Eval implements Op.
func (o SliceOp) Eval(out Array, in ...Array) {
	d := in[0].Dims
	tail := d.Span(o.Axis+1, d.n)
	for b := range d.Span(0, o.Axis) {
		copy(out.Data[b*o.Len*tail:(b+1)*o.Len*tail], in[0].Data[(b*d.len[o.Axis]+o.Start)*tail:])
	}
}

// Grad implements Op.
func (o SliceOp) Grad(in []Value, _, dOut Value) []Value {
	return []Value{Pad(dOut, PadZero, o.Axis, o.Start, in[0].Dims().At(o.Axis)-o.Start-o.Len)}
}

// LinearIn implements Linear.
func (SliceOp) LinearIn(int) bool { return true }
