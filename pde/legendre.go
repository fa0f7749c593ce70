package pde

import "math"

// legendre integrates the viscous part of a [FiniteVolume] by the Runge–Kutta–Legendre method of second order: with b₀ = b₁ = b₂ = 1/3,
// b_j = (j²+j-2)/(2j(j+1)), a_j = 1 - b_j, and w = 4/(s²+s-2) for s stages,
//
//	Y₁ = Y₀ + b₁ w h M(Y₀)
//	Y_j = μ_j Y_(j-1) + ν_j Y_(j-2) + (1-μ_j-ν_j) Y₀ + μ_j w h (M(Y_(j-1)) - a_(j-1) M(Y₀))
//	μ_j = (2j-1)/j b_j/b_(j-1),  ν_j = -(j-1)/j b_j/b_(j-2)
//
// It is stable for h ≤ (s²+s-2)/2 divided by the largest eigenvalue of -M, 4 D Σ_a 1/Δx_a² for the diffusivity D.
// Source: Meyer, Balsara & Aslam 2014, equations (16) and (17).
type legendre struct {
	rates                   *volumeRates
	start, rate, before, at []float64
	next                    []float64
}

func newLegendre(s *volumeRates) *legendre {
	n := s.Size()
	return &legendre{s, make([]float64, n), make([]float64, n), make([]float64, n), make([]float64, n), make([]float64, n)}
}

// step advances u by h.
func (s *legendre) step(u []float64, h float64) {
	const margin = 1.1 // of the eigenvalue, of which the diffusivity is an estimate where there are several axes
	_, viscous := s.rates.fastest(u)
	// s² + s - 2 ≥ 2 h margin · 2 viscous
	stages := math.Ceil((math.Sqrt(9+16*margin*h*viscous) - 1) / 2)
	if !(stages < 1e4) {
		fill(u, math.NaN())
		return
	}
	stages = math.Max(3, stages)
	w := 4 / (stages*stages + stages - 2)
	b := func(j float64) float64 {
		if j <= 2 {
			return 1.0 / 3
		}
		return (j*j + j - 2) / (2 * j * (j + 1))
	}
	copy(s.start, u)
	s.viscous(s.rate, u)
	copy(s.before, u)
	for i, v := range s.start {
		s.at[i] = v + b(1)*w*h*s.rate[i]
	}
	for j := 2.0; j <= stages; j++ {
		mu, nu := (2*j-1)/j*b(j)/b(j-1), -(j-1)/j*b(j)/b(j-2)
		slope := mu * w * h
		first := slope * (1 - b(j-1))
		s.viscous(s.next, s.at)
		for i, v := range s.start {
			s.next[i] = mu*s.at[i] + nu*s.before[i] + (1-mu-nu)*v + slope*s.next[i] - first*s.rate[i]
		}
		s.before, s.at, s.next = s.at, s.next, s.before
	}
	copy(u, s.at)
}

func (s *legendre) viscous(dst, u []float64) {
	clear(dst)
	s.rates.viscous.Diffuse(dst, u, &s.rates.Box, s.rates.work)
}
