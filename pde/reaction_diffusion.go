package pde

// FisherKPP is u_t = ν ∇²u + r u (1-u) on a periodic box; fronts run at 2 sqrt(ν r). Linear part ν ∇² + r.
func FisherKPP(nu, r float64) Equation {
	return Equation{Linear: []Symbol{Sum(Diffusion(nu), Growth(r))}, Term: Power{Coefficient: -r, Exponent: 2}}
}

// AllenCahn is u_t = ν ∇²u + c1 u + c3 u³ on a periodic box (c1 = 1, c3 = -1 for the double well). Linear part ν ∇² + c1; dealias with 1/2.
func AllenCahn(nu, c1, c3 float64) Equation {
	return Equation{Linear: []Symbol{Sum(Diffusion(nu), Growth(c1))}, Term: Power{Coefficient: c3, Exponent: 3}}
}
