package verify

import "context"

// pinnPeak compares points drawn where residuals are large with points drawn evenly, equal in number, on a peak that few points see.
var pinnPeak = Entry{
	Name:      "pinn-peak",
	Doc:       "Poisson's equation with a peak, 2000 points: drawn by residuals against drawn evenly, at 257x257 points",
	Published: "the test problem of DAS-PINNs (Tang, Wan & Yang 2023, J. Comput. Phys. 476) and of adversarial adaptive sampling (Tang et al. 2024, arXiv 2305.18702)",
	Seeds:     3,
	Run: func(ctx context.Context, s *Script) (Result, error) {
		const budget = "train.seconds=120"
		phases := "train.phases=[{method: adam, steps: 500, lr: 0.005, points: 1000}, {method: lm}]"
		r, err := problems(
			problem{config: "pinn_peak", sets: []string{budget, phases}},
			problem{config: "pinn_peak", run: "uniform", sets: []string{budget, phases, "train.points.candidates=-1"}},
		)(ctx, s)
		if err != nil {
			return r, err
		}
		adaptive, _ := r.Values["rel_l2"].(float64)
		uniform, _ := r.Values["uniform_rel_l2"].(float64)
		r.Checks = append(r.Checks, Check{Name: "error over that of uniform points", Value: adaptive / uniform, Bar: 0.1})
		return r, nil
	},
}
