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
}

// Coordinates returns the jet of the identity at the points x [m, n]: x itself, and the directions.
func (p *JetPlan) Coordinates(x op.Value) Jet {
	j := Jet{p, make([]op.Value, len(p.slots))}
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
	j := Jet{p, make([]op.Value, len(p.slots))}
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
	out := Jet{j.plan, make([]op.Value, len(j.slots))}
	for s, v := range j.slots {
		if v.Valid() {
			out.slots[s] = f(v)
		}
	}
	return out
}

// MatMul returns j·W with W [c, k]: one product of all slots' rows.
func (j Jet) MatMul(w op.Value) Jet {
	var rows []op.Value
	for _, v := range j.slots {
		if v.Valid() {
			rows = append(rows, v)
		}
	}
	if len(rows) == 0 {
		return j
	}
	m := rows[0].Dims().At(0)
	product := op.MatMul(op.Concat(0, rows...), w, false, false)
	at := 0
	return j.each(func(op.Value) op.Value {
		at += m
		return op.SliceAxis(product, 0, at-m, m)
	})
}

// Shift returns j + b, b stretched over the points.
func (j Jet) Shift(b op.Value) Jet {
	out := Jet{j.plan, append([]op.Value{}, j.slots...)}
	out.slots[0] = op.Add(j.slots[0], b)
	return out
}

// Times returns v·j for a v that does not depend on the points' position: [c], [1] or a scalar.
func (j Jet) Times(v op.Value) Jet {
	return j.each(func(x op.Value) op.Value { return op.Mul(x, v) })
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
	out := Jet{jets[0].plan, make([]op.Value, len(jets[0].slots))}
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
	out := Jet{j.plan, make([]op.Value, len(j.slots))}
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
	out := Jet{j.plan, make([]op.Value, len(j.slots))}
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
	out := Jet{j.plan, make([]op.Value, len(j.slots))}
	if !j.slots[0].Valid() {
		return j
	}
	y := f(j.slots[0], j.degree())
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
