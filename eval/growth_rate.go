package eval

import "math"

// GrowthRate is the exponential growth of an error, Lyapunov's exponent as a rollout shows it: the slope λ of the least-squares line through
//
//	ln eₙ ≈ ln e₀ + λ n
//
// of the geometric mean over trajectories, per step, over the steps before that mean first exceeds limit, where errors saturate. Times(1/Δt)
// makes it a rate. Where fewer than three steps qualify, or an error among them is zero or not finite, it is NaN.
func (c Curves) GrowthRate(limit float64, b Bootstrap) (rate Interval, steps int) {
	logs := make(Curves, len(c))
	for n, v := range c {
		logs[n] = make([]float64, len(v))
		for i, e := range v {
			logs[n][i] = math.Log(e)
		}
		if steps == n && mean(logs[n]) <= math.Log(limit) {
			steps++
		}
	}
	if steps < 3 {
		nan := math.NaN()
		return Interval{nan, nan, nan}, steps
	}
	centre := float64(steps-1) / 2
	slopes := make([]float64, c.Trajectories()) // the slope of a mean is the mean of the slopes
	for i := range slopes {
		above, below := 0.0, 0.0
		for n := range steps {
			x := float64(n) - centre
			above += x * logs[n][i]
			below += x * x
		}
		slopes[i] = above / below
	}
	return b.Mean(slopes), steps
}
