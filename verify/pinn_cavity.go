package verify

// pinnCavity solves the flow in a cavity whose whole lid moves.
var pinnCavity = Entry{
	Name:      "pinn-cavity",
	Doc:       "steady flow in a driven cavity at Reynolds number 100, by a stream function, against collocation at Chebyshev's nodes, velocity at 65x65 points",
	Published: "no figure for this problem; 3.6e-2 with a lid at rest at its ends, the best of 12 methods in PINNacle (arXiv 2306.08827)",
	Seeds:     3,
	Run:       problems(problem{config: "pinn_cavity", bars: []bar{{metric: "rel_l2", limit: 1e-2}}}),
}
