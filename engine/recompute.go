package engine

import (
	"slices"

	"github.com/kolmogo/kolmogo/op"
)

// recomputeBytes is the size from which an activation and its slope are made again from their operand where the gradient reads them,
// instead of both being stored from the forward pass: beyond the last cache, moving two tensors costs as much as making them.
const recomputeBytes = 12 << 20

// recompute gives every activation of limit bytes or more that is read early, and again where its slope is wanted or later, a copy for
// the late readers: those that the slope's readers do not depend on, such as the gradient of the weights that the activation met. It returns the new order and, for each copy, the slope that it should be made together with.
func recompute(order []*value, kept map[*value]bool, limit int) (list []*value, pair map[*value]*value) {
	readers := map[*value][]*value{} // but for reshapes: the readers of those
	for _, v := range order {
		if _, shape := v.op.(op.Reshape); shape {
			continue
		}
		for _, c := range v.in {
			if r := root(c); !slices.Contains(readers[r], v) {
				readers[r] = append(readers[r], v)
			}
		}
	}
	pair = map[*value]*value{}
	before := map[*value][]*value{} // copies, by the value that they stand before
	for _, v := range order {
		slope := lateSlope(v, readers)
		if slope == nil || kept[v] || kept[v.in[0]] || v.bytes() < limit {
			continue
		}
		early := ancestors(readers[slope])
		again := &value{id: v.id, op: v.op, in: v.in, dtype: v.dtype, dims: v.dims}
		var first *value
		for _, u := range readers[v] {
			if early[u] {
				continue
			}
			for i, c := range u.in {
				switch {
				case c == v:
					u.in[i] = again
				case root(c) == v:
					u.in[i] = &value{id: v.id, op: op.Reshape{To: c.dims}, in: []*value{again}, dtype: c.dtype, dims: c.dims}
					before[u] = append(before[u], u.in[i])
				}
			}
			if first == nil || u.id < first.id {
				first = u
			}
		}
		if first == nil {
			continue
		}
		before[first] = append([]*value{again}, before[first]...)
		pair[again] = slope
	}
	for _, v := range order {
		list = append(append(list, before[v]...), v)
	}
	return list, pair
}

// ancestors are the values that some values depend on.
func ancestors(of []*value) map[*value]bool {
	seen := map[*value]bool{}
	stack := slices.Clone(of)
	for len(stack) > 0 {
		v := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		for _, c := range v.in {
			if !seen[c] {
				seen[c] = true
				stack = append(stack, c)
			}
		}
	}
	return seen
}

// lateSlope is another function of the operand of v, an activation, which is read only by what depends on v through more than
// element-wise functions: the slope, in the backward pass. nil if there is none.
func lateSlope(v *value, readers map[*value][]*value) *value {
	if _, ok := v.op.(op.Unary); !ok || v.in[0].op == nil || root(v.in[0]) != v.in[0] {
		return nil
	}
	for _, s := range readers[v.in[0]] {
		o, ok := s.op.(op.Unary)
		if !ok || s == v {
			continue
		}
		if _, affine := o.Fn.(op.AffineFunc); affine {
			continue
		}
		late := len(readers[s]) > 0
		for _, u := range readers[s] {
			late = late && elementwise(u) && u.dims == s.dims && detour(v, u)
		}
		if late {
			return s
		}
	}
	return nil
}

// delay marks cheap functions of one stored value that are only wanted much later, such as the slope 1 − y² of a tanh y: they are
// computed where they are read instead of being stored. late holds them.
func delay(order []*value) (late map[*value]bool) {
	readers := map[*value][]*value{}
	for _, v := range order {
		for _, c := range v.in {
			readers[c] = append(readers[c], v)
		}
	}
	late = map[*value]bool{}
	cheap := polynomials(order)
	for i := len(order) - 1; i >= 0; i-- {
		v := order[i]
		source := cheap[v].of
		if source == nil || len(readers[v]) == 0 {
			continue
		}
		late[v] = true
		for _, u := range readers[v] {
			if !late[u] && !(elementwise(u) && u.dims == v.dims && detour(source, u)) {
				delete(late, v)
				break
			}
		}
	}
	return late
}

// polynomial is a value as a polynomial of one other, in so many operations.
type polynomial struct {
	of         *value
	operations int
}

// cheapOperations is the most that are made again rather than stored.
const cheapOperations = 4

// polynomials are the values that sums, differences, products and affine functions make of one stored value in few operations.
func polynomials(order []*value) map[*value]polynomial {
	all := map[*value]polynomial{}
	for _, v := range order {
		if p := asPolynomial(v, all); p.of != nil && p.operations <= cheapOperations {
			all[v] = p
		}
	}
	return all
}

func asPolynomial(v *value, known map[*value]polynomial) polynomial {
	switch o := v.op.(type) {
	case op.Unary:
		if _, ok := o.Fn.(op.AffineFunc); !ok {
			return polynomial{}
		}
	case op.Binary:
		switch o.Fn.(type) {
		case op.AddFunc, op.SubFunc, op.MulFunc:
		default:
			return polynomial{}
		}
	default:
		return polynomial{}
	}
	p := polynomial{operations: 1}
	for _, c := range v.in {
		of := c
		if deeper, ok := known[c]; ok {
			of, p.operations = deeper.of, p.operations+deeper.operations
		}
		if of.op == nil || !elementwise(of) || p.of != nil && of != p.of {
			return polynomial{}
		}
		p.of = of
	}
	return p
}

// detour reports whether u depends on c through a value that is not element-wise, u included.
func detour(c, u *value) bool {
	type state struct {
		v       *value
		through bool
	}
	seen := map[state]bool{}
	var visit func(v *value, through bool) bool
	visit = func(v *value, through bool) bool {
		if v == c {
			return through
		}
		through = through || !elementwise(v)
		if v.id < c.id || seen[state{v, through}] {
			return false
		}
		seen[state{v, through}] = true
		for _, w := range v.in {
			if visit(w, through) {
				return true
			}
		}
		return false
	}
	return visit(u, false)
}
