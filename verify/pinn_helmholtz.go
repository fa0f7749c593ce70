package verify

// pinnHelmholtz solves the Helmholtz equation with four waves across the square.
var pinnHelmholtz = Entry{
	Name:      "pinn-helmholtz",
	Doc:       "Helmholtz equation, k = 4, solution sin(πx) sin(4πy) on [-1, 1]², exact on the walls, at 101x101 points",
	Published: "no common number: 1e-5 in 30 s is our own bar",
	Seeds:     3,
	Run: problems(problem{config: "pinn_helmholtz", sets: []string{"train.seconds=29"},
		bars: []bar{{metric: "rel_l2", limit: 1e-5}, {metric: "seconds", limit: 30}}}),
}
