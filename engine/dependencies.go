package engine

import (
	"slices"
)

// node is a group with its place in the order of evaluation.
type node struct {
	group   *group
	before  map[*node]bool // must run earlier
	waiting int            // how many of those have not
	after   []*node
	reads   []*value // the stored ones of the values it reads, each once
	writes  []*value // members that others read
	small   bool
}

// rank is first for what needs nothing and takes nothing, so that nothing waits for it, and last for the other small ones.
func (n *node) rank() int {
	switch {
	case n.small && len(n.before) == 0:
		return 0
	case n.small:
		return 2
	}
	return 1
}

// link finds what every group reads and writes.
func (s *scheduler) link(order []*value) {
	for _, v := range order {
		g := s.of[v]
		if g == nil || s.nodes[g] != nil {
			continue
		}
		if _, alias := v.alias(); alias {
			continue
		}
		n := &node{group: g, before: map[*node]bool{}}
		s.nodes[g] = n
		s.list = append(s.list, n)
	}
	outside := map[*value]bool{}
	for _, n := range s.list {
		bytes := 0
		for _, m := range n.group.members {
			bytes += m.bytes()
			for _, c := range m.in {
				r := stored(c)
				p := s.nodes[s.of[r]]
				if p == n || slices.Contains(n.reads, r) {
					continue
				}
				n.reads = append(n.reads, r)
				outside[r] = true
				bytes += r.bytes()
				if p != nil {
					n.before[p] = true
				}
			}
		}
		n.small = bytes <= smallStep
	}
	for _, n := range s.list {
		for _, m := range n.group.members {
			if outside[m] || s.kept[m] {
				n.writes = append(n.writes, m)
			}
		}
	}
}

// protect lets a group that makes a variable's new value wait for the readers of the old one, unless they need the group.
func (s *scheduler) protect(updates []update) {
	for _, u := range updates {
		n := s.nodes[s.of[u.value]]
		if n == nil {
			continue
		}
		for _, m := range s.list {
			if m != n && slices.Contains(m.reads, u.variable) && !needs(m, n) {
				n.before[m] = true
			}
		}
	}
}

// needs reports whether m must run after n.
func needs(m, n *node) bool {
	seen := map[*node]bool{}
	var visit func(m *node) bool
	visit = func(m *node) bool {
		if m == n {
			return true
		}
		if seen[m] || m.group.members[len(m.group.members)-1].id < n.group.first && len(m.before) == 0 {
			return false
		}
		seen[m] = true
		for p := range m.before {
			if visit(p) {
				return true
			}
		}
		return false
	}
	return visit(m)
}
