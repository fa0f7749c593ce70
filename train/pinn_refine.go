package train

import (
	"github.com/kolmogo/kolmogo/models/pinn"
)

// RAR-D adds to the points of a phase, at every draw after the first, some of new candidates, with the density r²/∫r² of the residual r; no point
// leaves (Wu et al. 2023, arXiv 2207.10289, algorithm 3 with k = 2 and c = 0), until the set has doubled.

// refinement is the number of points that the next draw adds to each part of the domain.
func (t *PINN) refinement() int {
	if t.state.PhaseStep == 0 {
		return -t.state.Added
	}
	n := t.count(t.model.Sets[0]) - t.state.Added
	more := t.Config.Points.Added
	if more == 0 {
		more = max(1, n/20)
	}
	return max(0, min(more, n-t.state.Added, t.candidates()-1-n-t.state.Added))
}

// refined returns the set's points of before and n minus their number new ones; new ones alone at the start of a phase.
func (t *PINN) refined(set *pinn.Set, n int, how pinn.Draw) ([]float64, error) {
	name := "points." + set.Name
	if t.state.PhaseStep == 0 {
		feed, err := t.model.Draw(set, n, how, t.rnd)
		return feed[name], err
	}
	points := t.feeds[name]
	missing := n - len(points)/len(t.model.Problem.Coordinates)
	if missing <= 0 {
		return points, nil
	}
	more, err := t.elect(set, missing, how, func(squares []float64) []float64 { return squares })
	return append(append([]float64{}, points...), more...), err
}
