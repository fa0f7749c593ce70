package pde

// FisherKPP is u_t = ν ∇²u + r u (1-u) on a periodic box; fronts run at 2 sqrt(ν r). Linear part ν ∇² + r.
func FisherKPP(nu, r float64) Equation {
	return Equation{Linear: []Symbol{Sum(Diffusion(nu), Growth(r))}, Term: Powers(0, 0, -r)}
}

// AllenCahn is u_t = ν ∇²u + c1 u + c3 u³ on a periodic box (c1 = 1, c3 = -1 for the double well). Linear part ν ∇² + c1; dealias with 1/2.
func AllenCahn(nu, c1, c3 float64) Equation {
	return Equation{Linear: []Symbol{Sum(Diffusion(nu), Growth(c1))}, Term: Powers(0, 0, 0, c3)}
}

// CahnHilliard is u_t = D ∇²(u³ - u - γ ∇²u) on a periodic box: the mean is conserved, the energy ∫(u²-1)²/4 + γ|∇u|²/2 falls.
// Linear part -D ∇² - D γ ∇⁴; dealias with 1/2.
func CahnHilliard(d, gamma float64) Equation {
	return Equation{Linear: []Symbol{Sum(Diffusion(-d), HyperDiffusion(d*gamma))}, Term: Powers(0, 0, 0, 1).Under(Diffusion(d))}
}

// SwiftHohenberg is u_t = r u - (q² + ∇²)² u + g u² - u³ on a periodic box: patterns of wavenumber q for r > 0. The energy falls.
// Dealias with 1/2.
func SwiftHohenberg(r, q, g float64) Equation {
	linear := func(k []float64) complex128 { d := q*q - square(k); return complex(r-d*d, 0) }
	return Equation{Linear: []Symbol{linear}, Term: Powers(0, 0, g, -1)}
}

// GrayScott is u_t = ν1 ∇²u + f(1-u) - u v², v_t = ν2 ∇²v - (f+κ) v + u v² on a periodic box; channels u, v.
// The linear part is the two Laplacians, the whole reaction is the term; dealias with 1/2.
func GrayScott(nu1, nu2, feed, kill float64) Equation {
	return Equation{
		Linear: []Symbol{Diffusion(nu1), Diffusion(nu2)},
		Term: Term{
			Fields:   []Combination{ones(0), ones(1)},
			Products: []Polynomial{{{-1, []int{0, 1, 1}}, {-feed, []int{0}}}, {{1, []int{0, 1, 1}}, {-feed - kill, []int{1}}}},
			Results:  []Combination{ones(0), ones(1)},
			Source: func(channel int, _ []float64) float64 {
				if channel == 0 {
					return feed
				}
				return 0
			},
		},
	}
}
