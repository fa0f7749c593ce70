package pde

import "math"

// heun is Heun's method with steps by the CFL number.
type heun struct {
	FiniteVolume
	rates               *volumeRates
	rate, first, second []float64
}

// Step advances u by Dt in as many inner steps as the speeds at their starts allow.
func (s *heun) Step(u []float64) {
	for t := 0.0; t < s.Dt; {
		left := s.Dt - t
		h := s.advance(u, left)
		if h == left {
			return
		}
		t += h
	}
}

// advance makes one inner step of a time of at most left, and returns how long it was. A step is halved where a step of Euler makes the
// speeds grow beyond a CFL number of 1/2, or where either state has none: faces may hold faster waves than cells. A state that cannot
// be advanced becomes NaN.
func (s *heun) advance(u []float64, left float64) float64 {
	waves, viscous := s.rates.fastest(u)
	h := left / math.Max(1, math.Ceil(left*(waves+viscous)/s.CFL))
	s.rates.Rate(s.rate, u)
	for {
		if !(h > 1e-12*s.Dt) { // NaN, or speeds without bound
			fill(u, math.NaN())
			return left
		}
		for i, v := range u {
			s.first[i] = v + h*s.rate[i]
		}
		if waves, viscous := s.rates.fastest(s.first); h*(waves+viscous) <= math.Max(0.5, 1.25*s.CFL) {
			s.rates.Rate(s.second, s.first)
			for i, v := range u {
				s.first[i] = (v + s.first[i] + h*s.second[i]) / 2
			}
			if waves, _ := s.rates.fastest(s.first); !math.IsNaN(waves) {
				copy(u, s.first)
				return h
			}
		}
		h /= 2
	}
}

// strang is a step by Heun's method as a whole or, where the viscous part allows shorter steps than the waves do, in three parts.
type strang struct {
	whole, waves *heun
	viscous      *legendre
}

// Step implements [Stepper].
func (s *strang) Step(u []float64) {
	for t := 0.0; t < s.whole.Dt; {
		left := s.whole.Dt - t
		waves, viscous := s.whole.rates.fastest(u)
		if !(viscous > waves) {
			h := s.whole.advance(u, left)
			if h == left {
				return
			}
			t += h
			continue
		}
		h := left / math.Max(1, math.Ceil(left*waves/s.whole.CFL))
		s.viscous.step(u, h/2)
		s.waves.Dt = h
		s.waves.Step(u)
		s.viscous.step(u, h/2)
		if h == left {
			return
		}
		t += h
	}
}
