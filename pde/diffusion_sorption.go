package pde

import "math"

// DiffusionSorption is u_t = D/R(u) u_xx on [0, 1] with the retardation of Freundlich,
//
//	R(u) = 1 + (1-φ)/φ ρ_s k_f n_f (u + 1e-6)^(n_f - 1)
//
// in N cells, x_i = (i+1/2)/N, second differences. The boundaries are PDEBench's, as they are there: the value left of the first cell
// is Left, a full cell away (so first order, 1.4 % between 64 and 1024 cells), that right of the last one D (u_(N-2) - u_(N-1))/Δx.
// Stiff: use [Extrapolation]. Source: Takamoto et al. 2022 (PDEBench).
type DiffusionSorption struct {
	Cells                       int
	D, Porosity, Density, K, NF float64 // D, φ, ρ_s, k_f, n_f
	Left                        float64
}

// PDEBenchSorption is the equation with PDEBench's constants.
func PDEBenchSorption(cells int) DiffusionSorption {
	return DiffusionSorption{Cells: cells, D: 5e-4, Porosity: 0.29, Density: 2880, K: 3.5e-4, NF: 0.874, Left: 1}
}

// Size implements [Rates].
func (p DiffusionSorption) Size() int { return p.Cells }

// Band implements [Banded].
func (p DiffusionSorption) Band() int { return 1 }

// Rate implements [Rates].
func (p DiffusionSorption) Rate(dst, u []float64) {
	n := p.Cells
	dx := 1 / float64(n)
	c := (1 - p.Porosity) / p.Porosity * p.Density * p.K * p.NF
	right := p.D * (u[max(0, n-2)] - u[n-1]) / dx
	for i, v := range u[:n] {
		l, r := p.Left, right
		if i > 0 {
			l = u[i-1]
		}
		if i < n-1 {
			r = u[i+1]
		}
		dst[i] = p.D / (1 + c*math.Pow(v+1e-6, p.NF-1)) * (l - 2*v + r) / (dx * dx)
	}
}
