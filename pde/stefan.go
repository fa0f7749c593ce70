package pde

import (
	"fmt"
	"math"
)

// Stefan is the exact solution of u_t = (k(u) u_x)_x, k = K where u ≥ u* and 0 elsewhere, from u = 0 with u(t,0) = 1:
//
//	u = 1 - c erf(x / 2√(Kt)) up to the front x* = α √t, 0 beyond;  α = 2√K z, c = (1-u*)/erf z, u* √π z e^(z²) erf z = 1-u*
//
// Source: Hansen et al. 2023 (ProbConserv).
type Stefan struct {
	Threshold    float64 // u*
	Conductivity float64 // K
	z, c         float64
}

// NewStefan solves for the front.
func NewStefan(threshold, conductivity float64) (Stefan, error) {
	if !(threshold > 0 && threshold < 1) || !(conductivity > 0) {
		return Stefan{}, fmt.Errorf("pde: Stefan problem with threshold %v, conductivity %v; want 0 < threshold < 1 and a positive conductivity", threshold, conductivity)
	}
	// the left side grows with z: bisect to the last bit
	low, high := 0.0, 1.0
	over := func(z float64) bool {
		return threshold*math.Sqrt(math.Pi)*z*math.Exp(z*z)*math.Erf(z) > 1-threshold
	}
	for !over(high) {
		low, high = high, 2*high
	}
	for range 200 {
		if middle := (low + high) / 2; over(middle) {
			high = middle
		} else {
			low = middle
		}
	}
	return Stefan{threshold, conductivity, low, (1 - threshold) / math.Erf(low)}, nil
}

// Front is x*(t).
func (s Stefan) Front(t float64) float64 { return 2 * math.Sqrt(s.Conductivity*t) * s.z }

// At is u(t,x).
func (s Stefan) At(t, x float64) float64 {
	if x > s.Front(t) {
		return 0
	}
	if t == 0 {
		return 1
	}
	return 1 - s.c*math.Erf(x/(2*math.Sqrt(s.Conductivity*t)))
}

// Mass is ∫ u dx = 2 c √(Kt/π) over the wet part.
func (s Stefan) Mass(t float64) float64 { return 2 * s.c * math.Sqrt(s.Conductivity*t/math.Pi) }
