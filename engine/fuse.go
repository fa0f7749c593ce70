package engine

import (
	"slices"

	"github.com/kolmogo/kolmogo/op"
)

// group is a set of values that one step computes: a single op, or a fused chain of element-wise ones.
type group struct {
	members []*value // in topological order
	fusible bool
	first   int // smallest id of a member, bounds the searches
}

// elementwise reports whether v may be a member of a chain.
func elementwise(v *value) bool {
	switch v.op.(type) {
	case op.Unary, op.Binary, op.Broadcast:
		return true
	}
	return false
}

// fuse partitions the values that are not leaves into groups. Two groups of element-wise values over one shape are joined when
// one reads the other and no path between them leads through a third group, so the partition stays free of cycles. pairs are
// values that are made again late, each with one that it shares its operand with.
func fuse(order []*value, pairs map[*value]*value) map[*value]*group {
	of := map[*value]*group{}
	late := delay(order)
	for again, slope := range pairs {
		late[again], late[slope] = true, true
	}
	for _, v := range order {
		if v.op == nil {
			continue
		}
		g := &group{members: []*value{v}, fusible: elementwise(v), first: v.id}
		of[v] = g
		if _, stretch := v.op.(op.Broadcast); stretch || !g.fusible {
			continue // a broadcast reads another shape: it starts a chain
		}
		for _, c := range v.in {
			h := of[c]
			if h == nil || h == of[v] || !h.fusible || c.dims != v.dims || c.dtype != v.dtype {
				continue
			}
			if late[v] && !late[c] || reaches(of[v], h, of) {
				continue
			}
			join(of[v], h, of)
		}
	}
	for _, again := range order {
		slope := pairs[again]
		if slope == nil {
			continue
		}
		if g, h := of[slope], of[again]; g != h && !reaches(g, h, of) && !reaches(h, g, of) {
			join(g, h, of)
		}
	}
	return of
}

// reaches reports whether a path leads from group h through a third group into group g.
func reaches(g, h *group, of map[*value]*group) bool {
	seen := map[*group]bool{g: true}
	var stack []*group
	push := func(from *group) {
		for _, m := range from.members {
			for _, c := range m.in {
				n := of[c]
				if n == nil || seen[n] || (n == h && from == g) || lastID(n) < h.first {
					continue
				}
				seen[n] = true
				stack = append(stack, n)
			}
		}
	}
	push(g)
	for len(stack) > 0 {
		n := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		if n == h {
			return true
		}
		push(n)
	}
	return false
}

func lastID(g *group) int { return g.members[len(g.members)-1].id }

// join moves the members of h into g.
func join(g, h *group, of map[*value]*group) {
	for _, m := range h.members {
		of[m] = g
	}
	g.members = append(g.members, h.members...)
	slices.SortFunc(g.members, func(a, b *value) int { return a.id - b.id })
	g.first = min(g.first, h.first)
}

// chain builds the straight-line code of a fused group. external reports which members must be stored. It returns the values
// that are loaded and stored, in operand order.
func (g *group) chain(external func(*value) bool) (c *Chain, loads, stores []*value) {
	c = &Chain{Dims: g.members[0].dims}
	at := map[*value]int{}
	operand := map[loadKey]int{}
	load := func(v *value, strides []int) int {
		key := loadKey{v: v}
		copy(key.strides[:], strides)
		if i, ok := operand[key]; ok {
			return i
		}
		c.Loads = append(c.Loads, strides)
		loads = append(loads, v)
		c.Code = append(c.Code, Instr{Load: len(c.Loads) - 1})
		operand[key] = len(c.Code) - 1
		return len(c.Code) - 1
	}
	input := func(v *value) int {
		if i, ok := at[v]; ok {
			return i
		}
		return load(v, v.dims.Strides())
	}
	for _, m := range g.members {
		switch o := m.op.(type) {
		case op.Broadcast:
			at[m] = load(m.in[0], o.Strides(m.in[0].dims))
		case op.Unary:
			a := input(m.in[0])
			c.Code = append(c.Code, Instr{Unary: o.Fn, A: a})
			at[m] = len(c.Code) - 1
		case op.Binary:
			a, b := input(m.in[0]), input(m.in[1])
			c.Code = append(c.Code, Instr{Binary: o.Fn, A: a, B: b})
			at[m] = len(c.Code) - 1
		}
		if external(m) {
			c.Stores = append(c.Stores, at[m])
			stores = append(stores, m)
		}
	}
	return c, loads, stores
}

// loadKey identifies an operand of a chain: the same value may be read with several strides.
type loadKey struct {
	v       *value
	strides [op.MaxRank]int
}
