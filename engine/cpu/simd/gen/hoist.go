package main

import (
	"slices"

	"github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/operand"
)

// want is a constant or a table that a body reads.
type want struct {
	name string
	load func() vector
}

// hoist loads what the body reads most often into registers, as many as are spared, and keeps it there. What that is is
// learnt by writing the body to a draft that is thrown away.
func (p *program) hoist(spared int, body func()) {
	p.hoisted = map[string]vector{}
	context, pool, tables := p.Context, p.pool, p.tables
	p.Context, p.pool, p.tables, p.wants = build.NewContext(), map[uint64]constant{}, map[string]operand.Mem{}, []want{}
	p.Function("draft")
	body()
	wants := p.wants
	p.Context, p.pool, p.tables, p.wants = context, pool, tables, nil

	uses := map[string]int{}
	for _, w := range wants {
		uses[w.name]++
	}
	slices.SortStableFunc(wants, func(a, b want) int { return uses[b.name] - uses[a.name] })
	for _, w := range wants {
		if p.hoisted[w.name] == nil && len(p.hoisted) < spared {
			p.hoisted[w.name] = w.load()
		}
	}
}

// note records a read of a draft.
func (p *program) note(name string, load func() vector) {
	if p.wants != nil {
		p.wants = append(p.wants, want{name, load})
	}
}
