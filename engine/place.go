package engine

import (
	"fmt"

	"github.com/kolmogo/kolmogo/op"
)

// placeVariables declares the variables in the store.
func (b *builder) placeVariables() error {
	var leaves []op.Leaf
	for _, v := range b.order {
		if v.op == nil && v.leaf.Kind == op.Variable {
			leaves = append(leaves, v.leaf)
		}
	}
	if err := b.store.declare(leaves); err != nil {
		return err
	}
	for _, v := range b.order {
		if v.op == nil && v.leaf.Kind == op.Variable {
			b.operand[v], _ = b.store.Var(v.leaf.Name)
		}
	}
	return nil
}

func (b *builder) placeConstants() (bytes int, err error) {
	var list []*value
	for _, v := range b.order {
		if v.constant() {
			b.operand[v] = Operand{Offset: bytes, Dtype: v.dtype, Dims: v.dims}
			bytes += align(v.dims.Size() * v.dtype.Size())
			list = append(list, v)
		}
	}
	if bytes == 0 {
		return 0, nil
	}
	mem, err := b.store.backend.Alloc(bytes)
	if err != nil {
		return 0, fmt.Errorf("engine: %d bytes of constants: %w", bytes, err)
	}
	for _, v := range list {
		o := b.operand[v]
		o.Memory = mem
		b.operand[v] = o
		if err := write(o, v.leaf.Data); err != nil {
			return 0, err
		}
	}
	return bytes, nil
}

// placeUpdates lets the step that makes a variable's new value write it in place where every read of the old value comes before,
// or in the same chain at the same element; it returns the updates that need a copy at the end.
func (b *builder) placeUpdates() (copies []update) {
	for _, u := range b.updates {
		g := b.group[u.value]
		_, taken := b.operand[u.value]
		if g == nil || taken || !b.inPlace(u, g) {
			copies = append(copies, u)
			continue
		}
		b.operand[u.value] = b.operand[u.variable]
	}
	return copies
}

func (b *builder) inPlace(u update, g *group) bool {
	at, isStep := b.step[g]
	if !isStep {
		return false
	}
	for _, r := range b.reads[u.variable] {
		if r > at || (r == at && !g.fusible) {
			return false
		}
	}
	for _, other := range b.updates { // another update still needs the old value at the end
		if stored(other.value) == u.variable {
			return false
		}
	}
	for _, m := range g.members {
		for _, c := range m.in {
			if _, stretched := m.op.(op.Broadcast); stored(c) == u.variable && (stretched || c.dims != u.value.dims) {
				return false
			}
		}
	}
	return true
}
