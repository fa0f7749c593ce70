package models

import (
	"fmt"
	"slices"

	"github.com/kolmogo/kolmogo/op"
)

// Jet is a function of m points with the derivatives of its plan, built as graph: slot s holds L_s f at every point, [m, c].
//
// A layer's matrix product takes all slots at once: slot s of point i is row s·m + i, without the slots that are zero by
// construction. Reverse mode then runs once over that product. A parameter meets the points in two ways only: as the right factor of
// such a product, or stretched over the rows by a Broadcast.
type Jet struct {
	plan  *JetPlan
	slots []op.Value // not valid: zero
	stack jetStack
}

// jetStack is the slots that are not zero as one matrix, rows [n·m, c], where there is one, but for a shift [m, c] of the first slot that
// is still to be added. A composition then takes and gives matrices, and nothing is copied between layers.
type jetStack struct{ rows, shift op.Value }

// Coordinates returns the jet of the identity at the points x [m, n]: x itself, and the directions.
func (p *JetPlan) Coordinates(x op.Value) Jet {
	j := Jet{plan: p, slots: make([]op.Value, len(p.slots))}
	j.slots[0] = x
	for i, v := range p.directions {
		if s, ok := p.at[Partial(i)]; ok && x.Valid() {
			row := x.Graph().Constant(fmt.Sprintf("direction %v %v", x.Dtype(), v), x.Dtype(), op.Of(1, len(v)), v)
			j.slots[s] = op.BroadcastTo(row, x.Dims())
		}
	}
	return j
}

// Fixed returns the jet of a function that does not depend on the point: v, and zeros.
func (p *JetPlan) Fixed(v op.Value) Jet {
	j := Jet{plan: p, slots: make([]op.Value, len(p.slots))}
	j.slots[0] = v
	return j
}

// Value returns the function itself, [m, c].
func (j Jet) Value() op.Value { return j.slots[0] }

// At returns a derivative that the plan holds, [m, c]; zeros where it vanishes by construction.
func (j Jet) At(d Derivative) op.Value {
	s, ok := j.plan.at[d]
	if !ok {
		return j.Value().Fail(fmt.Errorf("models: the jet does not carry the derivative %v", []byte(d)))
	}
	return j.slot(s)
}

// Operator returns operator i of the plan, [m, c].
func (j Jet) Operator(i int) op.Value { return j.slot(len(j.slots) - j.plan.operators + i) }

func (j Jet) slot(s int) op.Value {
	if v := j.slots[s]; v.Valid() || s == 0 {
		return v
	}
	return op.Scale(j.Value(), 0)
}

// each applies a function that is linear in the whole jet to every slot that is not zero.
func (j Jet) each(f func(op.Value) op.Value) Jet {
	out := Jet{plan: j.plan, slots: make([]op.Value, len(j.slots))}
	for s, v := range j.slots {
		if v.Valid() {
			out.slots[s] = f(v)
		}
	}
	return out
}

// stacked returns the slots that are not zero as one matrix; not valid where there are none.
func (j Jet) stacked() op.Value {
	if j.stack.rows.Valid() && !j.stack.shift.Valid() {
		return j.stack.rows
	}
	var rows []op.Value
	for _, v := range j.slots {
		if v.Valid() {
			rows = append(rows, v)
		}
	}
	if len(rows) == 0 {
		return op.Value{}
	}
	return op.Concat(0, rows...)
}

// unstack makes a jet of the rows of those slots for which there are any.
func (p *JetPlan) unstack(rows op.Value, filled []bool) Jet {
	j := Jet{p, make([]op.Value, len(filled)), jetStack{rows: rows}}
	n := 0
	for _, full := range filled {
		if full {
			n++
		}
	}
	m, at := rows.Dims().At(0)/n, 0
	for s, full := range filled {
		if full {
			j.slots[s] = op.SliceAxis(rows, 0, at, m)
			at += m
		}
	}
	return j
}

func (j Jet) filled() []bool {
	list := make([]bool, len(j.slots))
	for s, v := range j.slots {
		list[s] = v.Valid()
	}
	return list
}

// MatMul returns j·W with W [c, k]: one product of all slots' rows.
func (j Jet) MatMul(w op.Value) Jet {
	rows := j.stacked()
	if !rows.Valid() {
		return j
	}
	product := op.MatMul(rows, w, false, false)
	if !product.Valid() {
		return j
	}
	return j.plan.unstack(product, j.filled())
}

// Shift returns j + b, b stretched over the points.
func (j Jet) Shift(b op.Value) Jet {
	out := Jet{j.plan, append([]op.Value{}, j.slots...), jetStack{}}
	out.slots[0] = op.Add(j.slots[0], b)
	if j.stack.rows.Valid() && !j.stack.shift.Valid() {
		out.stack = jetStack{j.stack.rows, op.BroadcastTo(b, j.slots[0].Dims())}
	}
	return out
}

// Times returns v·j for a v that does not depend on the points' position: [c], [1] or a scalar.
func (j Jet) Times(v op.Value) Jet {
	out := j.each(func(x op.Value) op.Value { return op.Mul(x, v) })
	if j.stack.rows.Valid() {
		out.stack.rows = op.Mul(j.stack.rows, v)
		if j.stack.shift.Valid() {
			out.stack.shift = op.Mul(j.stack.shift, v)
		}
	}
	return out
}

