package engine

import (
	"maps"

	"github.com/kolmogo/kolmogo/op"
)

// foldLimit is the largest result, in elements, that folding may make out of smaller inputs.
const foldLimit = 1 << 14

// value is a node of the program under construction.
type value struct {
	id    int
	op    op.Op    // nil for leaves
	in    []*value // inputs of op
	dtype op.Dtype
	dims  op.Dims
	leaf  op.Leaf // of a leaf; a folded node becomes a Constant leaf
	adds  bool    // op is a product that is added, in place, to the last input
}

// bytes is the size of the value.
func (v *value) bytes() int { return v.dims.Size() * v.dtype.Size() }

func (v *value) constant() bool { return v.op == nil && v.leaf.Kind == op.Constant }

// fold builds the values of all nodes that the outputs need and replaces those that depend on constants only.
// The result is in topological order, without unused values; kept are those of the outputs.
func fold(roots []op.Value) (order []*value, at map[op.Value]*value, kept map[*value]bool, err error) {
	nodes, err := op.Topological(roots...)
	if err != nil {
		return nil, nil, nil, err
	}
	at = map[op.Value]*value{}
	for _, n := range nodes {
		o, in, err := n.Def()
		if err != nil {
			return nil, nil, nil, err
		}
		v := &value{op: o, dtype: n.Dtype(), dims: n.Dims()}
		if o == nil {
			v.leaf, _ = n.Leaf()
		}
		for _, c := range in {
			v.in = append(v.in, at[c])
		}
		v.evaluate()
		at[n] = v
		order = append(order, v)
	}
	kept = map[*value]bool{}
	for _, r := range roots {
		kept[at[r]] = true
	}
	return prune(order, kept), at, kept, nil
}

// prune drops values that no root reaches and renumbers the rest.
func prune(order []*value, roots map[*value]bool) []*value {
	live := maps.Clone(roots)
	for i := len(order) - 1; i >= 0; i-- {
		if live[order[i]] {
			for _, c := range order[i].in {
				live[c] = true
			}
		}
	}
	var kept []*value
	for _, v := range order {
		if live[v] {
			v.id = len(kept)
			kept = append(kept, v)
		}
	}
	return kept
}

// evaluate turns v into a constant when all its inputs are and the result is small.
func (v *value) evaluate() {
	if v.op == nil || len(v.in) == 0 {
		return
	}
	size := 0
	arrays := make([]op.Array, len(v.in))
	for i, c := range v.in {
		if !c.constant() {
			return
		}
		arrays[i] = op.Array{Dims: c.dims, Data: c.leaf.Data}
		size = max(size, c.dims.Size())
	}
	if n := v.dims.Size(); n > foldLimit && n > size {
		return
	}
	out := op.NewArray(v.dims)
	v.op.Eval(out, arrays...)
	for i, x := range out.Data {
		out.Data[i] = round(v.dtype, x)
	}
	v.op, v.in = nil, nil
	v.leaf = op.Leaf{Kind: op.Constant, Dtype: v.dtype, Dims: v.dims, Data: out.Data}
}
