package datasets

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/kolmogo/kolmogo/pde"
)

// wholeProblem is the map from the first frame of the trajectories of another equation, option of, to all their frames: pairs on the grid
// of frames and points, the input repeated at all times. Everything else is that equation's.
func wholeProblem(r Recipe) (*Problem, error) {
	inner := r
	inner.Equation = r.Options["of"]
	if len(r.Options) != 1 || inner.Equation == "" || inner.Equation == r.Equation || !r.Pairs || len(r.Varying) > 0 {
		return nil, errors.New("the whole of trajectories: pairs: true, the option of with their equation alone, and nothing varying")
	}
	inner.Options, inner.Pairs, inner.Dtype = nil, false, Float64
	e, ok := equations()[inner.Equation]
	if !ok {
		return nil, fmt.Errorf("no equation %q", inner.Equation)
	}
	p, err := e.build(inner)
	if err != nil {
		return nil, err
	}
	if len(p.Parts) != 1 || len(p.Meta.Axes) > 2 {
		return nil, fmt.Errorf("%s on %d axes: there must be one or two of space, and nothing but frames", inner.Equation, len(p.Meta.Axes))
	}
	shape := p.Parts[0].Shape // [frame, x.., channel]
	meta, err := r.meta(p.Meta.Channels, p.Meta.Channels, nil, Wall, nil)
	if err != nil {
		return nil, err
	}
	meta.Equation = p.Meta.Equation + ", from the first frame to all"
	meta.Axes = []Axis{{Name: "time", Coords: p.Meta.Times, Low: Wall, High: Wall}}
	meta.Axes = append(meta.Axes, p.Meta.Axes...)
	solver := func(k pde.Kernels[float64]) (Solve, error) {
		solve, err := p.Solver(k)
		if err != nil {
			return nil, err
		}
		return func(ctx context.Context, index uint64, parts [][]float64) error {
			if err := solve(ctx, index, parts[1:]); err != nil {
				return err
			}
			frame := len(parts[1]) / shape[0]
			for i := range shape[0] {
				copy(parts[0][i*frame:(i+1)*frame], parts[1][:frame])
			}
			return nil
		}, nil
	}
	return &Problem{Meta: meta, Parts: []Part{{KeyInputs, r.Dtype, shape}, {KeyOutputs, r.Dtype, slices.Clone(shape)}}, Solver: solver}, nil
}
