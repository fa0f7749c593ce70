package datasets

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"github.com/kolmogo/kolmogo/pde"
)

// Recipe says everything that determines a generated set: trajectory number i is a function of the recipe without N, and of i.
// Its zero values are useful where a comment says so. Keys that an equation or a law does not know are errors.
type Recipe struct {
	Equation   string             `json:"equation"`             // a name in [Equations]
	Parameters map[string]float64 `json:"parameters,omitempty"` // of the equation, by name
	Options    map[string]string  `json:"options,omitempty"`    // of the discretisation, by name
	Axes       int                `json:"axes,omitempty"`       // of space; 0 means the equation's least number
	Length     float64            `json:"length,omitempty"`     // of the domain's side; 0 means 1
	Points     int                `json:"points"`               // stored, per axis
	Solver     SolverRecipe       `json:"solver"`
	Frames     FrameRecipe        `json:"frames,omitzero"`
	Pairs      bool               `json:"pairs,omitempty"` // store a map from the first frame to the last, not a trajectory
	Initial    LawRecipe          `json:"initial"`         // of the initial condition or the coefficient
	// Varying draws for every trajectory a parameter, the length or the time of the last frame (all times in proportion) between
	// two numbers, and stores it as a parameter of the trajectory.
	Varying map[string][]float64 `json:"varying,omitempty"`
	N       int                  `json:"-"` // trajectories; a longer set continues a shorter one
	Seed    uint64               `json:"seed"`
	Dtype   Dtype                `json:"dtype,omitempty"` // stored; empty means float32
}

// SolverRecipe is the resolution of the solver.
type SolverRecipe struct {
	Points int `json:"points,omitempty"` // per axis; the stored points are every k-th of them; 0 means the stored ones
	Steps  int `json:"steps,omitempty"`  // of time between two frames; 0 means 1
}

// FrameRecipe is Count equidistant times from T0 to T1, both included.
type FrameRecipe struct {
	T0    float64 `json:"t0"`
	T1    float64 `json:"t1"`
	Count int     `json:"count"`
}

// LawRecipe is a law of random fields by its name and parameters.
type LawRecipe struct {
	Name       string             `json:"name"`
	Parameters map[string]float64 `json:"parameters,omitempty"`
}

// equation is what a recipe can name: what it says, and how a recipe for it is understood.
type equation struct {
	statement string
	build     func(Recipe) (*Problem, error)
}

// equations is the table of what can be generated: a new equation is one line here and the value or function that it names.
func equations() map[string]equation {
	table := map[string]equation{
		"burgers":                {burgersStatement, burgersProblem},
		"darcy":                  {darcyStatement, darcyProblem},
		"poisson":                {poissonStatement, poissonProblem},
		"diffusion_sorption_map": {sorptionStatement, sorptionMap},
		"scattered":              {"members u(t, x) of a family, known at scattered points: heat_sine, porous_medium or stefan", scatteredProblem},
	}
	table["whole"] = equation{"the map u(0) → u(0 .. T) of another equation: from the first frame of its trajectories to all of them", wholeProblem}
	for _, list := range []map[string]evolution{spectralEquations(), volumeEquations(), lineEquations(), exactSolutions()} {
		for name, e := range list {
			table[name] = equation{e.statement, e.problem}
		}
	}
	return table
}

// Equations tells the equations that a recipe can name, and what each says.
func Equations() map[string]string {
	statements := map[string]string{}
	for name, e := range equations() {
		statements[name] = e.statement
	}
	return statements
}

// Problem is a recipe that was understood.
type Problem struct {
	Meta  Meta   // of the set
	Parts []Part // of one trajectory
	// Solver makes a solver with its memory, for one goroutine; spectral ones run on the kernels.
	Solver func(k pde.Kernels[float64]) (Solve, error)
}

// Solve fills one slice per part for trajectory number index. Where it takes long it gives up with the context's error once ctx is done.
type Solve func(ctx context.Context, index uint64, parts [][]float64) error

