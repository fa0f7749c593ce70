package datasets

import (
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
