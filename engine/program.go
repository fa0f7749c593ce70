package engine

import (
	"fmt"

	"github.com/kolmogo/kolmogo/op"
)

// Update says that a variable receives a value of the same shape and dtype at the end of each run.
type Update struct{ Variable, Value op.Value }

// Program is a compiled graph: a fixed list of kernels over fixed memory. It is used by one goroutine.
type Program struct {
	runner  Runner
	ahead   *ahead // nil: a run starts at once
	inputs  map[string]Operand
	outputs []Operand
	staging map[op.Dtype][]byte
	cost    Cost // but for the store's variables, which later programs may add to
	choices []string
	store   *Store
}

// Compile turns what outputs and updates need into a program on the store's backend. Variables of the graph are declared in the
// store, zeroed, unless they exist. It returns the graph's own first error if building it failed.
func Compile(g *op.Graph, outputs []op.Value, updates []Update, store *Store) (*Program, error) {
	if l, ok := store.backend.(Limiter); ok {
		bytes, err := need(g, outputs, updates, store)
		if err == nil {
			err = l.Fits(bytes)
		}
		if err != nil {
			return nil, err
		}
	}
	return compile(g, outputs, updates, store)
}

func compile(g *op.Graph, outputs []op.Value, updates []Update, store *Store) (*Program, error) {
	if err := g.Err(); err != nil {
		return nil, err
	}
	var roots []op.Value
	updates = append([]Update{}, updates...)
	updated := map[string]bool{}
	for i, u := range updates {
		if !u.Variable.Valid() || !u.Value.Valid() {
			return nil, fmt.Errorf("engine: update %d is not of nodes of the graph", i)
		}
		if leaf, ok := u.Variable.Leaf(); !ok || leaf.Kind != op.Variable {
			return nil, fmt.Errorf("engine: update %d is of a value of shape %v that is no variable", i, u.Variable.Dims())
		} else if updated[leaf.Name] {
			return nil, fmt.Errorf("engine: variable %q is updated twice", leaf.Name)
		} else {
			updated[leaf.Name] = true
		}
		if u.Variable.Dims() != u.Value.Dims() || u.Variable.Dtype() != u.Value.Dtype() {
			return nil, fmt.Errorf("engine: update of a variable of shape %v with a value of shape %v", u.Variable.Dims(), u.Value.Dims())
		}
		// a value that is a leaf becomes a computed copy, so that updates may exchange variables
		if _, leaf := bare(u.Value).Leaf(); leaf {
			updates[i].Value = op.Affine(u.Value, 1, 0)
		}
		roots = append(roots, u.Variable, updates[i].Value)
	}
	outputs = append([]op.Value{}, outputs...)
	for i, o := range outputs {
		if !o.Valid() {
			return nil, fmt.Errorf("engine: output %d is not a node of the graph", i)
		}
		// an output that is an updated variable is its old value
		if leaf, ok := bare(o).Leaf(); ok && leaf.Kind == op.Variable && updated[leaf.Name] {
			outputs[i] = op.Affine(o, 1, 0)
		}
	}
	roots = append(roots, outputs...)
	order, at, kept, err := fold(roots)
	if err != nil {
		return nil, err
	}
	order = narrow(order, kept)
	order = prune(spread(order, kept), kept)
	order = prune(accumulate(order, kept), kept)
	order, pairs := recompute(order, kept, recomputeBytes)
	order = prune(uncouple(order), kept)
	b := &builder{order: order, group: fuse(order, pairs), store: store}
	for _, o := range outputs {
		b.outputs = append(b.outputs, at[o])
	}
	for _, u := range updates {
		b.updates = append(b.updates, update{at[u.Variable], at[u.Value]})
	}
	return b.build()
}

// bare strips what may be a piece of another's memory.
func bare(v op.Value) op.Value {
	for v.Valid() {
		o, in, err := v.Def()
		if err != nil {
			break
		}
		switch o.(type) {
		case op.Reshape, op.SliceOp:
			v = in[0]
			continue
		}
		break
	}
	return v
}

