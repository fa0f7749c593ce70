package pde

// KortewegDeVries is u_t + b u u_x + d u_xxx = -ζ u_xxxx on one periodic axis (b = -6, d = 1, ζ = 0 in the soliton literature).
// ∫u and, for ζ = 0, ∫u² are conserved. The symbol is imaginary: this is the equation that needs complex ETDRK weights.
func KortewegDeVries(b, d, zeta float64) Equation {
	return Equation{
		Linear: []Symbol{Sum(Dispersion(-d), HyperDiffusion(zeta))},
		Term:   ConservativeConvection(b),
		Axes:   1,
	}
}
