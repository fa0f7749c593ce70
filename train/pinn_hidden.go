package train

import (
	"fmt"

	"github.com/kolmogo/kolmogo/engine"
	"github.com/kolmogo/kolmogo/op"
)

// HiddenTerm returns the inputs of a hidden term of the equations and its values at points [n, coordinates]: [n, inputs] and [n].
func (s *Solution) HiddenTerm(name string, x []float64) (inputs, values []float64, err error) {
	n := len(x) / len(s.Model.Problem.Coordinates)
	g := op.NewGraph()
	v, err := s.Model.HiddenTerm(g, s.Precision, name, n)
	if err != nil {
		return nil, nil, fmt.Errorf("%w: %w", ErrConfig, err)
	}
	p, err := engine.Compile(g, []op.Value{v}, nil, s.store)
	if err != nil {
		return nil, nil, err
	}
	if err := engine.Feed(p, "points", x); err != nil {
		return nil, nil, err
	}
	if err := p.Run(); err != nil {
		return nil, nil, err
	}
	k := v.Dims().At(1)
	table := make([]float64, n*k)
	if err := engine.Output(p, 0, table); err != nil {
		return nil, nil, err
	}
	for i := 0; i < len(table); i += k {
		inputs, values = append(inputs, table[i:i+k-1]...), append(values, table[i+k-1])
	}
	return inputs, values, nil
}
