package datasets

import (
	"context"
	"errors"
	"fmt"

	"github.com/kolmogo/kolmogo/pde"
)

const sorptionStatement = "u_t = D/R(u) u_xx on axes (t, x), u(t, 0) = 1, u(t, 1) = -D u_x(t, 1)"

// sorptionMap is diffusion-sorption as a map from the initial state to the whole solution: pairs u(0, x) → u(t, x) on the grid of all
// frames and of Points nodes, walls included, the input repeated at all times. The equation and its walls are [pde.SorptionNodes].
// The solver's nodes are a multiple of the stored ones, less one: Solver.Points − 1 = k·(Points − 1). The first frame is the initial
// state itself, also at the walls, which it may contradict.
func sorptionMap(r Recipe) (*Problem, error) {
	if err := take("option", r.Options, map[string]*string{}); err != nil {
		return nil, err
	}
	if err := take("parameter", r.Parameters, map[string]*float64{}); err != nil {
		return nil, err
	}
	if r.Axes > 1 || r.Length != 1 || len(r.Varying) > 0 || !r.Pairs {
		return nil, errors.New("the map of diffusion-sorption is of one axis of length 1, without varying parameters: and it is pairs: true")
	}
	times, err := r.Frames.times()
	if err != nil {
		return nil, err
	}
	if times[0] != 0 || r.Points < 4 || (r.Solver.Points-1)%(r.Points-1) != 0 {
		return nil, fmt.Errorf("frames from %v, %d points of %d: want frames from 0, and solver points less one to be a multiple of points less one", times[0], r.Points, r.Solver.Points)
	}
	law, err := initialLaw(r.Initial)
	if err != nil {
		return nil, err
	}
	stride := (r.Solver.Points - 1) / (r.Points - 1)
	problem := pde.SorptionNodes{DiffusionSorption: pde.PDEBenchSorption(r.Solver.Points - 1)}
	solver := func(pde.Kernels[float64]) (Solve, error) {
		start := make([]float64, r.Solver.Points)
		return func(ctx context.Context, index uint64, parts [][]float64) error {
			law.Draw(pde.Rand(r.Seed, index), 1)(start, []int{r.Solver.Points}, 0)
			step := pde.Extrapolation{Rtol: 1e-7, Atol: 1e-8, Dt: times[1] - times[0]}.Stepper(problem) // it remembers its step size
			for i, u := range pde.Rollout(step, append([]float64{}, start[1:len(start)-1]...)) {
				if ctx.Err() != nil {
					return context.Cause(ctx)
				}
				for j := range r.Points {
					at := i*r.Points + j
					parts[0][at], parts[1][at] = start[j*stride], start[j*stride]
					switch {
					case i == 0:
					case j == 0:
						parts[1][at] = problem.Left
					case j == r.Points-1:
						parts[1][at] = problem.Right(u)
					default:
						parts[1][at] = u[j*stride-1]
					}
				}
				if i == len(times)-1 {
					return nil
				}
			}
			return nil
		}, nil
	}
	x := make([]float64, r.Points)
	for j := range x {
		x[j] = float64(j) / float64(r.Points-1)
	}
	meta, err := r.meta([]string{"initial"}, []string{"u"}, [][]float64{times, x}, Wall, nil)
	if err != nil {
		return nil, err
	}
	meta.Equation = sorptionStatement
	return &Problem{Meta: meta, Parts: r.parts(1, len(times), r.Points, 1), Solver: solver}, nil
}
