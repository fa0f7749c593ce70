package train

import (
	"encoding/json"
	"fmt"
	"iter"
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/kolmogo/kolmogo/engine"
	"github.com/kolmogo/kolmogo/models"
	"github.com/kolmogo/kolmogo/models/pinn"
	"github.com/kolmogo/kolmogo/op"
)

type paramSeq = iter.Seq2[string, *models.Param]

// Solution is what a run found: the unknowns, or what the reference has of them, as functions of the coordinates. It is used by one goroutine.
type Solution struct {
	Model     *pinn.Model
	Network   models.Config
	Seed      uint64
	Precision op.Dtype
	Step      int
	Bandit    BanditState // that chose couplings of subdomains; empty: there was none
	store     *engine.Store

	solution, residuals programs
}

// programs evaluate one thing, piece by piece.
type programs struct {
	columns int
	build   func(g *op.Graph, t op.Dtype, piece, n int) (op.Value, error)
	pieces  []*engine.Program // by number; nil: not needed yet
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
	s, err := NewSolution(p, net, state.Seed, state.Precision, b)
	if err != nil {
		return nil, err
	}
	s.Step, s.Bandit = state.Step, state.Bandit
	weights := map[string][]byte{}
	for name, data := range parts {
		if name, ok := strings.CutPrefix(name, "var/param."); ok {
			weights[name] = data
		}
	}
	if err := s.SetWeights(weights); err != nil {
		return nil, fmt.Errorf("%w %s: %w", ErrDamaged, path, err)
	}
	return s, nil
}

// NewSolution returns a solution with the first weights of a seed, which draws fixed features too.
func NewSolution(p pinn.Problem, net models.Config, seed uint64, t op.Dtype, b engine.Backend) (*Solution, error) {
	m, err := pinn.New(p, net, rand.New(rand.NewPCG(seed, 0)))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrConfig, err)
	}
	s, err := newSolution(m, t, engine.NewStore(b))
	if err != nil {
		return nil, err
	}
	s.Network, s.Seed = net, seed
	return s, nil
}

// SetWeights sets the exact bytes of each parameter.
func (s *Solution) SetWeights(data map[string][]byte) error {
	for name := range s.Model.Params() {
		b, ok := data[name]
		if !ok {
			return fmt.Errorf("train: the weights lack %q", name)
		}
		if err := s.store.WriteBytes("param."+name, b); err != nil {
			return err
		}
	}
	return nil
}

// Weights returns the exact bytes of each parameter.
func (s *Solution) Weights() (map[string][]byte, error) {
	data := map[string][]byte{}
	for name := range s.Model.Params() {
		b, err := s.store.ReadBytes("param." + name)
		if err != nil {
			return nil, err
		}
		data[name] = b
	}
	return data, nil
}

// Graph returns the quantities of the reference [n, quantities] as a piece of the model has them at the input "points" [n, coordinates], as
// a graph whose variables are those of Weights.
func (s *Solution) Graph(piece, n int) (op.Value, error) {
	return s.Model.Solution(op.NewGraph(), s.Precision, piece, n)
}

// newSolution is what the parameters in a store say.
func newSolution(m *pinn.Model, dt op.Dtype, store *engine.Store) (*Solution, error) {
	s := &Solution{Model: m, store: store, Precision: dt}
	s.solution = programs{len(m.Quantities), m.Solution, make([]*engine.Program, m.Pieces())}
	s.residuals = programs{len(m.Problem.Equations), m.Residuals, make([]*engine.Program, m.Pieces())}
	return s, declarePINN(m.Params(), dt, store)
}

// piece is the program of a piece.
func (s *Solution) piece(of programs, k int) (*engine.Program, error) {
	if of.pieces[k] != nil {
		return of.pieces[k], nil
	}
	g := op.NewGraph()
	u, err := of.build(g, s.Precision, k, solutionChunk)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrConfig, err)
	}
	p, err := engine.Compile(g, []op.Value{u}, nil, s.store)
	if err != nil {
		return nil, err
	}
	for _, name := range s.Model.Problem.Varied {
		if err := engine.Feed(p, "parameter."+name, []float64{float64(s.Model.Problem.Parameters[name])}); err != nil {
			return nil, err
		}
	}
	of.pieces[k] = p
	return p, nil
}

// At returns the quantities of the reference, [n, quantities], at points [n, coordinates].
func (s *Solution) At(x []float64) ([]float64, error) { return s.evaluate(s.solution, x) }

// Residuals returns those of the equations, [n, equations], at points [n, coordinates].
func (s *Solution) Residuals(x []float64) ([]float64, error) { return s.evaluate(s.residuals, x) }

func (s *Solution) evaluate(of programs, x []float64) ([]float64, error) {
	d, k := len(s.Model.Problem.Coordinates), of.columns
	where := make([][]int, len(of.pieces)) // the points of each piece
	for i := range len(x) / d {
		w := s.Model.PieceAt(x[i*d : (i+1)*d])
		where[w] = append(where[w], i)
	}
	u := make([]float64, len(x)/d*k)
	points, values := make([]float64, solutionChunk*d), make([]float64, solutionChunk*k)
	for w, list := range where {
		for chunk := range slices.Chunk(list, solutionChunk) {
			p, err := s.piece(of, w)
			if err != nil {
				return nil, err
			}
			for j, i := range chunk {
				copy(points[j*d:], x[i*d:(i+1)*d])
			}
			if err := engine.Feed(p, "points", points); err != nil {
				return nil, err
			}
			if err := p.Run(); err != nil {
				return nil, err
			}
			if err := engine.Output(p, 0, values); err != nil {
				return nil, err
			}
			for j, i := range chunk {
				copy(u[i*k:(i+1)*k], values[j*k:])
			}
		}
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
