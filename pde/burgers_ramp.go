package pde

import "math"

// BurgersRamp is the exact solution of u_t + (u²/2)_x = 0 from u = a for x ≤ -1, -a x up to 0 and 0 beyond: a ramp that steepens to a shock
// at x = 0 and the time 1/a, which then moves with a/2.
// Source: Hansen et al. 2023 (ProbConserv), a from 1 to 4 on [-1, 1].
type BurgersRamp struct{ Speed float64 } // a > 0

// At is u(t,x).
func (s BurgersRamp) At(t, x float64) float64 {
	a := s.Speed
	switch {
	case a*t >= 1:
		if x <= a/2*(t-1/a) {
			return a
		}
		return 0
	case x <= a*t-1:
		return a
	}
	return math.Max(-a*x/(1-a*t), 0)
}
