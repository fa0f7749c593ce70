package datasets

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/kolmogo/kolmogo/pde"
)

// measured is the square root of the number of points that are known of a function.
const measured = 10

// family is an exact solution with the parameter that tells its members apart, and its integral over space, by the formula.
type family struct {
	parameter string
	at        func(p float64) (u func(t, x float64) float64, mass func(t float64) float64, err error)
}

// families are those of Hansen et al. 2023 (ProbConserv), by the names of their equations.
func families() map[string]family {
	return map[string]family{
		"heat_sine": {"k", func(k float64) (func(t, x float64) float64, func(t float64) float64, error) {
			return func(t, x float64) float64 { return math.Exp(-k*t) * math.Sin(x) }, func(float64) float64 { return 0 }, nil
		}},
		"porous_medium": {"m", func(m float64) (func(t, x float64) float64, func(t float64) float64, error) {
			s := pde.PorousMedium{Degree: m}
			return s.At, s.Mass, nil
		}},
		"stefan": {"threshold", func(u float64) (func(t, x float64) float64, func(t float64) float64, error) {
			s, err := pde.NewStefan(u, 1)
			return s.At, s.Mass, err
		}},
	}
}

// scatteredProblem is functions of a family known at a hundred points, ten times by ten places, drawn in [0, T1] × [0, Length]: lists of points
// with the channels t/T1, x/Length, u (0 where it is asked for), and the mean of u over space (0 where it is not known). Behind the known points
// stand those that are asked for: as many again, drawn in the same way, or with the parameter time that many equidistant ones at
// this time, ends included, and the mean then.
func scatteredProblem(r Recipe) (*Problem, error) {
	names := slices.Sorted(func(yield func(string) bool) {
		for name := range families() {
			if !yield(name) {
				return
			}
		}
	})
	which, err := choose(r.Options, "of", names, names)
	if err != nil {
		return nil, err
	}
	f := families()[which]
	bounds := r.Varying[f.parameter]
	time, line := r.Parameters["time"]
	switch {
	case len(r.Varying) != 1 || len(bounds) != 2 || !(bounds[0] <= bounds[1]):
		return nil, fmt.Errorf("varying is %v: want two numbers for %s", r.Varying, f.parameter)
	case len(r.Parameters) > 1 || len(r.Parameters) == 1 && !(line && time > 0 && time <= r.Frames.T1):
		return nil, fmt.Errorf("parameters %v: there is only a time up to %v", r.Parameters, r.Frames.T1)
	case !r.Pairs || r.Axes > 1 || !(r.Frames.T1 > 0) || r.Points < 2:
		return nil, errors.New("scattered points are pairs: true on one axis, up to frames.t1, two or more")
	}
	n := measured*measured + r.Points
	const channels = 4
	solver := func(pde.Kernels[float64]) (Solve, error) {
		return func(_ context.Context, index uint64, parts [][]float64) error {
			rnd := pde.Rand(r.Seed, index)
			u, mass, err := f.at(bounds[0] + (bounds[1]-bounds[0])*rnd.Float64())
			if err != nil {
				return err
			}
			draw := func(largest float64) []float64 {
				list := make([]float64, measured)
				for i := range list {
					list[i] = largest * rnd.Float64()
				}
				slices.Sort(list)
				return list
			}
			clear(parts[0])
			row := 0
			put := func(t, x float64) {
				at := parts[0][row*channels : (row+1)*channels]
				at[0], at[1], parts[1][row] = t/r.Frames.T1, x/r.Length, u(t, x)
				if row < measured*measured {
					at[2] = parts[1][row]
				} else if line {
					at[3] = mass(t) / r.Length
				}
				row++
			}
			for row < n {
				if line && row >= measured*measured {
					for j := range r.Points {
						put(time, r.Length*float64(j)/float64(r.Points-1))
					}
					break
				}
				times, places := draw(r.Frames.T1), draw(r.Length)
				for _, t := range times {
					for _, x := range places {
						if row < n {
							put(t, x)
						}
					}
				}
			}
			return nil
		}, nil
	}
	index := make([]float64, n)
	for i := range index {
		index[i] = float64(i)
	}
	meta, err := r.meta([]string{"t", "x", "known", "mean"}, []string{"u"}, [][]float64{index}, Wall, nil)
	if err != nil {
		return nil, err
	}
	meta.Equation = "members of " + which
	return &Problem{Meta: meta, Parts: []Part{{KeyInputs, r.Dtype, []int{n, channels}}, {KeyOutputs, r.Dtype, []int{n, 1}}}, Solver: solver}, nil
}
