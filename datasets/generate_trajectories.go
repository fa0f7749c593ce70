package datasets

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"

	"github.com/kolmogo/kolmogo/pde"
)

// trajectories solves one trajectory after the other.
type trajectories struct {
	evolution
	recipe   Recipe
	law      pde.InitialLaw
	times    []float64
	channels int
}

// steppers are those to the first frame, nil for none, and between frames, for times scaled by a factor.
type steppers struct{ lead, frame pde.Stepper }

func (t *trajectories) steppers(s setting, scale float64) (steppers, error) {
	var out steppers
	var err error
	dt := scale * (t.times[1] - t.times[0])
	s.begin = scale * t.times[0]
	s.steps = max(1, t.recipe.Solver.Steps)
	if out.frame, err = t.stepper(s, dt); err != nil {
		return out, err
	}
	if t.times[0] > 0 {
		s.begin = 0
		s.steps = int(math.Ceil(float64(s.steps) * scale * t.times[0] / dt))
		out.lead, err = t.stepper(s, scale*t.times[0])
	}
	return out, err
}

func (t *trajectories) solver(k pde.Kernels[float64]) (Solve, error) {
	r := t.recipe
	names := r.drawn()
	fixed := r.setting(t.defaults, nil)
	fixed.kernels = k
	var kept steppers // where all trajectories have the same
	if len(names) == 0 {
		var err error
		if kept, err = t.steppers(fixed, 1); err != nil {
			return nil, err
		}
	}
	return func(ctx context.Context, index uint64, parts [][]float64) error {
		rnd := pde.Rand(r.Seed, index)
		s, scale := fixed, 1.0
		run := kept
		if len(names) > 0 {
			drawn := map[string]float64{}
			for i, name := range names {
				bounds := r.Varying[name]
				drawn[name] = bounds[0] + (bounds[1]-bounds[0])*rnd.Float64()
				parts[len(parts)-len(names)+i][0] = drawn[name]
			}
			s = r.setting(t.defaults, drawn)
			s.kernels = k
			if v, ok := drawn["time"]; ok {
				scale = v / r.Frames.T1
			}
			var err error
			if run, err = t.steppers(s, scale); err != nil {
				return err
			}
		} else if s, ok := run.frame.(restarter); ok {
			s.Restart(t.times[0])
			if l, ok := run.lead.(restarter); ok {
				l.Restart(0)
			}
		}
		u, err := t.state(rnd, s)
		if err != nil {
			return err
		}
		if run.lead != nil {
			run.lead.Step(u)
		}
		size := t.channels
		for range r.Axes {
			size *= r.Points
		}
		for i, u := range pde.Rollout(run.frame, u) {
			if ctx.Err() != nil {
				return context.Cause(ctx)
			}
			if dst := r.frame(parts, i, size); dst != nil {
				t.store(dst, u)
			}
			if i == len(t.times)-1 {
				return nil
			}
		}
		return nil
	}, nil
}

// restarter is a stepper that knows its time.
type restarter interface{ Restart(time float64) }

// state draws the initial state [channel, x..] on the solver's points.
func (t *trajectories) state(rnd *rand.Rand, s setting) ([]float64, error) {
	if t.initial != nil {
		return t.initial(rnd, s)
	}
	u := make([]float64, t.channels*s.size())
	shift := 0.0
	if t.cells {
		shift = 0.5
	}
	points := slices.Repeat([]int{s.points}, s.axes)
	for c := range t.channels {
		t.law.Draw(rnd, s.axes)(u[c*s.size():(c+1)*s.size()], points, shift)
	}
	if t.prepare != nil {
		return u, t.prepare(u, s)
	}
	return u, nil
}

// store writes a frame [x.., channel]: every k-th point of u [channel, x..], or the means over k cells on each axis.
func (t *trajectories) store(dst, u []float64) {
	axes, n, k := t.recipe.Axes, t.recipe.Points, t.recipe.Solver.Points/t.recipe.Points
	size := len(u) / t.channels
	block := 1
	if t.cells {
		for range axes {
			block *= k
		}
	}
	for i := range len(dst) / t.channels {
		for c := range t.channels {
			sum := 0.0
			for b := range block {
				at, stride, rest, inner := 0, 1, i, b
				for range axes {
					at += (rest%n*k + inner%k) * stride
					stride *= n * k
					rest /= n
					inner /= k
				}
				sum += u[c*size+at]
			}
			dst[i*t.channels+c] = sum / float64(block)
		}
	}
}
