package pinn_test

import (
	"slices"
	"testing"

	"github.com/kolmogo/kolmogo/engine"
	"github.com/kolmogo/kolmogo/models/modelstest"
	"github.com/kolmogo/kolmogo/op"
)

// evaluate runs a program for the outputs, given the values of inputs and variables by the names of their leaves.
func evaluate(t *testing.T, feed map[string][]float64, outputs ...op.Value) [][]float64 {
	t.Helper()
	store := engine.NewStore(modelstest.Backend(t))
	p, err := engine.Compile(outputs[0].Graph(), outputs, nil, store)
	if err != nil {
		t.Fatal(err)
	}
	for name, data := range feed {
		switch _, variable := store.Var(name); {
		case variable:
			err = store.Set(name, data)
		case slices.Contains(inputsOf(outputs), name):
			err = engine.Feed(p, name, data)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := p.Run(); err != nil {
		t.Fatal(err)
	}
	out := make([][]float64, len(outputs))
	for i, v := range outputs {
		out[i] = make([]float64, v.Dims().Size())
		if err := engine.Output(p, i, out[i]); err != nil {
			t.Fatal(err)
		}
	}
	return out
}

// inputsOf lists the inputs that outputs depend on.
func inputsOf(outputs []op.Value) []string {
	order, _ := op.Topological(outputs...)
	var names []string
	for _, v := range order {
		if l, ok := v.Leaf(); ok && l.Kind == op.Input {
			names = append(names, l.Name)
		}
	}
	return names
}
