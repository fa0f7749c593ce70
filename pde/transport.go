package pde

import "math"

// Transport is the exact solution u(t,x) = u0(x - a t) of u_t + a u_x = 0 on the line.
type Transport struct {
	Speed   float64 // a
	Initial func(x float64) float64
}

// At is u(t,x).
func (s Transport) At(t, x float64) float64 { return s.Initial(x - s.Speed*t) }

// Step is the function that is left up to and at the place, right beyond it.
func Step(at, left, right float64) func(x float64) float64 {
	return func(x float64) float64 {
		if x <= at {
			return left
		}
		return right
	}
}

// StepMass is ∫_0^1 of a step from 1 to 0 at x0 that moves with speed a ≥ 0: min(x0 + a t, 1).
func StepMass(x0, a, t float64) float64 { return math.Min(x0+a*t, 1) }
