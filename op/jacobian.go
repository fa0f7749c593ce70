package op

import (
	"fmt"
	"slices"
)

// Jacobian returns J[i, q] = ∂r_i/∂θ_q for independent points: r [m] or [m, 1], where r_i may depend on the rows i, m + i, 2m + i, … of
// every matrix that a parameter meets (value and derivative directions of point i) and on no others. θ is the parameters one after
// another, each flattened; J is [m, Σ sizes].
//
// One reverse sweep of Σ r gives the adjoint δ of every product y = x·W; since point i alone reaches row i of it, the block of W
// is Σ_d x_d ⊗ δ_d, a RowOuter. A parameter that is broadcast over the rows is a product with ones. Functions of parameters
// alone (a factorised weight, the exponential of a coefficient) are differentiated for all rows at once.
// It may be called for any number of residuals of a graph.
func Jacobian(r Value, params ...Value) Value {
	g := r.g
	if g.err != nil {
		return Value{g: g}
	}
	m := r.Dims().Size()
	if d := r.Dims(); m < 1 || d.n != 1 && (d.n != 2 || d.len[1] != 1) {
		return r.fail(fmt.Errorf("op: jacobian of rows of shape %v: want [m] or [m, 1]", d))
	}
	s := &rowSweep{rows: m, pure: map[Value]bool{}, uses: map[Value][]rowUse{}, blocks: map[Value]Value{}}
	if err := s.run(r, params); err != nil {
		return r.fail(err)
	}
	return s.assemble(g, r.Dtype(), params)
}

// rowSweep collects how the rows depend on values of parameters alone.
type rowSweep struct {
	rows   int
	pure   map[Value]bool     // values that depend on parameters and on nothing fed
	uses   map[Value][]rowUse // of those, by a row-wise product
	order  []Value            // the used ones, in the order in which they were met
	blocks map[Value]Value    // cotangents [m, size] of parameters that are functions' arguments
}

// rowUse is a block Σ_d a_d ⊗ b_d.
type rowUse struct{ a, b Value }

// run sweeps back from Σ r through every value that depends on both points and parameters.
func (s *rowSweep) run(r Value, params []Value) error {
	order, err := Topological(r)
	if err != nil {
		return err
	}
	mixed := map[Value]bool{}
	for _, v := range order {
		o, in, err := v.Def()
		if err != nil {
			return err
		}
		if l, leaf := v.Leaf(); leaf {
			s.pure[v] = slices.Contains(params, v)
			mixed[v] = !s.pure[v] && (l.Kind == Input || l.Dims.n == 2 && l.Dims.len[0]%s.rows == 0)
			continue
		}
		fed := false
		for i, c := range in {
			if sel, ok := o.(Selective); ok && !sel.Differentiable(i) {
				fed = true
				continue
			}
			s.pure[v] = s.pure[v] || s.pure[c]
			fed = fed || mixed[c]
		}
		mixed[v] = fed
		s.pure[v] = s.pure[v] && !fed
	}
	active := map[Value]bool{} // depends on parameters, and on points
	for _, v := range order {
		_, in, _ := v.Def()
		for _, c := range in {
			active[v] = active[v] || active[c] || s.pure[c] && !s.pure[v]
		}
	}
	adjoint := map[Value]Value{r: ones(r, r.Dims())}
	for i := len(order) - 1; i >= 0; i-- {
		v := order[i]
		dv, reached := adjoint[v]
		if !reached || !active[v] {
			continue
		}
		o, in, _ := v.Def()
		grads := o.Grad(in, v, dv)
		for j, c := range in {
			switch {
			case s.pure[c]:
				if err := s.use(o, in, j, dv, grads[j]); err != nil {
					return err
				}
			case active[c] && grads[j].Valid():
				if old, ok := adjoint[c]; ok {
					adjoint[c] = Add(old, grads[j])
				} else {
					adjoint[c] = grads[j]
				}
			}
		}
	}
	return r.g.err
}

