package verify

// pinnNLS solves the nonlinear Schrödinger equation over a quarter of a breather's period.
var pinnNLS = Entry{
	Name:      "pinn-nls",
	Doc:       "nonlinear Schrödinger equation from 2 sech x, even network, against the formula of Satsuma & Yajima at 201x101 points",
	Published: "1.97e-3 for the modulus: Raissi, Perdikaris & Karniadakis 2019, J. Comput. Phys. 378, section 3.1.1",
	Seeds:     3,
	Run: problems(problem{config: "pinn_nls", sets: []string{"train.seconds=75"},
		bars: []bar{{metric: "rel_l2", limit: 1e-4}}}),
}
