package eval

// Curves is one number for every step and trajectory of a rollout, [step][trajectory]; the first step is the first prediction.
type Curves [][]float64

// Steps is the number of steps.
func (c Curves) Steps() int { return len(c) }

// Trajectories is B, 0 before the first step.
func (c Curves) Trajectories() int {
	if len(c) == 0 {
		return 0
	}
	return len(c[0])
}

// Mean is the mean over trajectories at every step; NaN or infinite where one trajectory is.
func (c Curves) Mean() []float64 {
	curve := make([]float64, len(c))
	for n, v := range c {
		curve[n] = mean(v)
	}
	return curve
}

// Quantile is the q-quantile over trajectories at every step, q in [0, 1], linear between order statistics. A NaN counts as worst:
// +Inf for an error, −1 for a correlation.
func (c Curves) Quantile(q, worst float64) []float64 {
	curve := make([]float64, len(c))
	for n, v := range c {
		curve[n] = quantile(v, q, worst)
	}
	return curve
}

// Trajectory is the curve of one trajectory.
func (c Curves) Trajectory(b int) []float64 {
	curve := make([]float64, len(c))
	for n, v := range c {
		curve[n] = v[b]
	}
	return curve
}

// Line is the median over trajectories against time, one value for each step, in the band from the 10 % to the 90 % quantile.
func (c Curves) Line(name string, series int, time []float64, worst float64) Line {
	l := Line{Name: name, Series: series, X: time[:len(c)], Y: c.Quantile(0.5, worst)}
	if c.Trajectories() > 1 {
		l.Low, l.High = c.Quantile(0.1, worst), c.Quantile(0.9, worst)
	}
	return l
}
