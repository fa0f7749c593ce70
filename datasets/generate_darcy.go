package datasets

import (
	"context"
	"fmt"
	"math"

	"github.com/kolmogo/kolmogo/pde"
)

const darcyStatement = "-div(a grad u) = beta, u = 0 on the wall"

// darcyProblem is -∇·(a ∇u) = β on the square [0, L]², u = 0 on the wall, parameter beta, 1 where it is not given: pairs a → u. The law neumann_gaussian (alpha, tau, modes)
// is thresholded at zero to low and high. Options: points is nodes (on the wall too) or cells (centres), faces is harmonic
// or arithmetic. The stored points are every k-th of the solver's: with nodes k = (solver-1)/(stored-1); with cells k = solver/stored,
// odd, so that centres fall on centres.
func darcyProblem(r Recipe) (*Problem, error) {
	if err := r.fixed(2); err != nil {
		return nil, err
	}
	beta, ok := r.Parameters["beta"]
	if !ok {
		beta = 1
	}
	for name, v := range r.Parameters {
		if name != "beta" || !(math.Abs(v) <= math.MaxFloat64) {
			return nil, fmt.Errorf("parameter %s = %v: known is beta, a finite number", name, v)
		}
	}
	for name := range r.Options {
		if name != "points" && name != "faces" {
			return nil, fmt.Errorf("unknown option %q; known are faces, points", name)
		}
	}
	layout, err := choose(r.Options, "points", []string{"nodes", "cells"}, []pde.PointLayout{pde.Nodes, pde.Cells})
	if err != nil {
		return nil, err
	}
	faces, err := choose(r.Options, "faces", []string{"harmonic", "arithmetic"}, []pde.FaceMean{pde.Harmonic, pde.Arithmetic})
	if err != nil {
		return nil, err
	}
	law, low, high, err := twoPhase(r.Initial)
	if err != nil {
		return nil, err
	}
	if !r.Pairs {
		return nil, fmt.Errorf("a stationary problem has pairs and no trajectories: set pairs: true")
	}
	if r.Frames != (FrameRecipe{}) || r.Solver.Steps != 0 {
		return nil, fmt.Errorf("a stationary problem has no frames and no steps")
	}
	problem := pde.Darcy{N: r.Solver.Points, Points: layout, Mean: faces}
	if _, err := problem.Solver(); err != nil {
		return nil, err
	}
	first, stride, err := subsample(layout, r.Solver.Points, r.Points)
	if err != nil {
		return nil, err
	}
	n := r.Solver.Points
	solver := func(pde.Kernels[float64]) (Solve, error) {
		s, err := problem.Solver()
		if err != nil {
			return nil, err
		}
		a, u := make([]float64, n*n), make([]float64, n*n)
		return func(_ context.Context, index uint64, parts [][]float64) error {
			field := law.Draw(pde.Rand(r.Seed, index))
			if layout == pde.Cells {
				field.Cells(a, n)
			} else {
				field.Nodes(a, n)
			}
			pde.Threshold(a, low, high)
			if _, err := s.Solve(u, a, nil); err != nil {
				return err
			}
			for i := range r.Points {
				for j := range r.Points {
					p := (first+i*stride)*n + first + j*stride
					parts[0][i*r.Points+j] = a[p]
					parts[1][i*r.Points+j] = u[p] * beta * r.Length * r.Length // ∇² scales like L⁻²
				}
			}
			return nil
		}, nil
	}
	x := make([]float64, r.Points)
	for i := range x {
		at := float64(first + i*stride)
		if layout == pde.Cells {
			x[i] = r.Length * (at + 0.5) / float64(n)
		} else {
			x[i] = r.Length * at / float64(n-1)
		}
	}
	meta, err := r.meta([]string{"a"}, []string{"u"}, [][]float64{x, x}, Wall, nil)
	if err != nil {
		return nil, err
	}
	meta.Equation = darcyStatement
	return &Problem{Meta: meta, Parts: r.parts(1, r.Points, r.Points, 1), Solver: solver}, nil
}

// subsample is the first solver point and the stride that give the stored points at the same places of the domain.
func subsample(layout pde.PointLayout, solver, stored int) (first, stride int, err error) {
	if layout == pde.Cells {
		stride = solver / stored
		if solver%stored != 0 || stride%2 == 0 {
			return 0, 0, fmt.Errorf("%d solver cells are not an odd multiple of %d stored cells", solver, stored)
		}
		return stride / 2, stride, nil
	}
	if stored < 2 || (solver-1)%(stored-1) != 0 {
		return 0, 0, fmt.Errorf("%d solver nodes do not hold %d stored nodes: want solver-1 to be a multiple of stored-1", solver, stored)
	}
	return 0, (solver - 1) / (stored - 1), nil
}

func twoPhase(l LawRecipe) (law pde.NeumannGaussian, low, high float64, err error) {
	if l.Name != "neumann_gaussian" {
		return law, 0, 0, fmt.Errorf("no law %q of coefficients on a square; there is neumann_gaussian", l.Name)
	}
	var modes float64
	if err := take("initial parameter", l.Parameters, map[string]*float64{
		"alpha": &law.Alpha, "tau": &law.Tau, "modes": &modes, "low": &low, "high": &high,
	}); err != nil {
		return law, 0, 0, err
	}
	if law.Modes, err = whole("modes", modes); err != nil {
		return law, 0, 0, err
	}
	if !(low > 0 && high > 0) {
		return law, 0, 0, fmt.Errorf("coefficients low = %v, high = %v must be positive", low, high)
	}
	return law, low, high, law.Check()
}
