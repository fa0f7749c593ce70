package op

import "fmt"

// leading is d behind an axis of length n.
func (d Dims) leading(n int) Dims { return Of(append([]int{n}, d.Slice()...)...) }

// pull takes the cotangents c [m, shape of v] of a function v of parameters alone back to the parameters: the gradient rules of its
// ops for m adjoints at once.
func (s *rowSweep) pull(v, c Value) error {
	if !c.Valid() {
		return v.g.err
	}
	o, in, err := v.Def()
	if err != nil || !s.pure[v] {
		return err
	}
	all := func(x Value) Value {
		return BroadcastTo(ReshapeTo(x, x.Dims().leading(1)), x.Dims().leading(s.rows))
	}
	switch f := o.(type) {
	case nil:
		if old := s.blocks[v]; old.Valid() {
			c = Add(old, c)
		}
		s.blocks[v] = c
		return c.g.err
	case Reshape:
		return s.pull(in[0], ReshapeTo(c, in[0].Dims().leading(s.rows)))
	case Broadcast:
		x := in[0].Dims()
		lead := f.To.n - x.n
		var axes Axes
		for i := range f.To.n {
			if i < lead || x.len[i-lead] == 1 && f.To.len[i] != 1 {
				axes |= 1 << (i + 1)
			}
		}
		return s.pull(in[0], ReshapeTo(SumOver(c, axes), x.leading(s.rows)))
	case Unary:
		return s.pull(in[0], f.Fn.Diff(all(in[0]), all(v), c))
	case Binary:
		dx, dy := f.Fn.Diff(all(in[0]), all(in[1]), all(v), c)
		if err := s.pull(in[0], dx); err != nil {
			return err
		}
		return s.pull(in[1], dy)
	}
	return fmt.Errorf("op: jacobian: %s of parameters alone: known are element-wise functions, broadcasts and reshapes", nameOf(o))
}
