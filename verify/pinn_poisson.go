package verify

// pinnPoisson solves Poisson's equation on the unit square to six digits in seconds and to nine in half a minute.
var pinnPoisson = Entry{
	Name:      "pinn-poisson",
	Doc:       "Poisson's equation with the solution sin(πx) sin(πy) by networks of 501 parameters, exact on the walls, at 101x101 points",
	Published: "1e-6 after 94 s on a GPU, 6.1e-8 in the end: energy natural gradient by layer, Dangel, Müller & Zeinhofer 2024 (arXiv 2405.15603)",
	Seeds:     3,
	Run: problems(
		problem{config: "pinn_poisson", sets: []string{"train.seconds=4.5"}, bars: []bar{{metric: "rel_l2", limit: 1e-6, every: true}, {metric: "seconds", limit: 5}}},
		problem{config: "pinn_poisson", run: "long", sets: []string{"train.seconds=29"}, bars: []bar{{metric: "rel_l2", limit: 1e-9}, {metric: "seconds", limit: 30}}},
	),
}
