package engine

import "github.com/kolmogo/kolmogo/op"

// uncouple gives every element-wise reader of a broadcast a copy of its own. A broadcast inside a chain costs nothing, since it
// is only a way to load; shared, it would tie the chains of unrelated values together.
func uncouple(order []*value) []*value {
	var list []*value
	for _, v := range order {
		if elementwise(v) {
			for i, c := range v.in {
				if _, stretch := c.op.(op.Broadcast); stretch {
					own := *c
					list, v.in[i] = append(list, &own), &own
				}
			}
		}
		list = append(list, v)
	}
	return list
}

// spread turns the outer product of two vectors, in whatever shape it is read, into a product of broadcasts where something element-wise
// reads it: part of a chain, where nothing is stored.
func spread(order []*value, kept map[*value]bool) []*value {
	only := map[*value]*value{} // the reader of a value that has one
	chained := map[*value]bool{}
	for _, v := range order {
		for _, c := range v.in {
			chained[c] = chained[c] || elementwise(v)
			if _, seen := only[c]; seen {
				only[c] = nil
			} else {
				only[c] = v
			}
		}
	}
	reshaped := func(p *value) *value { // the one shape in which p is read; p itself if there is no other
		if r := only[p]; r != nil && !kept[p] && root(r) == p && r.dims.Rank() > 0 && r.dims.At(-1) == p.dims.At(-1) {
			return r
		}
		return p
	}
	var list []*value
	for _, v := range order {
		p := v
		if _, shape := v.op.(op.Reshape); shape {
			p = v.in[0]
		}
		o, ok := p.op.(op.MatMulOp)
		if !ok || reshaped(p) != v || !chained[v] {
			list = append(list, v)
			continue
		}
		batch, _, n, k := o.Sizes(p.in[0].dims, p.in[1].dims)
		if batch != 1 || k != 1 {
			list = append(list, v)
			continue
		}
		derived := func(o op.Op, in *value, d op.Dims) *value {
			w := &value{op: o, in: []*value{in}, dtype: v.dtype, dims: d}
			list = append(list, w)
			return w
		}
		column, row := v.dims.With(-1, 1), op.Of(n)
		a := derived(op.Reshape{To: column}, p.in[0], column)
		b := derived(op.Reshape{To: row}, p.in[1], row)
		v.in = []*value{derived(op.Broadcast{To: v.dims}, a, v.dims), derived(op.Broadcast{To: v.dims}, b, v.dims)}
		v.op = op.Binary{Fn: op.MulFunc{}}
		list = append(list, v)
	}
	return list
}

// accumulate turns x + A·B into one product that is added to x in place, and x + (A·B + b) into that plus b, where nothing else
// reads x or A·B. kept are the values that must exist on their own.
func accumulate(order []*value, kept map[*value]bool) []*value {
	readers := map[*value]int{}
	for _, v := range order {
		for _, c := range v.in {
			readers[c]++
		}
	}
	single := func(v *value) bool { return readers[v] == 1 && !kept[v] && v.op != nil }
	target := func(x, v *value) bool {
		switch x.op.(type) {
		case op.Broadcast, op.Reshape, op.SliceOp, op.DetachOp:
			return false
		}
		return single(x) && x.dims == v.dims
	}
	moved := map[*value]*value{} // a product that now reads x → the sum before which it stands
	for _, v := range order {
		for i := 0; i < 2 && sum(v); i++ {
			x, y := v.in[1-i], v.in[i]
			switch {
			case !target(x, v):
			case !kept[v] && single(y) && product(root(y)) && single(root(y)):
				p := root(y)
				v.op, v.in, v.adds = p.op, []*value{p.in[0], p.in[1], x}, true
			case sum(y) && single(y):
				for j, c := range y.in {
					if p, b := root(c), y.in[1-j]; single(c) && product(p) && single(p) {
						y.op, y.in, y.adds = p.op, []*value{p.in[0], p.in[1], x}, true
						v.in = []*value{y, b}
						moved[y] = v
						break
					}
				}
			}
		}
	}
	var list []*value
	before := map[*value]*value{}
	for y, v := range moved {
		before[v] = y
	}
	for _, v := range order {
		if moved[v] != nil {
			continue
		}
		if y := before[v]; y != nil {
			list = append(list, y)
		}
		list = append(list, v)
	}
	return list
}

func sum(v *value) bool {
	add, ok := v.op.(op.Binary)
	return ok && add.Fn == op.AddFunc{}
}

func product(v *value) bool {
	_, ok := v.op.(op.MatMulOp)
	return ok && !v.adds
}

// root follows reshapes.
func root(v *value) *value {
	for {
		if _, ok := v.op.(op.Reshape); !ok {
			return v
		}
		v = v.in[0]
	}
}
