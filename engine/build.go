package engine

import (
	"fmt"
	"slices"

	"github.com/kolmogo/kolmogo/op"
)

type update struct{ variable, value *value }

// builder carries a compilation from groups to a program.
type builder struct {
	order   []*value
	group   map[*value]*group
	outputs []*value
	updates []update
	store   *Store

	list    []*group           // scheduled groups that are steps (pieces of others are not)
	step    map[*group]int     // their positions
	reads   map[*value][]int   // stored value → steps that read it
	operand map[*value]Operand // where each stored value lives
	number  []int              // of the group of interleaved steps that each belongs to; nil: the backend has none
}

func (b *builder) build() (*Program, error) {
	b.step = map[*group]int{}
	for _, g := range b.schedule() {
		b.step[g] = len(b.list)
		b.list = append(b.list, g)
	}
	b.reads = map[*value][]int{}
	for i, g := range b.list {
		for _, m := range g.members {
			for _, c := range m.in {
				if b.group[stored(c)] != g {
					b.reads[stored(c)] = append(b.reads[stored(c)], i)
				}
			}
		}
	}
	b.operand = map[*value]Operand{}
	if err := b.placeVariables(); err != nil {
		return nil, err
	}
	p := &Program{store: b.store, inputs: map[string]Operand{}}
	constants, err := b.placeConstants()
	if err != nil {
		return nil, err
	}
	copies := b.placeUpdates()
	arena, err := b.placeArena()
	if err != nil {
		return nil, err
	}
	var steps []Step
	for i, g := range b.list {
		s := b.lower(g)
		if b.number != nil {
			s.Group = b.number[i]
		}
		steps = append(steps, s)
	}
	for _, u := range copies {
		steps = append(steps, Step{Op: op.Reshape{To: u.variable.dims}, In: []Operand{b.at(u.value)}, Out: []Operand{b.at(u.variable)}})
	}
	for _, v := range b.order {
		if v.op == nil && v.leaf.Kind == op.Input {
			p.inputs[v.leaf.Name] = b.at(v)
		}
	}
	for _, v := range b.outputs {
		p.outputs = append(p.outputs, b.at(v))
	}
	for _, s := range steps {
		p.cost.Count(s)
	}
	if c, ok := b.store.backend.(Counter); ok {
		p.cost.Bytes = c.Bytes(steps)
	}
	p.cost.Arena, p.cost.Constants = int64(arena), int64(constants)
	p.runner, err = b.store.backend.Build(steps)
	if err != nil {
		return nil, fmt.Errorf("engine: %s: %w", b.store.backend.Name(), err)
	}
	if e, ok := b.store.backend.(Explainer); ok {
		for _, s := range steps {
			if why := e.Explain(s); why != "" && !slices.Contains(p.choices, why) {
				p.choices = append(p.choices, why)
			}
		}
	}
	return p, nil
}

// lower turns a group into a step.
func (b *builder) lower(g *group) Step {
	if !g.fusible {
		v := g.members[0]
		s := Step{Op: v.op, Out: []Operand{b.at(v)}, Add: v.adds}
		in := v.in
		if v.adds {
			in = in[:2]
		}
		for _, c := range in {
			s.In = append(s.In, b.at(c))
		}
		return s
	}
	c, loads, stores := g.chain(func(v *value) bool { _, ok := b.operand[v]; return ok })
	s := Step{Chain: c}
	for _, v := range loads {
		s.In = append(s.In, b.at(v))
	}
	for _, v := range stores {
		s.Out = append(s.Out, b.at(v))
	}
	return s
}
