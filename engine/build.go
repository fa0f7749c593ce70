package engine

import (
	"fmt"

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

	list    []*group           // scheduled groups that are steps (reshapes are not)
	step    map[*group]int     // their positions
	reads   map[*value][]int   // root value → steps that read it
	operand map[*value]Operand // where each stored value lives
}

// root follows reshapes, which share the memory of their input.
func root(v *value) *value {
	for {
		if _, ok := v.op.(op.Reshape); !ok {
			return v
		}
		v = v.in[0]
	}
}

func (b *builder) build() (*Program, error) {
	outputs := append([]*value{}, b.outputs...)
	b.step = map[*group]int{}
	for _, g := range schedule(b.order, b.group, outputs) {
		if _, alias := g.members[0].op.(op.Reshape); alias {
			continue
		}
		b.step[g] = len(b.list)
		b.list = append(b.list, g)
	}
	b.reads = map[*value][]int{}
	for i, g := range b.list {
		for _, m := range g.members {
			for _, c := range m.in {
				if b.group[root(c)] != g {
					b.reads[root(c)] = append(b.reads[root(c)], i)
				}
			}
		}
	}
	b.operand = map[*value]Operand{}
	if err := b.placeVariables(); err != nil {
		return nil, err
	}
	p := &Program{inputs: map[string]Operand{}}
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
	for _, g := range b.list {
		steps = append(steps, b.lower(g))
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
		p.cost.count(s)
	}
	p.cost.Arena, p.cost.Constants = int64(arena), int64(constants)
	for _, name := range b.store.Names() {
		v, _ := b.store.Var(name)
		p.cost.Variables += int64(align(v.Bytes()))
	}
	p.run, err = b.store.backend.Build(steps)
	if err != nil {
		return nil, fmt.Errorf("engine: %s: %w", b.store.backend.Name(), err)
	}
	return p, nil
}

// at is the operand of a value, in the value's own shape.
func (b *builder) at(v *value) Operand {
	o, ok := b.operand[root(v)]
	if !ok {
		panic("engine: a value has no memory")
	}
	o.Dims = v.dims
	return o
}

// lower turns a group into a step.
func (b *builder) lower(g *group) Step {
	if !g.fusible {
		v := g.members[0]
		s := Step{Op: v.op, Out: []Operand{b.at(v)}}
		for _, c := range v.in {
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
