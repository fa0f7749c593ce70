package train

import (
	"encoding/json"
	"fmt"
	"iter"
	"math/rand/v2"

	"github.com/kolmogo/kolmogo/engine"
	"github.com/kolmogo/kolmogo/models"
	"github.com/kolmogo/kolmogo/models/pinn"
	"github.com/kolmogo/kolmogo/op"
)

type paramSeq = iter.Seq2[string, *models.Param]

// Solution is what a run found: the unknowns, or what the reference has of them, as functions of the coordinates. It is used by one goroutine.
type Solution struct {
	Model   *pinn.Model
	Step    int
	store   *engine.Store
	program *engine.Program
	values  []float64

	precision op.Dtype
}

// solutionChunk is the number of points that are evaluated at once.
const solutionChunk = 4096

// OpenSolution returns the solution in a checkpoint file of the run of a problem.
func OpenSolution(path string, p pinn.Problem, net models.Config, b engine.Backend) (*Solution, error) {
	parts, err := readParts(path)
	if err != nil {
		return nil, err
	}
	var state pinnState
	if err := json.Unmarshal(parts["state"], &state); err != nil {
		return nil, fmt.Errorf("%w %s: %w", ErrDamaged, path, err)
	}
	// drawn features are a function of the seed, too
	m, err := pinn.New(p, net, rand.New(rand.NewPCG(state.Seed, 0)))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrConfig, err)
	}
	s, err := newSolution(m, state.Precision, engine.NewStore(b))
	if err != nil {
		return nil, err
	}
	s.Step = state.Step
	for name := range s.Model.Params() {
		data, ok := parts["var/param."+name]
		if !ok {
			return nil, fmt.Errorf("%w %s: it lacks the weights %q", ErrDamaged, path, name)
		}
		if err := s.store.WriteBytes("param."+name, data); err != nil {
			return nil, fmt.Errorf("%w %s: %w", ErrDamaged, path, err)
		}
	}
	return s, nil
}

// newSolution is what the parameters in a store say.
func newSolution(m *pinn.Model, dt op.Dtype, store *engine.Store) (*Solution, error) {
	s := &Solution{Model: m, store: store, precision: dt, values: make([]float64, solutionChunk*len(m.Quantities))}
	g := op.NewGraph()
	u, err := m.Solution(g, dt, solutionChunk)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrConfig, err)
	}
	if s.program, err = engine.Compile(g, []op.Value{u}, nil, store); err != nil {
		return nil, err
	}
	return s, declarePINN(m.Params(), dt, store)
}

// At returns the quantities of the reference, [n, quantities], at points [n, coordinates].
func (s *Solution) At(x []float64) ([]float64, error) {
	d, k := len(s.Model.Problem.Coordinates), len(s.Model.Quantities)
	var u []float64
	buffer := make([]float64, solutionChunk*d)
	for _, name := range s.Model.Problem.Varied {
		if err := engine.Feed(s.program, "parameter."+name, []float64{float64(s.Model.Problem.Parameters[name])}); err != nil {
			return nil, err
		}
	}
	for len(x) > 0 {
		n := min(len(x)/d, solutionChunk)
		copy(buffer, x[:n*d])
		if err := engine.Feed(s.program, "points", buffer); err != nil {
			return nil, err
		}
		if err := s.program.Run(); err != nil {
			return nil, err
		}
		if err := engine.Output(s.program, 0, s.values); err != nil {
			return nil, err
		}
		u = append(u, s.values[:n*k]...)
		x = x[n*d:]
	}
	return u, nil
}

// Coefficients returns the values of the parameters of the equations that were trained.
func (s *Solution) Coefficients() (map[string]float64, error) {
	values := map[string]float64{}
	for _, name := range s.Model.Coefficients() {
		v, err := s.store.Get("param.coefficient." + name)
		if err != nil {
			return nil, err
		}
		values[name] = s.Model.Coefficient(name, v[0])
	}
	return values, nil
}
