package pde

import (
	"fmt"
	"math"
	"math/rand/v2"
)

// PlaneGaussian is a Gaussian field on the periodic unit square without a mean, the real part of a complex Fourier series:
//
//	u = Re Σ_kl a_kl (ξ_kl + i η_kl) exp(2πi(kx + ly)),  a_kl = √2 σ (4π²(k²+l²) + τ²)^(-α/2), a_00 = 0
//
// with independent standard normals and Size² modes, -Size/2 ≤ k, l < Size/2. k and -k draw independently, so that the variance is twice
// that of the law N(0, σ²(-Δ + τ²)^(-α)).
// Source: the Navier–Stokes script of Li et al. 2021, α = 2.5, τ = 7, σ = τ^(α-1); the paper prints the prefactor 7^(3/2) for σ².
type PlaneGaussian struct {
	Alpha, Tau float64
	Sigma      float64 // 0 means τ^(α-1)
	Size       int     // modes per axis
}

// Check reports parameters outside the law's domain.
func (p PlaneGaussian) Check() error {
	if p.Size < 2 {
		return fmt.Errorf("pde: plane Gaussian field with %d modes per axis, need at least 2: the mean is left out", p.Size)
	}
	if !(p.Tau > 0) || !(p.Sigma >= 0) || math.IsNaN(p.Alpha) {
		return fmt.Errorf("pde: plane Gaussian field with alpha %v, tau %v, sigma %v; tau must be positive, sigma not negative", p.Alpha, p.Tau, p.Sigma)
	}
	return nil
}

// Amplitude is a_kl.
func (p PlaneGaussian) Amplitude(k, l int) float64 {
	if k == 0 && l == 0 {
		return 0
	}
	sigma := p.Sigma
	if sigma == 0 {
		sigma = math.Pow(p.Tau, p.Alpha-1)
	}
	return math.Sqrt2 * sigma * math.Pow(4*math.Pi*math.Pi*float64(k*k+l*l)+p.Tau*p.Tau, -p.Alpha/2)
}

// Field is the field of given normals, xi and eta [Size, Size] in the order 0, 1, …, -1.
func (p PlaneGaussian) Field(xi, eta []float64) FourierPlane {
	n := p.Size
	f := FourierPlane{Re: make([]float64, n*n), Im: make([]float64, n*n), Size: n}
	for i := range n {
		for j := range n {
			a := p.Amplitude(signed(i, n), signed(j, n))
			f.Re[i*n+j], f.Im[i*n+j] = a*xi[i*n+j], a*eta[i*n+j]
		}
	}
	return f
}

// signed is the wavenumber at place i of n.
func signed(i, n int) int {
	if i >= (n+1)/2 {
		return i - n
	}
	return i
}

// Draw takes 2 Size² normals from rnd, shell by shell (max(|k|,|l|) = 0, 1, …, the Nyquist modes last): a greater odd Size refines the
// same field.
func (p PlaneGaussian) Draw(rnd *rand.Rand) FourierPlane {
	n := p.Size
	xi, eta := make([]float64, n*n), make([]float64, n*n)
	for shell := range n/2 + 1 {
		for k := -shell; k <= shell; k++ {
			for l := -shell; l <= shell; l++ {
				if max(k, -k, l, -l) != shell || 2*k >= n || 2*l >= n {
					continue
				}
				at := (k+n)%n*n + (l+n)%n
				xi[at], eta[at] = rnd.NormFloat64(), rnd.NormFloat64()
			}
		}
	}
	return p.Field(xi, eta)
}