// Problem looks the recipe's equation up and checks the rest.
func (r Recipe) Problem() (*Problem, error) {
	e, ok := equations()[r.Equation]
	if !ok {
		return nil, fmt.Errorf("datasets: recipe: no equation %q; there are %s", r.Equation, strings.Join(slices.Sorted(maps.Keys(equations())), ", "))
	}
	if r.Dtype == "" {
		r.Dtype = Float32
	}
	if r.Dtype != Float32 && r.Dtype != Float64 {
		return nil, fmt.Errorf("datasets: recipe: dtype %q; trajectories are stored as %s or %s", r.Dtype, Float32, Float64)
	}
	if r.Length == 0 {
		r.Length = 1
	}
	if !(r.Length > 0) || math.IsInf(r.Length, 0) {
		return nil, fmt.Errorf("datasets: recipe: length %v is not positive and finite", r.Length)
	}
	if r.Points < 1 || r.Points > maxPoints || r.Solver.Points < 0 || r.Solver.Points > maxPoints {
		return nil, fmt.Errorf("datasets: recipe: points %d, solver points %d; want 1 to %d", r.Points, r.Solver.Points, maxPoints)
	}
	if r.Solver.Points == 0 {
		r.Solver.Points = r.Points
	}
	if r.Solver.Steps < 0 {
		return nil, fmt.Errorf("datasets: recipe: %d solver steps", r.Solver.Steps)
	}
	if r.Axes < 0 || r.Axes > 3 {
		return nil, fmt.Errorf("datasets: recipe: %d axes; want 1 to 3, or 0 for the equation's own number", r.Axes)
	}
	p, err := e.build(r)
	if err != nil {
		return nil, fmt.Errorf("datasets: recipe for %s: %w", r.Equation, err)
	}
	return p, nil
}

const maxPoints = 1 << 24

// meta describes the set; coords holds the coordinates of each axis, all of whose ends are of one kind.
func (r Recipe) meta(inputs, channels []string, coords [][]float64, ends Boundary, times []float64) (Meta, error) {
	text, err := json.Marshal(r)
	if err != nil {
		return Meta{}, err
	}
	m := Meta{Name: r.Equation, Equation: r.Equation, Channels: channels, Parameters: r.Parameters, Recipe: string(text), Seed: r.Seed, Source: "generated"}
	for i, x := range coords {
		m.Axes = append(m.Axes, Axis{Name: axisName(i), Coords: x, Low: ends, High: ends})
	}
	if r.Pairs {
		m.InputChannels = inputs
	} else {
		m.Times = times
	}
	return m, nil
}

// times are the frames' time stamps.
func (f FrameRecipe) times() ([]float64, error) {
	if f.Count < 2 || !(f.T1 > f.T0) || !(f.T0 >= 0) || math.IsInf(f.T1, 0) {
		return nil, fmt.Errorf("frames from %v to %v, count %d: want 0 ≤ t0 < t1 and a count of at least 2", f.T0, f.T1, f.Count)
	}
	t := make([]float64, f.Count)
	for i := range t {
		t[i] = f.T0 + (f.T1-f.T0)*float64(i)/float64(f.Count-1)
	}
	return t, nil
}

// take moves the named values out of a map into variables; every name must be there, and nothing else may be.
func take[T any](what string, from map[string]T, into map[string]*T) error {
	for name, v := range into {
		value, ok := from[name]
		if !ok {
			return fmt.Errorf("%s %q is missing", what, name)
		}
		*v = value
	}
	for _, name := range slices.Sorted(maps.Keys(from)) {
		if into[name] == nil {
			return fmt.Errorf("unknown %s %q; known are %s", what, name, strings.Join(slices.Sorted(maps.Keys(into)), ", "))
		}
	}
	return nil
}

// choose finds an option's value among the allowed ones; the first is the default.
func choose[T any](options map[string]string, name string, names []string, values []T) (T, error) {
	chosen, ok := options[name]
	if !ok {
		return values[0], nil
	}
	if i := slices.Index(names, chosen); i >= 0 {
		return values[i], nil
	}
	return values[0], fmt.Errorf("option %s is %q; want one of %s", name, chosen, strings.Join(names, ", "))
}