// Scale returns c·j.
func (j Jet) Scale(c float64) Jet {
	return j.each(func(x op.Value) op.Value { return op.Scale(x, c) })
}

// Columns returns the channels from..from+n−1.
func (j Jet) Columns(from, n int) Jet {
	return j.each(func(x op.Value) op.Value { return op.SliceAxis(x, 1, from, n) })
}

// Join returns the jets' channels one after another.
func Join(jets ...Jet) Jet {
	out := Jet{plan: jets[0].plan, slots: make([]op.Value, len(jets[0].slots))}
	for s := range out.slots {
		list := make([]op.Value, len(jets))
		for i, j := range jets {
			list[i] = j.slot(s)
		}
		if slices.ContainsFunc(jets, func(j Jet) bool { return j.slots[s].Valid() }) {
			out.slots[s] = op.Concat(1, list...)
		}
	}
	return out
}

// Add returns j + k.
func (j Jet) Add(k Jet) Jet { return j.combine(k, op.Add, func(v op.Value) op.Value { return v }) }

// Sub returns j − k.
func (j Jet) Sub(k Jet) Jet { return j.combine(k, op.Sub, op.Neg) }

func (j Jet) combine(k Jet, both func(a, b op.Value) op.Value, only func(op.Value) op.Value) Jet {
	out := Jet{plan: j.plan, slots: make([]op.Value, len(j.slots))}
	for s, a := range j.slots {
		switch b := k.slots[s]; {
		case a.Valid() && b.Valid():
			out.slots[s] = both(a, b)
		case a.Valid():
			out.slots[s] = a
		case b.Valid():
			out.slots[s] = only(b)
		}
	}
	return out
}

// Mul returns j·k by the product rule, element by element.
func (j Jet) Mul(k Jet) Jet {
	out := Jet{plan: j.plan, slots: make([]op.Value, len(j.slots))}
	for s, terms := range j.plan.leibniz {
		var sum op.Value
		for _, t := range terms {
			if a, b := j.slots[t.a], k.slots[t.b]; a.Valid() && b.Valid() {
				sum = accumulate(sum, t.c, op.Mul(a, b))
			}
		}
		out.slots[s] = sum
	}
	return out
}

// Compose returns f(j) by the chain rule.
func (j Jet) Compose(f JetFunc) Jet {
	out := Jet{plan: j.plan, slots: make([]op.Value, len(j.slots))}
	if !j.slots[0].Valid() {
		return j
	}
	if f.Fused != 0 && j.stack.rows.Valid() {
		return j.fuse(f.Fused)
	}
	y := f.Derivatives(j.slots[0], j.degree())
	out.slots[0] = y[0]
	for s, terms := range j.plan.chain {
		if s == 0 {
			continue
		}
		var sum op.Value
		for _, t := range terms {
			if v, ok := j.product(t.blocks); ok && y[len(t.blocks)].Valid() {
				sum = accumulate(sum, t.c, op.Mul(y[len(t.blocks)], v))
			}
		}
		out.slots[s] = sum
	}
	return out
}

// fuse returns f(j) as one op on the stack.
func (j Jet) fuse(f op.JetFunction) Jet {
	position, in := make([]int, len(j.slots)), 0
	for s, v := range j.slots {
		position[s] = in
		if v.Valid() {
			in++
		}
	}
	filled := make([]bool, len(j.slots))
	filled[0] = true
	out := 1
	list := []op.JetTerm{{C: 1}} // of the function itself
	for s, terms := range j.plan.chain {
		for _, t := range terms {
			if s == 0 || !j.nonzero(t.blocks) {
				continue
			}
			if !filled[s] {
				filled[s] = true
				out++
			}
			term := op.JetTerm{Slot: out - 1, C: t.c}
			for _, b := range t.blocks {
				term.Blocks = append(term.Blocks, position[b])
			}
			list = append(list, term)
		}
	}
	inputs := []op.Value{j.stack.rows}
	if j.stack.shift.Valid() {
		inputs = append(inputs, j.stack.shift)
	}
	rows := op.Apply(op.JetOp{Fn: f, Rules: op.MakeJetRules(in, out, list)}, inputs...)
	if !rows.Valid() {
		return j
	}
	return j.plan.unstack(rows, filled)
}

// degree is the highest derivative of a function that a composition with j reads.
func (j Jet) degree() int {
	k := 0
	for _, terms := range j.plan.chain {
		for _, t := range terms {
			if len(t.blocks) > k && j.nonzero(t.blocks) {
				k = len(t.blocks)
			}
		}
	}
	return k
}

func (j Jet) nonzero(slots []int) bool {
	for _, s := range slots {
		if !j.slots[s].Valid() {
			return false
		}
	}
	return true
}

// product multiplies slots; false where one of them is zero.
func (j Jet) product(slots []int) (op.Value, bool) {
	if !j.nonzero(slots) {
		return op.Value{}, false
	}
	v := j.slots[slots[0]]
	for _, s := range slots[1:] {
		v = op.Mul(v, j.slots[s])
	}
	return v, true
}

// accumulate returns sum + c·v, where a sum that is not valid is zero.
func accumulate(sum op.Value, c float64, v op.Value) op.Value {
	if c != 1 {
		v = op.Scale(v, c)
	}
	if !sum.Valid() {
		return v
	}
	return op.Add(sum, v)
}
