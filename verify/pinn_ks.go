package verify

// pinnKS solves the Kuramoto–Sivashinsky equation in its regular case.
var pinnKS = Entry{
	Name:      "pinn-ks",
	Doc:       "Kuramoto–Sivashinsky equation, regular case, odd, in ten windows of the time, against ETDRK4 on 2048 points, at 257x251 points",
	Published: "1.42e-4 in 13 minutes of a GPU: jaxpi (Wang et al. 2023, arXiv 2308.08468)",
	Seeds:     3,
	Run: problems(problem{config: "pinn_ks",
		bars: []bar{{metric: "rel_l2", limit: 1e-3}, {metric: "rel_l2", limit: 1.42e-4, goal: true}}}),
}
