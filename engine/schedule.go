package engine

import (
	"slices"
)

// smallStep is the number of bytes of all operands up to which a step is put off until nothing larger can run: its memory does
// not matter, and between larger steps it would part those that may run interleaved.
const smallStep = 1 << 18

// lateStep is the number of bytes of new memory from which a step waits for the reader of its result.
const lateStep = 1 << 16

// scheduler orders groups so that each runs after what it reads, and little memory is alive at a time.
type scheduler struct {
	of      map[*value]*group
	kept    map[*value]bool // outputs
	written map[*value]bool // new values of variables, which mostly take the variables' memory
	nodes   map[*group]*node
	list    []*node
}

// schedule is greedy: of the groups that can run, the one that leaves the least memory alive, small ones last. A group that
// raises it then moves down to the first reader of its result. Updates wait for the readers of the old values, so that they can be
// made in place.
func (b *builder) schedule() []*group {
	s := &scheduler{of: b.group, kept: map[*value]bool{}, written: map[*value]bool{}, nodes: map[*group]*node{}}
	for _, v := range b.outputs {
		s.kept[stored(v)] = true
	}
	for _, u := range b.updates {
		s.written[u.value] = true
	}
	s.link(b.order)
	s.protect(b.updates)
	ready := []*node{}
	left := map[*value]int{} // readers to come
	for _, n := range s.list {
		n.waiting = len(n.before)
		for m := range n.before {
			m.after = append(m.after, n)
		}
		for _, v := range n.reads {
			left[v]++
		}
	}
	for _, n := range s.list {
		if n.waiting == 0 {
			ready = append(ready, n)
		}
	}
	var order []*node
	for len(ready) > 0 {
		best, least := 0, s.outlook(ready[0], left)
		for i, n := range ready[1:] {
			d := s.outlook(n, left)
			if m := ready[best]; n.rank() < m.rank() || n.rank() == m.rank() && (d < least || d == least && n.group.first < m.group.first) {
				best, least = i+1, d
			}
		}
		n := ready[best]
		ready = slices.Delete(ready, best, best+1)
		order = append(order, n)
		for _, v := range n.reads {
			left[v]--
		}
		for _, m := range n.after {
			if m.waiting--; m.waiting == 0 {
				ready = append(ready, m)
			}
		}
	}
	return s.sink(order)
}

// growth is the number of bytes by which a node's results exceed the memory that it frees.
func (s *scheduler) growth(n *node, left map[*value]int) int {
	bytes := 0
	for _, v := range n.writes {
		if !s.written[v] {
			bytes += v.bytes()
		}
	}
	for _, v := range n.reads {
		if v.op != nil && left[v] == 1 && !s.kept[v] {
			bytes -= v.bytes()
		}
	}
	return bytes
}

// outlook is the growth by a node, or by it and a next one that it lets run, whichever is less: a gradient is worth making early if it
// is used up at once.
func (s *scheduler) outlook(n *node, left map[*value]int) int {
	bytes := s.growth(n, left)
	least := bytes
	for _, m := range n.after {
		if m.waiting == 1 {
			least = min(least, bytes+s.growth(m, left))
		}
	}
	return least
}

// sink moves each node that raises the memory in use to just before the first node that must follow it.
func (s *scheduler) sink(order []*node) []*group {
	at := map[*node]int{}
	last := map[*value]int{}
	for i, n := range order {
		at[n] = i
		for _, v := range n.reads {
			last[v] = i
		}
	}
	for i := len(order) - 1; i >= 0; i-- {
		n := order[i]
		bytes := 0
		for _, v := range n.writes {
			bytes += v.bytes()
		}
		for _, v := range n.reads {
			if v.op != nil && last[v] == i && !s.kept[v] {
				bytes -= v.bytes()
			}
		}
		if bytes < lateStep || n.small || len(n.after) == 0 {
			continue
		}
		to := len(order)
		for _, m := range n.after {
			to = min(to, at[m])
		}
		copy(order[i:], order[i+1:to])
		order[to-1] = n
		for j := i; j < to; j++ {
			at[order[j]] = j
		}
	}
	groups := make([]*group, len(order))
	for i, n := range order {
		groups[i] = n.group
	}
	return groups
}
