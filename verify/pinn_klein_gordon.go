package verify

// pinnKleinGordon solves the cubic Klein–Gordon equation for a manufactured solution.
var pinnKleinGordon = Entry{
	Name:      "pinn-klein-gordon",
	Doc:       "Klein–Gordon equation with a cubic term, solution x cos(5πt) + (xt)³, at 101x101 points",
	Published: "the test problem of weights by gradients: Wang, Teng & Perdikaris 2021, SIAM J. Sci. Comput. 43",
	Seeds:     3,
	Run: problems(
		problem{config: "pinn_klein_gordon", sets: []string{"train.seconds=75"}, bars: []bar{{metric: "rel_l2", limit: 1e-4}}},
	),
}
