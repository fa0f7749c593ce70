package verify

import "context"

// pinnPeak compares points that an adversary draws, and points drawn where residuals are large, with points drawn evenly, equal in number, on a peak that
// few points see.
var pinnPeak = Entry{
	Name:      "pinn-peak",
	Doc:       "Poisson's equation with a peak, 2000 points: drawn by an adversary (AAS), by residuals (rad) and evenly (uniform), at 257x257 points",
	Published: "the test problem of DAS-PINNs (Tang, Wan & Yang 2023, J. Comput. Phys. 476) and of adversarial adaptive sampling (Tang et al. 2024, arXiv 2305.18702)",
	Seeds:     3,
	Run: func(ctx context.Context, s *Script) (Result, error) {
		sets := func(own string) []string {
			return []string{"train.phases=[{method: adam, steps: 500, lr: 0.005, points: 1000}, {method: lm, steps: 500}]", own}
		}
		r, err := problems(
			problem{config: "pinn_peak", sets: sets("train.points.adaptive=adversarial")},
			problem{config: "pinn_peak", run: "rad", sets: sets("train.points.adaptive=rad")},
			problem{config: "pinn_peak", run: "uniform", sets: sets("train.points.candidates=-1")},
		)(ctx, s)
		if err != nil {
			return r, err
		}
		uniform, _ := r.Values["uniform_rel_l2"].(float64)
		for _, c := range []struct{ name, value string }{{"of the adversary's points", "rel_l2"}, {"of points drawn by residuals", "rad_rel_l2"}} {
			v, _ := r.Values[c.value].(float64)
			r.Checks = append(r.Checks, Check{Name: "error " + c.name + " over that of uniform points", Value: v / uniform, Bar: 0.1})
		}
		return r, nil
	},
}
