package verify

// pinnBurgersInverse finds both coefficients of Burgers' equation from observations.
var pinnBurgersInverse = Entry{
	Name:      "pinn-burgers-inverse",
	Doc:       "both coefficients of Burgers' equation from 2000 observations, clean and with 1 % of noise",
	Published: "0.08 % and 0.7 % clean, 0.2 % and 0.8 % with 1 % of noise: Raissi et al. 2019, J. Comput. Phys. 378",
	Seeds:     3,
	Run: problems(
		problem{config: "pinn_burgers_inverse", bars: []bar{{metric: "error.lambda", limit: 1e-3}, {metric: "error.nu", limit: 1e-3}}},
		problem{config: "pinn_burgers_inverse", run: "noisy", sets: []string{"problem.data.noise=0.01"}, bars: []bar{{metric: "error.lambda", limit: 1e-2}, {metric: "error.nu", limit: 1e-2}}},
	),
}
