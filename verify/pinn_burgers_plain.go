package verify

// pinnBurgersPlain solves the same shock by a network that does not know that the solution is odd, and by another method.
var pinnBurgersPlain = Entry{
	Name:      "pinn-burgers-plain",
	Doc:       "Burgers' equation, ν = 0.01/π, without symmetry: Levenberg–Marquardt for one and four minutes, SSBroyden for two",
	Published: "1.3e-2, the best of 12 methods in PINNacle (arXiv 2306.08827)",
	Seeds:     3,
	Run: problems(
		problem{config: "pinn_burgers_plain", sets: []string{"train.seconds=55"}, bars: []bar{{metric: "rel_l2", limit: 3e-4, every: true}, {metric: "seconds", limit: 60}}},
		problem{config: "pinn_burgers_plain", run: "long", sets: []string{"train.seconds=230"}, bars: []bar{{metric: "rel_l2", limit: 1e-5}, {metric: "seconds", limit: 240}}},
		problem{config: "pinn_burgers_plain", run: "ssbroyden", sets: []string{"train.seconds=115", "model.width=20", "problem.points=3000", "train.points.resample=500",
			"train.phases=[{method: adam, steps: 1000, lr: 0.005}, {method: ssbroyden}]"}, bars: []bar{{metric: "rel_l2", limit: 1e-4}, {metric: "seconds", limit: 120}}},
	),
}
