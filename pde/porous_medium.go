package pde

import "math"

// PorousMedium is the exact solution u = (m max(t-x, 0))^(1/m) of u_t = (u^m u_x)_x from an empty half line, a front that moves
// with speed 1.
// Source: Hansen et al. 2023 (ProbConserv), the family with degree m; Vázquez 2007 for the equation.
type PorousMedium struct{ Degree float64 } // m > 0

// At is u(t,x).
func (s PorousMedium) At(t, x float64) float64 {
	return math.Pow(s.Degree*math.Max(t-x, 0), 1/s.Degree)
}

// Mass is ∫_0^1 u dx = m^(1+1/m)/(m+1) (t^(1+1/m) - max(t-1, 0)^(1+1/m)).
func (s PorousMedium) Mass(t float64) float64 {
	m, p := s.Degree, 1+1/s.Degree
	return math.Pow(m, p) / (m + 1) * (math.Pow(t, p) - math.Pow(math.Max(t-1, 0), p))
}
