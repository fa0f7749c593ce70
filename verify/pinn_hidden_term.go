package verify

// pinnHiddenTerm finds the nonlinear term of Burgers' equation from observations, as a formula.
var pinnHiddenTerm = Entry{
	Name:      "pinn-hidden-term",
	Doc:       "the hidden term of u_t = ν u_xx + F(u, u_x), ν = 0.1, from 1000 observations: F = -u*u_x, one monomial, read by sparse regression",
	Published: "the same term found by symbolic regression, without figures: universal PINNs (Podina et al. 2022, arXiv 2212.04630)",
	Seeds:     3,
	Run: problems(
		problem{config: "pinn_burgers_hidden", sets: []string{"train.seconds=30"}, bars: []bar{{metric: "terms.F", limit: 1, every: true}, {metric: "error.F", limit: 1e-2, every: true}}},
	),
}
