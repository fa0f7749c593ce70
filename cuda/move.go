//go:build gpu

package cuda

import (
	"gorgonia.org/cu"

	"github.com/kolmogo/kolmogo/engine"
	"github.com/kolmogo/kolmogo/op"
)

// copy: out = x.
func (l *lowering) copy(s engine.Step) error {
	flat := []int{s.Out[0].Dims.Size()}
	return l.move(s.Out[0].Dtype, flat, pointer(s.In[0]), []int{1}, pointer(s.Out[0]), []int{1})
}

// move: out[to(i)] = in[from(i)] over an index space, the strides counted in elements.
func (l *lowering) move(t op.Dtype, lens []int, in cu.DevicePtr, from []int, out cu.DevicePtr, to []int) error {
	a := join(lens, from, to)
	n := a[0].size()
	if n == 0 {
		return nil
	}
	return l.each("move", "move", t, n, record(a[0]), record(a[1]), in, out, uint32(n))
}

// cast: out = x in the output's dtype.
func (l *lowering) cast(s engine.Step) error {
	if s.In[0].Dtype == s.Out[0].Dtype {
		return l.copy(s)
	}
	n := s.Out[0].Dims.Size()
	return l.each("move", "cast", s.Out[0].Dtype, n, pointer(s.In[0]), pointer(s.Out[0]), uint32(n))
}

// transpose: axis i of out is axis Perm[i] of x. What amounts to exchanging two axes for each index of a first one goes by tiles.
func (l *lowering) transpose(s engine.Step, o op.TransposeOp) error {
	d, t := s.Out[0].Dims, s.Out[0].Dtype
	in := s.In[0].Dims.Strides()
	from := make([]int, d.Rank())
	for i := range from {
		from[i] = in[o.Perm.At(i)]
	}
	a := newAxes(d.Slice(), from)
	n := d.Size()
	batch, columns, rows := 0, 0, 0 // of x
	switch {
	case a.Rank == 2 && a.Stride[0] == 1:
		batch, columns, rows = 1, int(a.Len[0]), int(a.Len[1])
	case a.Rank == 3 && a.Stride[1] == 1 && a.Stride[0] == int64(a.Len[1]*a.Len[2]):
		batch, columns, rows = int(a.Len[0]), int(a.Len[1]), int(a.Len[2])
	}
	if batch > 0 && rows >= 16 && columns >= 16 {
		blocks := batch * ((rows + 31) / 32) * ((columns + 31) / 32)
		return l.launch("move", "transpose", t, blocks, threads, pointer(s.In[0]), pointer(s.Out[0]), uint32(rows), uint32(columns))
	}
	if n == 0 {
		return nil
	}
	return l.move(t, d.Slice(), pointer(s.In[0]), from, pointer(s.Out[0]), d.Strides())
}

// slice: out = x[.., Start : Start+Len, ..].
func (l *lowering) slice(s engine.Step, o op.SliceOp) error {
	from, t := s.In[0].Dims.Strides(), s.Out[0].Dtype
	start := cu.DevicePtr(o.Start * from[o.Axis] * t.Size())
	return l.move(t, s.Out[0].Dims.Slice(), pointer(s.In[0])+start, from, pointer(s.Out[0]), s.Out[0].Dims.Strides())
}

// concat: out = the inputs one after another along an axis, a launch for each.
func (l *lowering) concat(s engine.Step, o op.ConcatOp) error {
	to, t, at := s.Out[0].Dims.Strides(), s.Out[0].Dtype, 0
	for _, x := range s.In {
		start := cu.DevicePtr(at * to[o.Axis] * t.Size())
		if err := l.move(t, x.Dims.Slice(), pointer(x), x.Dims.Strides(), pointer(s.Out[0])+start, to); err != nil {
			return err
		}
		at += x.Dims.At(o.Axis)
	}
	return nil
}

// pad is struct Pad of move.cu.
func (l *lowering) pad(s engine.Step, o op.PadOp) error {
	small, big, name := s.In[0].Dims, s.Out[0].Dims, "pad"
	if o.Adjoint {
		small, big, name = big, small, "pad_adjoint"
	}
	p := struct{ Mode, Small, Big, Before, Tail int32 }{
		int32(o.Mode), int32(small.At(o.Axis)), int32(big.At(o.Axis)), int32(o.Before), int32(big.Span(o.Axis+1, big.Rank())),
	}
	n := s.Out[0].Dims.Size()
	return l.each("move", name, s.Out[0].Dtype, n, record(p), pointer(s.In[0]), pointer(s.Out[0]), uint32(n))
}
