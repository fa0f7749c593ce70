package eval

import (
	"fmt"
	"math"
	"slices"
)

// Ensemble judges the uncertainty that several predictions of one thing state: samples of a generative surrogate, or seeds. For M members
// xᵢ of mean x̄ and the truth y at every point and channel,
//
//	spread = √⟨Σ(xᵢ−x̄)²/(M−1)⟩    skill = √⟨(x̄−y)²⟩    of a reliable ensemble skill² = (1+1/M) spread²
//	CRPS   = ⟨Σ|xᵢ−y|/M − ΣΣ|xᵢ−xⱼ|/(2M(M−1))⟩    the fair form, whose expectation does not depend on M (Ferro 2014)
//
// for each step, where ⟨⟩ is over trajectories, points and channels. Ranks counts, over all steps, how many members are below the truth:
// flat where the ensemble is reliable, U-shaped where it is too narrow. A NaN anywhere makes the numbers of its step NaN, and is counted in
// Lost instead of the ranks.
type Ensemble struct {
	Spread, Skill, CRPS []float64 // by step
	Ranks               []float64 // 0 .. M; a tie is shared among the ranks that it allows
	Lost                int64     // values that have no rank
	Events              []Reliability
	x                   []float64
}

// Reliability counts, for the event u > Threshold of one value, how often it happens when a share of members i/M says so.
type Reliability struct {
	Threshold float64
	Forecasts []float64 // by number of members that say so, 0 .. M
	Events    []float64 // of these, how often it happened
}

// NewEnsemble watches events u > threshold besides.
func NewEnsemble(thresholds ...float64) *Ensemble {
	e := &Ensemble{}
	for _, t := range thresholds {
		e.Events = append(e.Events, Reliability{Threshold: t})
	}
	return e
}

// Add judges the next step: every member and the truth, [trajectory, 1, x.., channel].
func (e *Ensemble) Add(members []Field[float32], truth Field[float32]) error {
	if len(members) < 2 {
		return fmt.Errorf("eval: an ensemble of %d members has no spread; want at least two", len(members))
	}
	for _, m := range members {
		if err := m.matches(truth); err != nil {
			return err
		}
	}
	count := len(members)
	if e.Ranks == nil {
		e.Ranks = make([]float64, count+1)
		for i := range e.Events {
			e.Events[i].Forecasts, e.Events[i].Events = make([]float64, count+1), make([]float64, count+1)
		}
	}
	if len(e.Ranks) != count+1 {
		return fmt.Errorf("eval: an ensemble of %d members after one of %d", count, len(e.Ranks)-1)
	}
	var variance, square, crps float64
	e.x = slices.Grow(e.x[:0], count)[:count]
	for at, y := range truth.Data {
		for i, m := range members {
			e.x[i] = float64(m.Data[at])
		}
		v, s, c := e.point(float64(y))
		variance, square, crps = variance+v, square+s, crps+c
	}
	n := float64(len(truth.Data))
	e.Spread, e.Skill, e.CRPS = append(e.Spread, math.Sqrt(variance/n)), append(e.Skill, math.Sqrt(square/n)), append(e.CRPS, crps/n)
	return nil
}

// point is the variance of the members e.x, the square of the error of their mean, and the CRPS of one value; it counts ranks and events.
func (e *Ensemble) point(y float64) (variance, square, crps float64) {
	slices.Sort(e.x)
	m := float64(len(e.x))
	average, squares := moments(e.x)
	pairs := 0.0 // Σ_{i<j} (xⱼ − xᵢ) of sorted members
	for i, x := range e.x {
		crps += math.Abs(x-y) / m
		pairs += x * (2*float64(i) - m + 1)
	}
	crps -= pairs / (m * (m - 1))
	variance, square = squares/(m-1), (average-y)*(average-y)
	if math.IsNaN(variance + square) {
		e.Lost++
		return variance, square, crps
	}
	below, _ := slices.BinarySearch(e.x, y)
	ties := 0
	for ; below+ties < len(e.x) && e.x[below+ties] == y; ties++ {
	}
	for r := below; r <= below+ties; r++ {
		e.Ranks[r] += 1 / float64(ties+1)
	}
	for i := range e.Events {
		event := &e.Events[i]
		say := len(e.x) - upper(e.x, event.Threshold)
		event.Forecasts[say]++
		if y > event.Threshold {
			event.Events[say]++
		}
	}
	return variance, square, crps
}

// upper is the number of sorted values that are not above a threshold.
func upper(sorted []float64, threshold float64) int {
	n, _ := slices.BinarySearchFunc(sorted, threshold, func(x, t float64) int {
		if x <= t {
			return -1
		}
		return 1
	})
	return n
}

// Calibration is skill/(√(1+1/M) spread) of a step: 1 where the spread says how large the error is, above 1 where it says too little.
func (e *Ensemble) Calibration(step int) float64 {
	m := float64(len(e.Ranks) - 1)
	return e.Skill[step] / (math.Sqrt(1+1/m) * e.Spread[step])
}
