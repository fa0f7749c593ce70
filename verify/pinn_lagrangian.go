package verify

// pinnLagrangian solves transport and Burgers' equation on characteristics, by two branches, for positions and states.
var pinnLagrangian = Entry{
	Name:      "pinn-lagrangian",
	Doc:       "Lagrangian networks: convection at speed 50 with diffusion, and a steepening Burgers wave, ν = 0.01, that a mean flow of 10 carries, in Lagrangian coordinates",
	Published: "< 5e-2 where plain PINNs fail: Lagrangian PINN (Mojgani, Balajewicz & Hassanzadeh 2023, CMAME 404)",
	Seeds:     3,
	Run: problems(
		problem{config: "pinn_lagrangian", run: "convection", sets: []string{"train.seconds=30"}, bars: []bar{{metric: "rel_l2.U", limit: 5e-2, every: true}, {metric: "rel_l2.X", limit: 5e-2, every: true}}},
		problem{config: "pinn_lagrangian_burgers", run: "burgers", sets: []string{"train.seconds=60"}, bars: []bar{{metric: "rel_l2.U", limit: 5e-2, every: true}, {metric: "rel_l2.U", limit: 1e-2, goal: true}}},
	),
}
