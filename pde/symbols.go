package pde

// Advection is the symbol -i c·k of u_t = -c·∇u; c holds one speed per axis, a missing one is zero.
func Advection(c ...float64) Symbol {
	return func(k []float64) complex128 {
		var s float64
		for i := range min(len(c), len(k)) {
			s += c[i] * k[i]
		}
		return complex(0, -s)
	}
}

// Diffusion is the symbol -ν |k|² of u_t = ν ∇²u.
func Diffusion(nu float64) Symbol {
	return func(k []float64) complex128 { return complex(-nu*square(k), 0) }
}

// AnisotropicDiffusion is the symbol -k·A k of u_t = Σ_ij A_ij ∂_i ∂_j u; A is [axis][axis].
func AnisotropicDiffusion(a [][]float64) Symbol {
	return func(k []float64) complex128 {
		var s float64
		for i := range k {
			for j := range k {
				s += a[i][j] * k[i] * k[j]
			}
		}
		return complex(-s, 0)
	}
}

// Dispersion is the symbol -i a Σ_j k_j³ of u_t = a Σ_j ∂_j³u.
func Dispersion(a float64) Symbol {
	return func(k []float64) complex128 {
		var s float64
		for _, kj := range k {
			s += kj * kj * kj
		}
		return complex(0, -a*s)
	}
}

// HyperDiffusion is the symbol -μ |k|⁴ of u_t = -μ ∇⁴u.
func HyperDiffusion(mu float64) Symbol {
	return func(k []float64) complex128 { q := square(k); return complex(-mu*q*q, 0) }
}

// SeparableHyperDiffusion is the symbol -μ Σ_j k_j⁴ of u_t = -μ Σ_j ∂_j⁴u.
func SeparableHyperDiffusion(mu float64) Symbol {
	return func(k []float64) complex128 {
		var s float64
		for _, kj := range k {
			s += kj * kj * kj * kj
		}
		return complex(-mu*s, 0)
	}
}

// Growth is the symbol r of u_t = r u.
func Growth(r float64) Symbol {
	return func([]float64) complex128 { return complex(r, 0) }
}

// Sum is the symbol of the sum of the operators.
func Sum(symbols ...Symbol) Symbol {
	return func(k []float64) complex128 {
		var s complex128
		for _, f := range symbols {
			s += f(k)
		}
		return s
	}
}

// Linear is u_t = L u with L the sum of the given operators, one channel.
func Linear(symbols ...Symbol) Equation {
	return Equation{Linear: []Symbol{Sum(symbols...)}}
}

func square(k []float64) float64 {
	var s float64
	for _, kj := range k {
		s += kj * kj
	}
	return s
}