// use records how the op o, with the adjoint dv of its result, reads in[j], a value of parameters alone.
func (s *rowSweep) use(o Op, in []Value, j int, dv, grad Value) error {
	c := in[j]
	if p, ok := o.(MatMulOp); ok && j == 1 && !p.TransA && c.Dims().n == 2 {
		if p.TransB {
			return s.record(c, dv, in[0])
		}
		return s.record(c, in[0], dv)
	}
	stretch, from, err := c.Def()
	for _, shape := stretch.(Reshape); shape && err == nil; _, shape = stretch.(Reshape) {
		stretch, from, err = from[0].Def()
	}
	if err != nil {
		return err
	}
	if _, ok := stretch.(Broadcast); !ok || !grad.Valid() {
		return fmt.Errorf("op: jacobian: a parameter of shape %v enters %s: known are products x·W and broadcasts over the points", c.Dims(), nameOf(o))
	}
	w := from[0]
	size, total := w.Dims().Size(), grad.Dims().Size()
	if size == 1 { // stretched over the channels too
		row := total / s.rows
		if grad.Dims().n > 1 {
			row = grad.Dims().At(-1)
		}
		grad = SumOver(ReshapeTo(grad, Of(total/row, row)), AxisSet(1))
		total /= row
	} else if grad.Dims().At(-1) != size {
		return fmt.Errorf("op: jacobian: a parameter of shape %v is stretched to %v: only the last axis may be its own", w.Dims(), grad.Dims())
	}
	return s.record(w, ones(grad, Of(total/size, 1)), ReshapeTo(grad, Of(total/size, size)))
}

// ones returns ones of shape d beside v.
func ones(v Value, d Dims) Value {
	data := make([]float64, d.Size())
	for i := range data {
		data[i] = 1
	}
	return v.g.Constant(fmt.Sprintf("ones %v %v", v.Dtype(), d), v.Dtype(), d, data)
}

func (s *rowSweep) record(w, a, b Value) error {
	if n := a.Dims().At(0); n%s.rows != 0 {
		return fmt.Errorf("op: jacobian: a parameter of shape %v meets %d rows, no multiple of %d points", w.Dims(), n, s.rows)
	}
	if s.uses[w] == nil {
		s.order = append(s.order, w)
	}
	s.uses[w] = append(s.uses[w], rowUse{a, b})
	return a.g.err
}

// pair joins the uses of a value along their rows.
func (s *rowSweep) pair(w Value) (a, b Value) {
	var as, bs []Value
	for _, u := range s.uses[w] {
		as, bs = append(as, u.a), append(bs, u.b)
	}
	return Concat(0, as...), Concat(0, bs...)
}

// assemble makes the Jacobian of what was collected.
func (s *rowSweep) assemble(g *Graph, t Dtype, params []Value) Value {
	direct := true
	for _, w := range s.order {
		if _, leaf := w.Leaf(); leaf {
			continue
		}
		direct = false
		a, b := s.pair(w)
		if err := s.pull(w, ReshapeTo(RowOuter(s.rows, a, b), w.Dims().leading(s.rows))); err != nil {
			return g.fail(err)
		}
	}
	var pairs, blocks []Value
	for _, p := range params {
		size := p.Dims().Size()
		if s.uses[p] == nil && !s.blocks[p].Valid() {
			d := Of(s.rows, size)
			zero := g.Constant(fmt.Sprintf("zeros %v %v", t, d), t, d, make([]float64, d.Size()))
			pairs, blocks = append(pairs, SliceAxis(zero, 1, 0, 1), zero), append(blocks, zero)
			continue
		}
		var block Value
		if s.uses[p] != nil {
			a, b := s.pair(p)
			pairs = append(pairs, a, b)
			if !direct {
				block = RowOuter(s.rows, a, b)
			}
		}
		if pulled := s.blocks[p]; pulled.Valid() {
			pulled = ReshapeTo(pulled, Of(s.rows, size))
			if block.Valid() {
				pulled = Add(block, pulled)
			}
			block = pulled
		}
		blocks = append(blocks, block)
	}
	if direct {
		return RowOuter(s.rows, pairs...)
	}
	return Concat(1, blocks...)
}
