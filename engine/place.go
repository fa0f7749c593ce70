package engine

import (
	"fmt"

	"github.com/kolmogo/kolmogo/op"
)

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
		write(o, v.leaf.Data)
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
	for _, o := range b.outputs {
		if root(o) == u.variable {
			return false
		}
	}
	for _, other := range b.updates { // another update still needs the old value at the end
		if root(other.value) == u.variable {
			return false
		}
	}
	for _, m := range g.members {
		for _, c := range m.in {
			if _, stretched := m.op.(op.Broadcast); root(c) == u.variable && (stretched || c.dims != u.value.dims) {
				return false
			}
		}
	}
	return true
}

// placeArena gives memory to inputs and to every value that another step, an output or an update reads.
func (b *builder) placeArena() (bytes int, err error) {
	end := len(b.list)
	last := map[*value]int{}
	for v, steps := range b.reads {
		last[v] = steps[len(steps)-1]
	}
	for _, v := range b.outputs {
		last[root(v)] = end
	}
	for _, u := range b.updates {
		last[root(u.value)] = end
	}
	var buffers []*buffer
	var values []*value
	for _, v := range b.order {
		until, read := last[v]
		if _, placed := b.operand[v]; placed || !read {
			continue
		}
		buf := &buffer{bytes: v.dims.Size() * v.dtype.Size(), first: 0, last: end}
		if v.op != nil {
			buf.first, buf.last = b.step[b.group[v]], until
		}
		buffers, values = append(buffers, buf), append(values, v)
	}
	bytes = place(buffers)
	mem, err := b.store.backend.Alloc(max(bytes, Alignment))
	if err != nil {
		return 0, fmt.Errorf("engine: the program needs an arena of %d bytes: %w", bytes, err)
	}
	for i, v := range values {
		b.operand[v] = Operand{Memory: mem, Offset: buffers[i].offset, Dtype: v.dtype, Dims: v.dims}
	}
	return bytes, nil
}
