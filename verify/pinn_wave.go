package verify

// pinnWave solves the wave equation with two standing waves.
var pinnWave = Entry{
	Name:      "pinn-wave",
	Doc:       "Wave equation, c = 2, two standing waves, soft initial data, at 101x101 points",
	Published: "1.27e-2: Nyström–Newton-CG (Rathore et al. 2024, arXiv 2402.01868)",
	Seeds:     3,
	Run: problems(problem{config: "pinn_wave", sets: []string{"train.seconds=29"},
		bars: []bar{{metric: "rel_l2", limit: 1e-4}, {metric: "seconds", limit: 30}}}),
}
