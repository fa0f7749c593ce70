package train

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"

	"github.com/kolmogo/kolmogo/engine"
	"github.com/kolmogo/kolmogo/models/pinn"
	"github.com/kolmogo/kolmogo/op"
	"github.com/kolmogo/kolmogo/pde/domain"
)

// due tells whether new points are drawn before the next step: at a phase's start, every so many steps, and where none helped.
func (t *PINN) due() bool {
	every := t.resample()
	return t.state.PhaseStep == 0 || every > 0 && t.state.PhaseStep%every == 0 || t.state.Stalls > 0
}

// resample is the number of steps from one draw of points to the next in the present phase; 0: there is none.
func (t *PINN) resample() int {
	every := t.Config.Points.Resample
	if slices.Contains(firstOrder(), t.phases[t.state.Epoch].Method) {
		every *= 10
	}
	return every
}

// horizon is the part of the time in which points lie now.
func (t *PINN) horizon() float64 {
	if n := t.Config.Points.Horizon; t.state.Draws < n {
		return 0.1 + 0.9*float64(t.state.Draws)/float64(n)
	}
	return 1
}

// draw draws the points of every set, but for observations, which stay.
func (t *PINN) draw() error {
	how := pinn.Draw{Sampling: domain.Sampling(t.model.Problem.Sampling), Horizon: t.horizon()}
	next := map[string][]float64{}
	for _, set := range t.model.Sets {
		if targets, ok := t.feeds["targets."+set.Name]; ok && set.Observed() {
			next["targets."+set.Name], next["points."+set.Name] = targets, t.feeds["points."+set.Name]
			continue
		}
		if t.kept(set) {
			for _, name := range []string{"points.", "normals.", "targets."} {
				if data, ok := t.feeds[name+set.Name]; ok {
					next[name+set.Name] = data
				}
			}
			continue
		}
		n := t.count(set)
		if a, ok := t.adaptation(); ok && set.Inside() && t.candidates() > n {
			points, err := a.choose(t, set, n, how)
			if err != nil {
				return err
			}
			next["points."+set.Name] = points
			continue
		}
		own := how
		if !set.Inside() && weightings()[t.Config.Weights.Kind] {
			own.Horizon = 0 // these points stay
		}
		feed, err := t.model.Draw(set, n, own, t.rnd)
		if err != nil {
			return err
		}
		if err := t.handOver(set, n, feed); err != nil {
			return err
		}
		for name, data := range feed {
			next[name] = data
		}
	}
	t.feedWeights(next)
	t.feeds = next
	t.state.Draws++
	return nil
}

// candidates is the number of candidates in each part of the domain.
func (t *PINN) candidates() int { return t.Config.Points.Candidates / t.model.Parts() }

// sifted draws candidates and of these n points with weights |r|/mean|r| + 1 for the residual r (RAD: Wu et al. 2023, arXiv 2207.10289, eq. 2 with
// k = c = 1).
func (t *PINN) sifted(set *pinn.Set, n int, how pinn.Draw) ([]float64, error) {
	return t.elect(set, n, how, func(squares []float64) []float64 {
		mean := 0.0
		weights := make([]float64, len(squares))
		for i, s := range squares {
			weights[i] = math.Sqrt(s)
			mean += weights[i] / float64(len(squares))
		}
		if !(mean > 0) {
			mean = 1
		}
		for i := range weights {
			weights[i] = weights[i]/mean + 1
		}
		return weights
	})
}

// elect draws candidates and of these n points without replacement, with weights that are made of the squares of the residuals.
func (t *PINN) elect(set *pinn.Set, n int, how pinn.Draw, weigh func(squares []float64) []float64) ([]float64, error) {
	sift := t.sift[set.Name]
	if sift == nil {
		var err error
		if sift, err = t.newSifter(set, t.candidates()); err != nil {
			return nil, err
		}
		if t.sift == nil {
			t.sift = map[string]*sifter{}
		}
		t.sift[set.Name] = sift
	}
	feed, err := t.model.Draw(set, len(sift.squares), how, t.rnd)
	if err != nil {
		return nil, err
	}
	x := feed["points."+set.Name]
	squares, err := sift.at(t, feed)
	if err != nil {
		return nil, err
	}
	d := len(t.model.Problem.Coordinates)
	points := make([]float64, 0, n*d)
	for _, i := range weighted(weigh(squares), n, t.rnd) {
		points = append(points, x[i*d:(i+1)*d]...)
	}
	return points, nil
}

// weighted draws n numbers without replacement, each with a weight: those with the smallest exponential times (Efraimidis & Spirakis 2006).
func weighted(weights []float64, n int, rnd *rand.Rand) []int {
	times, order := make([]float64, len(weights)), make([]int, len(weights))
	for i, w := range weights {
		times[i], order[i] = rnd.ExpFloat64()/w, i
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Or(cmp.Compare(times[a], times[b]), a-b) })
	return order[:n]
}

// sifter evaluates the squares of the residuals at candidates.
type sifter struct {
	program *engine.Program
	squares []float64
}

func (t *PINN) newSifter(set *pinn.Set, n int) (*sifter, error) {
	g := op.NewGraph()
	rows, err := t.model.Rows(g, t.Precision, set, n)
	if err != nil {
		return nil, err
	}
	sum := op.Mul(rows[0].Value, rows[0].Value)
	for _, r := range rows[1:] {
		sum = op.Add(sum, op.Mul(r.Value, r.Value))
	}
	s := &sifter{squares: make([]float64, n)}
	s.program, err = engine.Compile(g, []op.Value{op.ReshapeTo(sum, op.Of(n))}, nil, t.store)
	return s, err
}

// at returns the squares at points, which are valid until the next call.
func (s *sifter) at(t *PINN, points map[string][]float64) ([]float64, error) {
	if err := t.feedPoints(s.program, points, t.parameter); err != nil {
		return nil, err
	}
	if err := s.program.Run(); err != nil {
		return nil, err
	}
	return s.squares, engine.Output(s.program, 0, s.squares)
}
