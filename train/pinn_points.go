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
	every := t.Config.Points.Resample
	if slices.Contains(firstOrder(), t.phases[t.state.Epoch].Method) {
		every *= 10
	}
	return t.state.PhaseStep == 0 || every > 0 && t.state.PhaseStep%every == 0 || t.state.Stalls > 0
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
		if set.Inside() && t.adaptive(n) {
			points, err := t.sifted(set, n, how)
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

// adaptive tells whether n points are chosen among candidates now: in second-order phases.
func (t *PINN) adaptive(n int) bool {
	return t.candidates() > n && !slices.Contains(firstOrder(), t.phases[t.state.Epoch].Method)
}

// candidates is the number of candidates in each part of the domain.
func (t *PINN) candidates() int { return t.Config.Points.Candidates / t.model.Parts() }

// sifted draws candidates and of these n points without replacement, with weights |r|/mean|r| + 1 for the residual r (Wu et al. 2023,
// arXiv 2207.10289, eq. 2 with k = c = 1).
func (t *PINN) sifted(set *pinn.Set, n int, how pinn.Draw) ([]float64, error) {
	sift := t.sift[set.Name]
	if sift == nil {
		var err error
		if sift, err = t.newSifter(set); err != nil {
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
	if err := t.feedPoints(sift.program, feed, t.parameter); err != nil {
		return nil, err
	}
	if err := sift.program.Run(); err != nil {
		return nil, err
	}
	if err := engine.Output(sift.program, 0, sift.squares); err != nil {
		return nil, err
	}
	d := len(t.model.Problem.Coordinates)
	points := make([]float64, 0, n*d)
	for _, i := range weighted(sift.squares, n, t.rnd) {
		points = append(points, x[i*d:(i+1)*d]...)
	}
	return points, nil
}

// weighted draws n numbers without replacement with weights √s/mean√s + 1: those with the smallest exponential times (Efraimidis &
// Spirakis 2006).
func weighted(squares []float64, n int, rnd *rand.Rand) []int {
	mean := 0.0
	for _, s := range squares {
		mean += math.Sqrt(s) / float64(len(squares))
	}
	if !(mean > 0) {
		mean = 1
	}
	times, order := make([]float64, len(squares)), make([]int, len(squares))
	for i, s := range squares {
		times[i], order[i] = rnd.ExpFloat64()/(math.Sqrt(s)/mean+1), i
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Or(cmp.Compare(times[a], times[b]), a-b) })
	return order[:n]
}

// sifter evaluates the squares of the residuals at candidates.
type sifter struct {
	program *engine.Program
	squares []float64
}

func (t *PINN) newSifter(set *pinn.Set) (*sifter, error) {
	n := t.candidates()
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
