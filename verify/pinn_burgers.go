package verify

// pinnBurgers solves the shock of the PINN literature by an odd network, in 90 seconds and in five minutes.
var pinnBurgers = Entry{
	Name:      "pinn-burgers",
	Doc:       "Burgers' equation, ν = 0.01/π, by an odd network of 921 parameters and Levenberg–Marquardt, at 256x100 points",
	Published: "relative L2 2.7e-7 by SSBroyden with 2011 parameters: Urbán et al. 2025; 1.3e-2, the best of 12 methods in PINNacle (arXiv 2306.08827)",
	Seeds:     3,
	Run: problems(
		problem{config: "pinn_burgers", sets: []string{"train.seconds=85"}, bars: []bar{{metric: "rel_l2", limit: 1e-5, every: true}, {metric: "seconds", limit: 90}}},
		problem{config: "pinn_burgers", run: "long", sets: []string{"train.seconds=290"}, bars: []bar{{metric: "rel_l2", limit: 1e-7}, {metric: "rel_l2", limit: 2e-8, goal: true}, {metric: "seconds", limit: 300}}},
	),
}