// Cost returns what one run takes, with all variables that are in the store by now.
func (p *Program) Cost() Cost {
	c := p.cost
	c.Variables = p.store.bytes()
	return c
}

// Choices says how the backend does the steps for which it has several ways, each once, in the order of the steps.
func (p *Program) Choices() []string { return p.choices }

// Run executes the program once, or starts it where the backend is a Waiter; reading an output waits for it.
func (p *Program) Run() error {
	if p.ahead != nil {
		return p.ahead.start(nil)
	}
	if err := p.store.launch(); err != nil {
		return err
	}
	return p.runner.Run()
}

// Wait returns when the runs that were started are done and all of their outputs handed over.
func (p *Program) Wait() error { return p.store.Wait() }

// Feed sets an input. A name that the program does not need is ignored, so that one feeding routine serves several programs.
func Feed[T float32 | float64](p *Program, name string, data []T) error {
	o, ok := p.inputs[name]
	if !ok {
		return nil
	}
	if len(data) != o.Dims.Size() {
		return fmt.Errorf("engine: input %q has shape %v, got %d values", name, o.Dims, len(data))
	}
	if p.ahead != nil {
		slot, err := p.ahead.input(name)
		switch {
		case err != nil:
			return err
		case slot == nil:
		case o.Dtype == op.Float32:
			convert(asNumbers[float32](slot), data)
			return nil
		default:
			convert(asNumbers[float64](slot), data)
			return nil
		}
	}
	if err := p.store.launch(); err != nil {
		return err
	}
	switch d := any(data).(type) {
	case []float32:
		if o.Dtype == op.Float32 {
			return o.Memory.Write(o.Offset, asBytes(d))
		}
	case []float64:
		if o.Dtype == op.Float64 {
			return o.Memory.Write(o.Offset, asBytes(d))
		}
	}
	if o.Dtype == op.Float32 {
		return o.Memory.Write(o.Offset, asBytes(convert(stage[float32](p, o), data)))
	}
	return o.Memory.Write(o.Offset, asBytes(convert(stage[float64](p, o), data)))
}

// Output copies output i into dst, converting the dtype.
func Output[T float32 | float64](p *Program, i int, dst []T) error {
	o := p.outputs[i]
	if len(dst) != o.Dims.Size() {
		return fmt.Errorf("engine: output %d has shape %v, got room for %d values", i, o.Dims, len(dst))
	}
	if err := p.store.launch(); err != nil {
		return err
	}
	var t T
	if _, single := any(t).(float32); single == (o.Dtype == op.Float32) {
		return o.Memory.Read(o.Offset, asBytes(dst))
	}
	if o.Dtype == op.Float32 {
		return fetch(stage[float32](p, o), dst, o)
	}
	return fetch(stage[float64](p, o), dst, o)
}

// Scalar returns output i, which has one element.
func (p *Program) Scalar(i int) (float64, error) {
	var v [1]float64
	err := Output(p, i, v[:])
	return v[0], err
}

// convert rounds numbers to another dtype.
func convert[D, S float32 | float64](dst []D, src []S) []D {
	if same, ok := any(src).([]D); ok {
		copy(dst, same)
		return dst
	}
	for i, x := range src {
		dst[i] = D(x)
	}
	return dst
}

func fetch[S, D float32 | float64](tmp []S, dst []D, o Operand) error {
	err := o.Memory.Read(o.Offset, asBytes(tmp))
	convert(dst, tmp)
	return err
}

// stage returns a host buffer for an operand, kept between runs.
func stage[T float32 | float64](p *Program, o Operand) []T {
	if p.staging == nil {
		p.staging = map[op.Dtype][]byte{}
	}
	if len(p.staging[o.Dtype]) < o.Bytes() {
		p.staging[o.Dtype] = make([]byte, o.Bytes())
	}
	return asNumbers[T](p.staging[o.Dtype])[:o.Dims.Size()]
}
