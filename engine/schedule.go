package engine

// schedule orders the groups so that each runs after what it reads. Groups that only feed updates run last: by then every
// reader of the old value has run, and most updates can be written in place.
func schedule(order []*value, of map[*value]*group, outputs []*value) []*group {
	early := map[*value]bool{}
	for _, v := range outputs {
		early[v] = true
	}
	for i := len(order) - 1; i >= 0; i-- {
		if early[order[i]] {
			for _, c := range order[i].in {
				early[c] = true
			}
		}
	}
	var list []*group
	done := map[*group]bool{}
	var visit func(g *group)
	visit = func(g *group) {
		if g == nil || done[g] {
			return
		}
		done[g] = true
		for _, m := range g.members {
			for _, c := range m.in {
				visit(of[c])
			}
		}
		list = append(list, g)
	}
	for _, v := range order {
		if early[v] {
			visit(of[v])
		}
	}
	// what remains feeds updates: everything that a pure update chain does not need first, then those chains
	feeds := map[*group]bool{}
	for _, v := range order {
		for _, c := range v.in {
			if of[v] != of[c] {
				feeds[of[c]] = true
			}
		}
	}
	for _, v := range order {
		if g := of[v]; g != nil && feeds[g] {
			visit(g)
		}
	}
	for _, v := range order {
		visit(of[v])
	}
	return list
}
