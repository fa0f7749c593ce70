package models_test

import (
	"testing"

	"github.com/kolmogo/kolmogo/models"
	"github.com/kolmogo/kolmogo/op"
)

// program evaluates outputs by the definitions of their ops, in float64.
type program struct {
	order, outputs []op.Value
	leaves         map[op.Value]op.Leaf
	defs           map[op.Value]op.Op
	inputs         map[op.Value][]op.Value
}

func compile(t *testing.T, outputs ...op.Value) *program {
	t.Helper()
	if err := outputs[0].Graph().Err(); err != nil {
		t.Fatal(err)
	}
	order, err := op.Topological(outputs...)
	if err != nil {
		t.Fatal(err)
	}
	p := &program{order: order, outputs: outputs, leaves: map[op.Value]op.Leaf{}, defs: map[op.Value]op.Op{}, inputs: map[op.Value][]op.Value{}}
	for _, v := range order {
		o, in, err := v.Def()
		if err != nil {
			t.Fatal(err)
		}
		p.defs[v], p.inputs[v] = o, in
		if o == nil {
			p.leaves[v], _ = v.Leaf()
		}
	}
	return p
}

// run returns the outputs' values, given those of inputs and variables by the names of their leaves.
func (p *program) run(t *testing.T, feed map[string][]float64) [][]float64 {
	t.Helper()
	values := map[op.Value]op.Array{}
	for _, v := range p.order {
		o := p.defs[v]
		if o == nil {
			data := p.leaves[v].Data
			if p.leaves[v].Kind != op.Constant {
				data = feed[p.leaves[v].Name]
			}
			if len(data) != v.Dims().Size() {
				t.Fatalf("leaf %q of shape %v is fed %d values", p.leaves[v].Name, v.Dims(), len(data))
			}
			values[v] = op.Array{Dims: v.Dims(), Data: data}
			continue
		}
		in := make([]op.Array, len(p.inputs[v]))
		for i, x := range p.inputs[v] {
			in[i] = values[x]
		}
		values[v] = op.NewArray(v.Dims())
		o.Eval(values[v], in...)
	}
	out := make([][]float64, len(p.outputs))
	for i, v := range p.outputs {
		out[i] = values[v].Data
	}
	return out
}

// feedParams adds the parameters' present values to a feed; the slices are shared.
func feedParams(feed map[string][]float64, m models.Model) map[string][]float64 {
	for name, p := range m.Params() {
		feed["param."+name] = p.Data
	}
	return feed
}

// apply evaluates m on a field x [batch, x.., in].
func apply(t *testing.T, m models.Model, d op.Dims, x []float64) []float64 {
	t.Helper()
	g := op.NewGraph()
	y := m.Apply(g.Input("x", op.Float64, d))
	if err := g.Err(); err != nil {
		t.Fatal(err)
	}
	return compile(t, y).run(t, feedParams(map[string][]float64{"x": x}, m))[0]
}
