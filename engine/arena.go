package engine

import (
	"fmt"
	"slices"

	"github.com/kolmogo/kolmogo/op"
)

// placeArena gives memory to inputs and to every value that another step, an output or an update reads.
func (b *builder) placeArena() (bytes int, err error) {
	values, buffers := b.lifetimes()
	inner := map[*buffer]bool{}
	if g, ok := b.store.backend.(Grouper); ok {
		inner = b.widen(values, buffers, g)
	}
	var separate []*buffer
	for _, v := range values {
		if buf := buffers[v]; !inner[buf] && !slices.Contains(separate, buf) {
			separate = append(separate, buf)
		}
	}
	bytes = place(separate)
	mem, err := b.store.backend.Alloc(max(bytes, Alignment))
	if err != nil {
		return 0, fmt.Errorf("engine: the program needs an arena of %d bytes: %w", bytes, err)
	}
	for _, v := range values {
		o := Operand{Memory: mem, Offset: buffers[v].offset, Dtype: v.dtype, Dims: v.dims}
		if inner[buffers[v]] {
			o.Memory = nil
		}
		b.operand[v] = o
	}
	return bytes, nil
}

// lifetimes lists the values that need memory of the arena, with their buffers. A value that is added to another, or that a chain
// computes from another of its size which is read no more, takes the other's buffer.
func (b *builder) lifetimes() (values []*value, buffers map[*value]*buffer) {
	end := len(b.list)
	last := map[*value]int{}
	for v, steps := range b.reads {
		last[v] = steps[len(steps)-1]
	}
	for _, v := range b.outputs {
		last[stored(v)] = end
	}
	for _, u := range b.updates {
		last[stored(u.value)] = end
	}
	buffers = map[*value]*buffer{}
	add := func(v *value, buf *buffer) {
		buffers[v], values = buf, append(values, v)
	}
	for _, v := range b.order {
		if _, placed := b.operand[v]; v.op == nil && v.leaf.Kind == op.Input && !placed {
			add(v, &buffer{bytes: v.bytes(), last: end})
		}
	}
	for at, g := range b.list {
		taken := map[*value]bool{}
		for _, v := range g.members {
			until, read := last[v]
			if _, placed := b.operand[v]; placed || !read {
				continue
			}
			if u := b.successor(g, v, at, last, buffers, taken); u != nil {
				taken[u] = true
				buffers[u].last = until
				add(v, buffers[u])
				continue
			}
			add(v, &buffer{bytes: v.bytes(), first: at, last: until})
		}
	}
	return values, buffers
}

// successor finds the value whose buffer v may take: one of its size, read last by this step and only at the element that v writes.
func (b *builder) successor(g *group, v *value, at int, last map[*value]int, buffers map[*value]*buffer, taken map[*value]bool) *value {
	if v.adds {
		return stored(v.in[2])
	}
	if !g.fusible {
		return nil
	}
	stretched := map[*value]bool{}
	for _, m := range g.members {
		if _, ok := m.op.(op.Broadcast); ok {
			stretched[stored(m.in[0])] = true
		}
	}
	for _, m := range g.members {
		for _, c := range m.in {
			u := stored(c)
			if buf := buffers[u]; buf != nil && u.op != nil && b.group[u] != g && last[u] == at && buf.last == at && buf.bytes == v.bytes() && !taken[u] && !stretched[u] {
				return u
			}
		}
	}
	return nil
}

// widen lets what a group of interleaved steps uses live as long as the whole group. It returns the buffers that live inside a group
// only and so need no memory of the arena; they keep the offset by which the backend knows them.
func (b *builder) widen(values []*value, buffers map[*value]*buffer, g Grouper) (inner map[*buffer]bool) {
	end, at := 0, map[*buffer]int{}
	for _, v := range values {
		buf := buffers[v]
		if _, seen := at[buf]; !seen {
			at[buf] = end
			end += align(v.bytes())
		}
		b.operand[v] = Operand{Offset: at[buf], Dtype: v.dtype, Dims: v.dims}
	}
	steps := make([]Step, len(b.list))
	for i, g := range b.list {
		steps[i] = b.lower(g)
	}
	number, offsets := g.Group(steps)
	b.number = number
	first, last := map[int]int{}, map[int]int{}
	for i, n := range number {
		if _, seen := first[n]; !seen {
			first[n] = i
		}
		last[n] = i
	}
	inner = map[*buffer]bool{}
	for buf, offset := range at {
		switch {
		case buf.last == len(number): // an input, an output or an update
			if buf.first > 0 {
				buf.first = first[number[buf.first]]
			}
		case slices.Contains(offsets, offset):
			inner[buf], buf.offset = true, offset
		default:
			buf.first, buf.last = first[number[buf.first]], last[number[buf.last]]
		}
	}
	for _, v := range values {
		delete(b.operand, v)
	}
	return inner
}
