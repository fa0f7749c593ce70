package engine

import (
	"slices"

	"github.com/kolmogo/kolmogo/op"
)

// narrow leaves out rows, positions of the first axis, that are zero by construction or that nobody reads: zeros that the gradient of a slice
// puts around it move through products until they meet other rows, which then are not needed either, and slices move back to where
// the rows come from. kept are the values that must exist.
func narrow(order []*value, kept map[*value]bool) []*value {
	for changed := true; changed; {
		n := &narrower{kept: kept, readers: map[*value][]*value{}}
		for _, v := range order {
			for _, c := range v.in {
				n.readers[c] = append(n.readers[c], v)
			}
		}
		changed = false
		for _, v := range order {
			changed = n.simplify(v) || changed
			n.list = append(n.list, v)
		}
		order = prune(n.list, kept)
	}
	return order
}

// narrower is one walk over the values in order; list is what stands before the one at hand.
type narrower struct {
	kept    map[*value]bool
	readers map[*value][]*value
	list    []*value
}

// add puts a new value before the one at hand.
func (n *narrower) add(o op.Op, rows int, like *value, in ...*value) *value {
	v := &value{op: o, in: in, dtype: like.dtype, dims: like.dims.With(0, rows)}
	n.list = append(n.list, v)
	return v
}

// simplify changes v in place by the first rule that applies.
func (n *narrower) simplify(v *value) bool {
	switch o := v.op.(type) {
	case op.SliceOp:
		return n.slice(v, o)
	case op.MatMulOp:
		return n.product(v, o) || n.partly(v)
	case op.Surrounded:
		if d, from := padded(v.in[0]); d != nil {
			if inner, ok := o.Inner(from, from+rows(d), rows(v.in[0])); ok {
				v.op, v.in = inner, append([]*value{d}, v.in[1:]...)
				return true
			}
		}
	case op.Parted:
		return n.partly(v)
	case op.Binary:
		return n.tiles(v)
	}
	return false
}

func rows(v *value) int { return v.dims.At(0) }

// padded is what stands between zeros along the first axis of v, from a position on; nil if v is something else.
func padded(v *value) (inner *value, from int) {
	if o, ok := v.op.(op.PadOp); ok && o.Mode == op.PadZero && !o.Adjoint && o.Axis == 0 {
		return v.in[0], o.Before
	}
	return nil, 0
}

// slice takes slices of everything, and of what stands between zeros, for what they are.
func (n *narrower) slice(v *value, o op.SliceOp) bool {
	if o.Axis != 0 {
		return false
	}
	x := v.in[0]
	if d, from := padded(x); d != nil && o.Start >= from && o.Start+o.Len <= from+rows(d) {
		v.op, v.in = op.SliceOp{Axis: 0, Start: o.Start - from, Len: o.Len}, []*value{d}
		return true
	}
	if o.Len == rows(x) {
		v.op = op.Reshape{To: v.dims}
		return true
	}
	return false
}

// product takes the zeros out of A·B, where they come out again, and out of Aᵀ·B, where the other factor's rows beside them drop out.
func (n *narrower) product(v *value, o op.MatMulOp) bool {
	a, b := v.in[0], v.in[1]
	if a.dims.Rank() != 2 || b.dims.Rank() != 2 {
		return false
	}
	d, from := padded(a)
	switch {
	case !o.TransA && d != nil:
		inner := n.add(o, rows(d), v, d, b)
		v.op, v.in = a.op, []*value{inner}
		return true
	case o.TransA && !o.TransB && d != nil:
		v.in = []*value{d, n.add(op.SliceOp{Start: from, Len: rows(d)}, rows(d), b, b)}
		return true
	case o.TransA && !o.TransB:
		if d, from = padded(b); d != nil {
			v.in = []*value{n.add(op.SliceOp{Start: from, Len: rows(d)}, rows(d), a, a), d}
			return true
		}
	}
	return false
}

// partly leaves out rows of v before the first and behind the last of those that slices read, where nothing else reads v.
func (n *narrower) partly(v *value) bool {
	if n.kept[v] || v.dims.Rank() == 0 || len(n.readers[v]) == 0 {
		return false
	}
	from, to := rows(v), 0
	for _, r := range n.readers[v] {
		o, ok := r.op.(op.SliceOp)
		if !ok || o.Axis != 0 || r.in[0] != v {
			return false
		}
		from, to = min(from, o.Start), max(to, o.Start+o.Len)
	}
	if from >= to || to-from == rows(v) {
		return false
	}
	switch o := v.op.(type) {
	case op.MatMulOp:
		a := v.in[0]
		if o.TransA || v.dims.Rank() != 2 {
			return false
		}
		v.in = []*value{n.add(op.SliceOp{Start: from, Len: to - from}, to-from, a, a), v.in[1]}
	case op.Parted:
		part, ok := o.Part(from, to, rows(v))
		if !ok {
			return false
		}
		v.op = part
	}
	v.dims = v.dims.With(0, to-from)
	for _, r := range n.readers[v] {
		o := r.op.(op.SliceOp)
		o.Start -= from
		r.op = o
	}
	return true
}

// tiles joins a sum of values between zeros that cover the axis side by side.
func (n *narrower) tiles(v *value) bool {
	if !sum(v) || v.dims.Rank() == 0 {
		return false
	}
	var list []*value
	var collect func(x *value, top bool)
	collect = func(x *value, top bool) {
		if sum(x) && x.dims == v.dims && (top || len(n.readers[x]) == 1 && !n.kept[x]) {
			collect(x.in[0], false)
			collect(x.in[1], false)
			return
		}
		list = append(list, x)
	}
	collect(v, true)
	if slices.ContainsFunc(list, func(x *value) bool { d, _ := padded(x); return d == nil }) {
		return false
	}
	slices.SortFunc(list, func(x, y *value) int { return x.op.(op.PadOp).Before - y.op.(op.PadOp).Before })
	at := 0
	var in []*value
	for _, x := range list {
		d, from := padded(x)
		if from != at {
			return false
		}
		in, at = append(in, d), at+rows(d)
	}
	if at != rows(v) {
		return false
	}
	v.op, v.in = op.ConcatOp{Axis: 0}, in
	return true
}
