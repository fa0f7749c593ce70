package eval

import "math"

// CorrelationTime is how long rollouts stay correlated with the truth, in steps; [Interval.Times] of the time of a step makes it a time.
// The two definitions in use differ where correlations recover, and where few trajectories live long:
//
//	Count  the steps at which the mean correlation over trajectories is above the threshold (PDEArena)
//	First  the mean over trajectories of the steps before a correlation first is not above it, all steps where it stays above
//
// NaN is not above any threshold.
type CorrelationTime struct {
	Threshold float64
	Count     Interval
	First     Interval
	Each      []float64 // First by trajectory
	Censored  int       // trajectories that stay above to the last step: their times are lower bounds
	Undefined int       // trajectories whose correlation is NaN at some step
}

// CorrelationTime judges curves of correlations, [step][trajectory], with intervals from a bootstrap over trajectories.
func (c Curves) CorrelationTime(threshold float64, b Bootstrap) CorrelationTime {
	r := CorrelationTime{Threshold: threshold, Each: make([]float64, c.Trajectories())}
	for i := range r.Each {
		curve := c.Trajectory(i)
		r.Each[i] = firstNotAbove(threshold)(curve)
		if r.Each[i] == float64(c.Steps()) {
			r.Censored++
		}
		for _, v := range curve {
			if math.IsNaN(v) {
				r.Undefined++
				break
			}
		}
	}
	r.First = b.Mean(r.Each)
	r.Count = b.Interval(c.Trajectories(), func(items []int) float64 {
		n := 0.0
		for _, v := range c {
			if meanOf(v, items) > threshold {
				n++
			}
		}
		return n
	})
	return r
}
