package verify

import (
	"context"
	"fmt"
)

// diffusionSorptionMoE trains the same network three ways on the equation alone, without solutions: as the solution itself (soft), as
// a basis of one solve (single), and as a basis of four (mixture).
var diffusionSorptionMoE = Entry{
	Name: "diffusion-sorption-moe-small",
	Doc:  "diffusion-sorption without solution data, 51 × 65 points: the equation as a loss, as one hard constraint, and as a mixture of four",
	Published: "at 101 × 1024 points soft 85.9 %, single 7.55 %, mixture 3.60 %: Chalapathi, Du, Krishnapriyan 2024 (arXiv 2402.13412), table 1; " +
		"the first two are no better than the initial value and the mean solution, which stand below",
	Seeds: 3,
	Run:   runDiffusionSorptionMoE,
}

// steps per epoch of diffusion_sorption_moe_small.
const sorptionSteps = 100

func runDiffusionSorptionMoE(ctx context.Context, s *Script) (Result, error) {
	const config = "diffusion_sorption_moe_small"
	experts := func(n int) string { return fmt.Sprintf("model.constraint.equation.experts=[1,%d]", n) }
	variants := []struct {
		name  string
		steps int
		set   string
	}{
		{"soft", 2000, "model.constraint.equation.basis=-1"}, {"single", 2000, experts(1)}, {"mixture", 2000, experts(4)},
		{"soft", 1000, "model.constraint.equation.basis=-1"}, {"single", 1000, experts(1)},
	}
	errors, seconds := map[string][]float64{}, map[string]float64{}
	var constant, mean float64
	for _, seed := range s.Seeds {
		for _, v := range variants {
			run := fmt.Sprintf("%s%d-seed%d", v.name, v.steps, seed)
			t, err := s.Train(ctx, config, run, seed, fmt.Sprintf("train.epochs=%d", v.steps/sorptionSteps), v.set)
			if err != nil {
				return Result{}, err
			}
			m, err := s.Eval(ctx, run)
			if err != nil {
				return Result{}, err
			}
			key := fmt.Sprintf("%s%d", v.name, v.steps)
			errors[key] = append(errors[key], m["fno.rel_l2"])
			seconds[key] += t.Seconds / float64(len(s.Seeds))
		}
	}
	run := fmt.Sprintf("single1000-seed%d", s.Seeds[0])
	for what, to := range map[string]*float64{"input": &constant, "mean": &mean} {
		m, err := s.Eval(ctx, run, "--instead", what)
		if err != nil {
			return Result{}, err
		}
		*to = m["fno.rel_l2"]
	}
	r := Result{Values: map[string]any{"constant": constant, "mean_solution": mean, "by_seed": errors}}
	value, times := map[string]float64{}, map[string]float64{}
	for key, list := range errors {
		value[key], times[key] = Median(list...), seconds[key]
		r.Values[key] = value[key]
	}
	for _, name := range []string{"soft", "single", "mixture"} {
		r.Values[name] = value[name+"2000"]
	}
	r.Values["seconds"] = times
	for _, row := range []struct{ label, key string }{
		{"soft, 1000 steps", "soft1000"}, {"soft, 2000 steps", "soft2000"}, {"single, 1000 steps", "single1000"},
		{"single, 2000 steps", "single2000"}, {"mixture of 4, 2000 steps", "mixture2000"},
	} {
		r.Rows = append(r.Rows, Row{row.label, fmt.Sprintf("%.3g %% in %.0f s", 100*value[row.key], times[row.key])})
	}
	r.Rows = append(r.Rows,
		Row{"the initial value", fmt.Sprintf("%.3g %%", 100*constant)},
		Row{"the mean solution", fmt.Sprintf("%.3g %%", 100*mean)})
	r.Checks = []Check{
		{Name: "single, 2000 steps", Value: value["single2000"], Bar: 0.02},
		{Name: "mixture, 2000 steps", Value: value["mixture2000"], Bar: 0.02},
		{Name: "mixture over single", Value: value["mixture2000"] / value["single2000"], Bar: 1.3},
		{Name: "soft over single, 1000 steps", Value: value["soft1000"] / value["single1000"], Bar: 1.5, More: true},
		{Name: "mean solution over single", Value: mean / value["single2000"], Bar: 4, More: true},
		{Name: "mean solution over mixture", Value: mean / value["mixture2000"], Bar: 4, More: true},
		{Name: "single, 2000 steps", Value: value["single2000"], Bar: 0.009, Goal: true},
		{Name: "mixture, 2000 steps", Value: value["mixture2000"], Bar: 0.009, Goal: true},
	}
	return r, nil
}
