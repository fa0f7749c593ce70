package datasets

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/kolmogo/kolmogo/pde"
)

const poissonStatement = "Lap u + kappa u = q, u = 0 on the wall"

// poissonProblem is ∇²u + κ u = q on a box of one to three axes, u = 0 on its wall: pairs q → u of a law of right-hand sides. Parameter
// kappa, 0 for Poisson's equation. Nodes, walls included; solver points as for darcy's nodes. Second-order differences, solved directly.
func poissonProblem(r Recipe) (*Problem, error) {
	if r.Axes == 0 {
		r.Axes = 2
	}
	if err := r.fixed(r.Axes); err != nil {
		return nil, err
	}
	var kappa float64
	if err := take("parameter", r.Parameters, map[string]*float64{"kappa": &kappa}); err != nil {
		return nil, err
	}
	if err := take("option", r.Options, map[string]*string{}); err != nil {
		return nil, err
	}
	if !r.Pairs || r.Frames != (FrameRecipe{}) || r.Solver.Steps != 0 {
		return nil, errors.New("a stationary problem has pairs and no frames or steps: set pairs: true")
	}
	law, err := initialLaw(r.Initial)
	if err != nil {
		return nil, err
	}
	if _, ok := law.(gridLaw); ok {
		return nil, fmt.Errorf("the law %s is for periodic points", r.Initial.Name)
	}
	first, stride, err := subsample(pde.Nodes, r.Solver.Points, r.Points)
	if err != nil {
		return nil, err
	}
	n := r.Solver.Points
	points := slices.Repeat([]int{n}, r.Axes)
	problem := pde.Helmholtz{Points: points, Lengths: slices.Repeat([]float64{r.Length}, r.Axes), Kappa: kappa}
	if _, err := problem.Solver(); err != nil {
		return nil, err
	}
	size := 1
	for range r.Axes {
		size *= n
	}
	solver := func(pde.Kernels[float64]) (Solve, error) {
		s, err := problem.Solver()
		if err != nil {
			return nil, err
		}
		q, u := make([]float64, size), make([]float64, size)
		return func(_ context.Context, index uint64, parts [][]float64) error {
			law.Draw(pde.Rand(r.Seed, index), r.Axes)(q, points, 0)
			if err := s.Solve(u, q); err != nil {
				return err
			}
			for i := range parts[0] {
				at, step, rest := 0, 1, i
				for range r.Axes {
					at += (first + rest%r.Points*stride) * step
					step *= n
					rest /= r.Points
				}
				parts[0][i], parts[1][i] = q[at], u[at]
			}
			return nil
		}, nil
	}
	x := make([]float64, r.Points)
	for i := range x {
		x[i] = r.Length * float64(first+i*stride) / float64(n-1)
	}
	meta, err := r.meta([]string{"q"}, []string{"u"}, slices.Repeat([][]float64{x}, r.Axes), Wall, nil)
	if err != nil {
		return nil, err
	}
	meta.Equation = poissonStatement
	return &Problem{Meta: meta, Parts: r.parts(1, append(slices.Repeat([]int{r.Points}, r.Axes), 1)...), Solver: solver}, nil
}
