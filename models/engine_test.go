package models_test

import (
	"testing"

	"github.com/kolmogo/kolmogo/engine"
	"github.com/kolmogo/kolmogo/models"
	"github.com/kolmogo/kolmogo/models/modelstest"
	"github.com/kolmogo/kolmogo/op"
)

// program evaluates outputs on the backend of the build, in the graph's precision.
type program struct {
	*engine.Program
	store   *engine.Store
	outputs []op.Value
}

func compile(t *testing.T, outputs ...op.Value) *program {
	t.Helper()
	return compileUpdates(t, engine.NewStore(modelstest.Backend(t)), nil, outputs...)
}

// compileUpdates compiles a program with updates of the store's variables.
func compileUpdates(t *testing.T, store *engine.Store, updates []engine.Update, outputs ...op.Value) *program {
	t.Helper()
	p, err := engine.Compile(outputs[0].Graph(), outputs, updates, store)
	if err != nil {
		t.Fatal(err)
	}
	return &program{p, store, outputs}
}

// run returns the outputs' values, given those of inputs and variables by the names of their leaves.
func (p *program) run(t *testing.T, feed map[string][]float64) [][]float64 {
	t.Helper()
	for name, data := range feed {
		var err error
		if _, variable := p.store.Var(name); variable {
			err = p.store.Set(name, data)
		} else {
			err = engine.Feed(p.Program, name, data)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := p.Run(); err != nil {
		t.Fatal(err)
	}
	out := make([][]float64, len(p.outputs))
	for i, v := range p.outputs {
		out[i] = make([]float64, v.Dims().Size())
		if err := engine.Output(p.Program, i, out[i]); err != nil {
			t.Fatal(err)
		}
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
