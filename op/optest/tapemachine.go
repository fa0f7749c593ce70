package optest

import (
	"fmt"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/kolmogo/kolmogo/op"
)

// TapeMachine is the reference as a Backend: graphs run on Gorgonia's TapeMachine, where every op is its definition. Gorgonia has no
// empty tensors; graphs that hold one are walked here.
type TapeMachine struct{}

// Name implements Backend.
func (TapeMachine) Name() string { return "gorgonia" }

// Apply implements Backend by a graph of one op.
func (m TapeMachine) Apply(o op.Op, t op.Dtype, out op.Array, in ...op.Array) error {
	g := op.NewGraph()
	leaves, feeds := make([]op.Value, len(in)), map[string][]float64{}
	for i, a := range in {
		name := fmt.Sprintf("x%d", i)
		leaves[i], feeds[name] = g.Input(name, t, a.Dims), a.Data
	}
	results, err := m.Run(g, feeds, []op.Value{op.Apply(o, leaves...)})
	if err != nil {
		return err
	}
	copy(out.Data, results[0])
	return nil
}

// Run implements Backend.
func (TapeMachine) Run(g *op.Graph, feeds map[string][]float64, outputs []op.Value) ([][]float64, error) {
	if err := g.Err(); err != nil {
		return nil, err
	}
	for _, n := range g.Gorgonia().AllNodes() {
		if n.Shape().TotalSize() == 0 && !n.IsScalar() {
			return evaluate(feeds, outputs, roundAll)
		}
	}
	order, err := op.Topological(outputs...)
	if err != nil {
		return nil, err
	}
	for _, v := range order {
		if _, leaf := v.Leaf(); !leaf || v.Node().Op() != nil {
			continue // the constant one that gorgonia.Grad adds has its value
		}
		data, err := leafData(v, feeds)
		if err != nil {
			return nil, err
		}
		if err := gorgonia.Let(v.Node(), toValue(v.Dtype(), v.Dims(), data)); err != nil {
			return nil, fmt.Errorf("optest: %w", err)
		}
	}
	for _, n := range g.Gorgonia().AllNodes() { // the machine wants every leaf, needed or not
		if n.Op() == nil && n.Value() == nil {
			if err := gorgonia.Let(n, tensor.New(tensor.Of(n.Dtype()), tensor.WithShape(n.Shape()...))); err != nil {
				return nil, fmt.Errorf("optest: %w", err)
			}
		}
	}
	values := make([]gorgonia.Value, len(outputs))
	for i, v := range outputs {
		gorgonia.Read(v.Node(), &values[i])
	}
	machine := gorgonia.NewTapeMachine(g.Gorgonia())
	defer machine.Close()
	if err := machine.RunAll(); err != nil {
		return nil, fmt.Errorf("optest: %w", err)
	}
	results := make([][]float64, len(outputs))
	for i, v := range values {
		if results[i], err = fromValue(v); err != nil {
			return nil, err
		}
	}
	return results, nil
}

func toValue(t op.Dtype, d op.Dims, data []float64) gorgonia.Value {
	single := make([]float32, len(data))
	for i, x := range data {
		single[i] = float32(x)
	}
	shape := tensor.WithShape(d.Slice()...)
	switch {
	case d.Rank() == 0 && t == op.Float64:
		return gorgonia.NewF64(data[0])
	case d.Rank() == 0:
		return gorgonia.NewF32(single[0])
	case t == op.Float64:
		return tensor.New(shape, tensor.WithBacking(append([]float64{}, data...)))
	}
	return tensor.New(shape, tensor.WithBacking(single))
}

func fromValue(v gorgonia.Value) ([]float64, error) {
	switch d := v.Data().(type) {
	case []float64:
		return append([]float64{}, d...), nil
	case float64:
		return []float64{d}, nil
	case float32:
		return []float64{float64(d)}, nil
	case []float32:
		f := make([]float64, len(d))
		for i, x := range d {
			f[i] = float64(x)
		}
		return f, nil
	}
	return nil, fmt.Errorf("optest: value of type %T", v.Data())
}
