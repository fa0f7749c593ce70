package verify

// pinnConvection solves transport at speed 50, which networks of plain inputs find hard, and networks of inputs along the
// characteristics do not.
var pinnConvection = Entry{
	Name:      "pinn-convection",
	Doc:       "Convection at speed 50 with a growing horizon, with inputs that move along the characteristics, and with branches for positions and states on them",
	Published: "0.97: plain PINN (Krishnapriyan et al. 2021); 1.9e-3: Nyström–Newton-CG (Rathore et al. 2024); < 5e-2: Lagrangian PINN (Mojgani et al. 2023)",
	Seeds:     3,
	Run: problems(
		problem{config: "pinn_convection", sets: []string{"train.seconds=55"}, bars: []bar{{metric: "rel_l2", limit: 5e-4}, {metric: "seconds", limit: 60}}},
		problem{config: "pinn_convection_lagrangian", run: "lagrangian", sets: []string{"train.seconds=4"}, bars: []bar{{metric: "rel_l2", limit: 1e-8}, {metric: "seconds", limit: 5}}},
		problem{config: "pinn_lagrangian", run: "branches", sets: []string{"train.seconds=30"}, bars: []bar{{metric: "rel_l2.U", limit: 5e-2}}},
	),
}
