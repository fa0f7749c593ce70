package pde

import (
	"fmt"
	"math"
	"math/rand/v2"
)

// PeriodicGaussian is the law N(0, σ² (-∂_xx + τ² I)^(-γ)) of a field on the periodic unit interval, without a mean:
//
//	u(x) = Σ_{k=1..n} √2 σ ((2πk)² + τ²)^(-γ/2) (ξ_k cos 2πkx + η_k sin 2πkx),  ξ, η independent standard normals
//
// The exponent is γ/2, the square root of the covariance, and √2 normalises cosine and sine: the paper's γ = 2, τ = 5, σ = 25
// has the standard deviation 0.594.
// Source: Li et al. 2021, Burgers' data, N(0, 625 (-Δ + 25 I)^-2); the script published later uses 2.5, 7, 49 instead.
type PeriodicGaussian struct {
	Gamma, Tau, Sigma float64
	Modes             int // n
}

// Check reports parameters outside the law's domain.
func (p PeriodicGaussian) Check() error {
	if p.Modes < 1 {
		return fmt.Errorf("pde: periodic Gaussian field with %d modes, need at least 1", p.Modes)
	}
	if !(p.Sigma >= 0) || !(p.Tau >= 0) || math.IsNaN(p.Gamma) {
		return fmt.Errorf("pde: periodic Gaussian field with gamma %v, tau %v, sigma %v; tau and sigma must not be negative", p.Gamma, p.Tau, p.Sigma)
	}
	return nil
}

// Amplitude is the standard deviation √2 σ ((2πk)² + τ²)^(-γ/2) of the coefficients of mode k.
func (p PeriodicGaussian) Amplitude(k int) float64 {
	w := 2 * math.Pi * float64(k)
	return math.Sqrt2 * p.Sigma * math.Pow(w*w+p.Tau*p.Tau, -p.Gamma/2)
}

// Variance is E u(x)² = Σ_k Amplitude(k)², the same at every x.
func (p PeriodicGaussian) Variance() float64 {
	var s float64
	for k := 1; k <= p.Modes; k++ {
		a := p.Amplitude(k)
		s += a * a
	}
	return s
}

// Field is the field of given normals: cos[k-1] = ξ_k, sin[k-1] = η_k, at most Modes of each.
func (p PeriodicGaussian) Field(cos, sin []float64) FourierSeries {
	n := min(p.Modes, len(cos), len(sin))
	f := FourierSeries{Cos: make([]float64, n), Sin: make([]float64, n), Length: 1}
	for i := range n {
		a := p.Amplitude(i + 1)
		f.Cos[i], f.Sin[i] = a*cos[i], a*sin[i]
	}
	return f
}

// Draw takes 2·Modes normals from rnd in the order ξ_1, η_1, ξ_2, …: more modes refine the same field.
func (p PeriodicGaussian) Draw(rnd *rand.Rand) FourierSeries {
	cos, sin := make([]float64, p.Modes), make([]float64, p.Modes)
	for i := range cos {
		cos[i], sin[i] = rnd.NormFloat64(), rnd.NormFloat64()
	}
	return p.Field(cos, sin)
}
