package verify

// pinnAllenCahn solves the Allen–Cahn equation of the papers on causal training.
var pinnAllenCahn = Entry{
	Name:      "pinn-allen-cahn",
	Doc:       "Allen–Cahn equation, ε = 1e-4, from x² cos(πx), periodic, against ETDRK4 on 2048 points, at 513x201 points",
	Published: "5.4e-5: jaxpi (Wang et al. 2023, arXiv 2308.08468); 2.2e-5: PirateNets (Wang et al. 2024, arXiv 2402.00326)",
	Seeds:     3,
	Run: problems(
		problem{config: "pinn_allen_cahn", sets: []string{"train.seconds=38"}, bars: []bar{{metric: "rel_l2", limit: 5.8e-4}, {metric: "seconds", limit: 40}}},
		problem{config: "pinn_allen_cahn", run: "long", sets: []string{"train.seconds=115"}, bars: []bar{{metric: "rel_l2", limit: 5e-5}, {metric: "rel_l2", limit: 2.2e-5, goal: true}, {metric: "seconds", limit: 120}}},
	),
}
