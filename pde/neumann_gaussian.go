package pde

import (
	"fmt"
	"math"
	"math/rand/v2"
)

// NeumannGaussian is the law N(0, τ^(2α-2) (-Δ + τ² I)^(-α)) of a field on the unit square with zero normal derivative, without a mean:
//
//	u(x,y) = Σ_{k,l<n} τ^(α-1) (π²(k²+l²) + τ²)^(-α/2) ξ_kl c_k c_l cos(πkx) cos(πly),  ξ_00 := 0, c_0 = 1, c_k = √2
//
// with independent standard normals ξ.
// Source: Li et al. 2021, Darcy's data, (-Δ + 9 I)^-2, that is α = 2, τ = 3; their script carries the factor τ^(α-1), and so does this law.
// The sign of the field, all that a threshold at zero sees, does not depend on it.
type NeumannGaussian struct {
	Alpha, Tau float64
	Modes      int // n, per axis
}

// Check reports parameters outside the law's domain.
func (p NeumannGaussian) Check() error {
	if p.Modes < 2 {
		return fmt.Errorf("pde: Neumann Gaussian field with %d modes per axis, need at least 2: the mean is left out", p.Modes)
	}
	if !(p.Tau > 0) || math.IsNaN(p.Alpha) {
		return fmt.Errorf("pde: Neumann Gaussian field with alpha %v, tau %v; tau must be positive", p.Alpha, p.Tau)
	}
	return nil
}

// Amplitude is the standard deviation of the coefficient of cos(πkx) cos(πly).
func (p NeumannGaussian) Amplitude(k, l int) float64 {
	if k == 0 && l == 0 {
		return 0
	}
	a := math.Pow(p.Tau, p.Alpha-1) * math.Pow(math.Pi*math.Pi*float64(k*k+l*l)+p.Tau*p.Tau, -p.Alpha/2)
	if k > 0 {
		a *= math.Sqrt2
	}
	if l > 0 {
		a *= math.Sqrt2
	}
	return a
}

// Field is the field of given normals, xi [Modes, Modes]; xi[0, 0] is not used.
func (p NeumannGaussian) Field(xi []float64) CosineSeries {
	f := CosineSeries{C: make([]float64, p.Modes*p.Modes), Modes: p.Modes}
	for k := range p.Modes {
		for l := range p.Modes {
			f.C[k*p.Modes+l] = p.Amplitude(k, l) * xi[k*p.Modes+l]
		}
	}
	return f
}

// Draw takes Modes² normals from rnd, shell by shell (max(k,l) = 0, 1, …): more modes refine the same field.
func (p NeumannGaussian) Draw(rnd *rand.Rand) CosineSeries {
	n := p.Modes
	xi := make([]float64, n*n)
	for shell := range n {
		for l := range shell {
			xi[shell*n+l], xi[l*n+shell] = rnd.NormFloat64(), rnd.NormFloat64()
		}
		xi[shell*n+shell] = rnd.NormFloat64()
	}
	return p.Field(xi)
}

// Threshold replaces every value v by high where v ≥ 0 and by low elsewhere.
func Threshold(v []float64, low, high float64) {
	for i, x := range v {
		if x >= 0 {
			v[i] = high
		} else {
			v[i] = low
		}
	}
}
