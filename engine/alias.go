package engine

import "github.com/kolmogo/kolmogo/op"

// alias tells whether v is a piece of its input's memory and needs none itself: the input in another shape, or positions of its first axis of
// more than one that begin at an aligned address. offset is where it begins there, in bytes.
func (v *value) alias() (offset int, ok bool) {
	switch o := v.op.(type) {
	case op.Reshape:
		return 0, true
	case op.SliceOp:
		d := v.in[0].dims
		offset = o.Start * d.Span(o.Axis+1, d.Rank()) * v.dtype.Size()
		return offset, d.Span(0, o.Axis) == 1 && offset%Alignment == 0
	}
	return 0, false
}

// stored follows pieces to the value that has the memory.
func stored(v *value) *value {
	for {
		if _, ok := v.alias(); !ok {
			return v
		}
		v = v.in[0]
	}
}

// at is the operand of a value, in the value's own shape.
func (b *builder) at(v *value) Operand {
	o, ok := b.operand[stored(v)]
	if !ok {
		panic("engine: a value has no memory")
	}
	for u := v; ; u = u.in[0] {
		offset, ok := u.alias()
		if !ok {
			break
		}
		o.Offset += offset
	}
	o.Dims = v.dims
	return o
}
