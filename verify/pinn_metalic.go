package verify

import (
	"context"
	"fmt"
	"math"
	"strings"
)

// fixedCouplings are conditions at an interface that are chosen beforehand: each alone, those of XPINN, what the equation's theory asks for,
// and all of them.
func fixedCouplings() []string {
	return []string{
		"value", "average", "residual", "residual_continuity", "flux", "second_tangential", "residual_gradient", "normal", "second_normal",
		"average residual_continuity", "value normal", "value flux", "value residual_continuity flux",
		"value average residual residual_continuity flux second_tangential residual_gradient normal second_normal",
	}
}

// xpinn is the choice of Jagtap & Karniadakis 2020.
const xpinn = "average residual_continuity"

// pinnMetalic lets a bandit learn which conditions to put where two networks meet, and compares with conditions that are fixed beforehand,
// all else equal.
var pinnMetalic = Entry{
	Name:      "pinn-metalic",
	Doc:       "Poisson's equation with a layer in two subdomains: after 40 short trainings with other layers, the chosen interface conditions against 14 fixed sets of them",
	Published: "better than XPINN with fixed conditions, in figures: METALIC (Li et al. 2023, arXiv 2210.12669)",
	Seeds:     3,
	Run: func(ctx context.Context, s *Script) (Result, error) {
		var r Result
		if err := s.solve(ctx, problem{config: "pinn_metalic"}, &r); err != nil {
			return r, err
		}
		chosen, _ := r.Values["rel_l2"].(float64)
		best, worst, mean, of := math.Inf(1), 0.0, 0.0, ""
		for i, set := range fixedCouplings() {
			var list []string
			for kind := range strings.FieldsSeq(set) {
				list = append(list, fmt.Sprintf("{kind: %s, weight: 5}", kind))
			}
			name := fmt.Sprintf("fixed%d", i)
			if err := s.solve(ctx, problem{config: "pinn_metalic", run: name, sets: []string{
				"train.bandit.plays=0", "problem.subdomains.interface=[" + strings.Join(list, ", ") + "]"}}, &r); err != nil {
				return r, err
			}
			e, _ := r.Values[name+"_rel_l2"].(float64)
			if e < best {
				best, of = e, set
			}
			worst, mean = math.Max(worst, e), mean+e/float64(len(fixedCouplings()))
			if set == xpinn {
				r.Checks = append(r.Checks, Check{Name: "error over that of XPINN's conditions", Value: chosen / e, Bar: 0.1})
			}
		}
		r.Rows = append(r.Rows, Row{"fixed conditions", fmt.Sprintf("best %.3g (%s), mean %.3g, worst %.3g", best, of, mean, worst)})
		r.Checks = append(r.Checks,
			Check{Name: "error over the mean of fixed conditions", Value: chosen / mean, Bar: 0.1},
			Check{Name: "error over the best of fixed conditions", Value: chosen / best, Bar: 2, Goal: true})
		return r, nil
	},
}
