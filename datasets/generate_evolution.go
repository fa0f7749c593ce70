package datasets

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"slices"

	"github.com/kolmogo/kolmogo/pde"
)

// evolution is an equation in time that recipes can name.
type evolution struct {
	statement  string
	parameters []string           // that a recipe must give
	defaults   map[string]float64 // of those that it may leave out
	axes       []int              // possible numbers; the first is the default
	channels   func(axes int) []string
	turns      func(axes int, m *Meta) // names what is not a scalar; nil: all are
	ends       Boundary
	cells      bool // points are centres of cells, and stored ones means over solver's
	centred    bool // the domain is [-L/2, L/2], not [0, L]
	// prepare completes a drawn initial state; nil leaves it.
	prepare func(u []float64, s setting) error
	// initial makes the state itself, in the place of a law; nil asks the recipe's law for every channel.
	initial func(rnd *rand.Rand, s setting) ([]float64, error)
	stepper func(s setting, dt float64) (pde.Stepper, error)
}

// setting is a recipe's numbers for one trajectory.
type setting struct {
	parameters map[string]float64
	axes       int
	points     int // of the solver
	length     float64
	steps      int // of the solver in a step
	begin      float64
	kernels    pde.Kernels[float64]
}

func (s setting) size() int {
	n := 1
	for range s.axes {
		n *= s.points
	}
	return n
}

func (s setting) grid() pde.Fourier {
	return pde.Fourier{Points: slices.Repeat([]int{s.points}, s.axes), Lengths: slices.Repeat([]float64{s.length}, s.axes)}
}

// problem understands a recipe for the equation.
func (e evolution) problem(r Recipe) (*Problem, error) {
	if err := take("option", r.Options, map[string]*string{}); err != nil {
		return nil, err
	}
	if r.Axes == 0 {
		r.Axes = e.axes[0]
	}
	if !slices.Contains(e.axes, r.Axes) {
		return nil, fmt.Errorf("%d axes; the equation has %v", r.Axes, e.axes)
	}
	if err := e.known(r); err != nil {
		return nil, err
	}
	if r.Solver.Points%r.Points != 0 {
		return nil, fmt.Errorf("%d solver points are not a multiple of %d stored points", r.Solver.Points, r.Points)
	}
	if math.Pow(float64(r.Solver.Points), float64(r.Axes)) > maxPoints {
		return nil, fmt.Errorf("%d points on each of %d axes are more than %d", r.Solver.Points, r.Axes, maxPoints)
	}
	times, err := r.Frames.times()
	if err != nil {
		return nil, err
	}
	var law pde.InitialLaw
	if e.initial == nil {
		if law, err = initialLaw(r.Initial); err != nil {
			return nil, err
		}
		if g, ok := law.(gridLaw); ok && (g.axes() != r.Axes || e.cells) {
			return nil, fmt.Errorf("the law %s is for the points of %d axes", r.Initial.Name, g.axes())
		}
	} else if r.Initial.Name != "" || r.Initial.Parameters != nil {
		return nil, errors.New("the equation has an initial condition of its own: leave out initial")
	}
	names := e.channels(r.Axes)
	run := &trajectories{evolution: e, recipe: r, law: law, times: times, channels: len(names)}
	if _, err := run.steppers(r.setting(e.defaults, nil), 1); err != nil {
		return nil, err
	}
	x := make([]float64, r.Points)
	for j := range x {
		at := float64(j)
		if e.cells {
			at += 0.5
		}
		x[j] = r.Length * at / float64(r.Points)
		if e.centred {
			x[j] -= r.Length / 2
		}
	}
	meta, err := r.meta(names, names, slices.Repeat([][]float64{x}, r.Axes), e.ends, times)
	if err != nil {
		return nil, err
	}
	meta.Equation = e.statement
	if e.turns != nil {
		e.turns(r.Axes, &meta)
	}
	parts := r.parts(len(times), append(slices.Repeat([]int{r.Points}, r.Axes), len(names))...)
	meta.Parameters = maps.Clone(meta.Parameters)
	for _, name := range r.drawn() {
		parts = append(parts, Part{partParameter + name, Float64, []int{}})
		delete(meta.Parameters, name)
	}
	return &Problem{Meta: meta, Parts: parts, Solver: run.solver}, nil
}

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
