package verify

import (
	"context"
	"fmt"
	"math"
)

// probConserv trains an attentive process on each family and corrects its predictions of a line by the known integral.
var probConserv = Entry{
	Name: "probconserv",
	Doc:  "conservation updates of attentive processes on heat, porous media and Stefan's problem: uncorrected, all points alike, and by variance",
	Published: "Stefan u* = 0.6 MSE 5.38e-3, 5.18e-3, 1.89e-3; porous media m = 1 MSE 0.94e-4, 0.43e-4, 0.17e-4, after 500 epochs of 10,000 functions: " +
		"Hansen et al. 2023 (arXiv 2302.11002), tables 1 to 3",
	Seeds: 1,
	Run:   runProbConserv,
}

// correction is what kolmogo conserve says of one way to correct.
type correction struct {
	Error   measured `json:"conservation_error"`
	Largest measured `json:"conservation_error_max"`
	MSE     measured `json:"mse"`
	LL      measured `json:"log_likelihood"`
}

// called are the publication's names of the ways to correct.
var called = map[string]string{"none": "ANP", "even": "HardC", "variance": "ProbConserv"}

func runProbConserv(ctx context.Context, s *Script) (Result, error) {
	seed := s.Seeds[0]
	r := Result{Values: map[string]any{}}
	mse, seconds, worst := map[string]map[string]float64{}, 0.0, 0.0
	var hurt []string
	for _, f := range []struct {
		family, parameter string
		values            []float64
		time              float64
	}{
		{"stefan", "threshold", []float64{0.6, 0.5}, 0.05},
		{"porous_medium", "m", []float64{1, 3, 6}, 0.5},
		{"heat_sine", "k", []float64{1, 5}, 0.5},
	} {
		t, err := s.Train(ctx, "gpme_probconserv", f.family, seed, "data.generate=scattered_"+f.family)
		if err != nil {
			return r, err
		}
		seconds += t.Seconds
		for _, v := range f.values {
			name := fmt.Sprintf("%s_%v", f.family, v)
			file := s.Path(name + ".kmg")
			if err := s.Call(ctx, nil, "generate", "scattered_"+f.family, "-o", file, "--n", "50", "--start", "20000", "--set", "points=201",
				"--set", fmt.Sprintf("parameters.time=%v", f.time), "--set", fmt.Sprintf("varying.%s=[%v,%v]", f.parameter, v, v)); err != nil {
				return r, err
			}
			var report struct {
				By map[string]correction `json:"by"`
			}
			args := []string{"conserve", s.Path(f.family), "--data", file, "--mass", "3", "--checkpoint", "last"}
			if s.Threads > 0 {
				args = append(args, "--threads", fmt.Sprint(s.Threads))
			}
			if err := s.Call(ctx, &report, args...); err != nil {
				return r, err
			}
			r.Values[name] = report.By
			mse[name] = map[string]float64{}
			for _, way := range []string{"none", "even", "variance"} {
				c := report.By[way]
				mse[name][way] = float64(c.MSE)
				r.Rows = append(r.Rows, Row{name + " " + called[way], fmt.Sprintf("CE %9.2e  MSE %9.3e  LL %7.3f", c.Error, c.MSE, c.LL)})
				if largest := float64(c.Largest); way != "none" && (largest > worst || math.IsNaN(largest)) {
					worst = largest
				}
			}
			if !(mse[name]["variance"] <= mse[name]["none"]) {
				hurt = append(hurt, name)
			}
		}
	}
	r.Values["seconds"], r.Values["hurt_by_the_update"] = seconds, hurt
	r.Rows = append(r.Rows, Row{"the update hurts", fmt.Sprint(hurt)})
	stefan, pme := mse["stefan_0.6"], mse["porous_medium_1"]
	r.Checks = []Check{
		{Name: "Stefan u* = 0.6, MSE by variance", Value: stefan["variance"], Bar: 2e-3},
		{Name: "the same over uncorrected", Value: stefan["variance"] / stefan["none"], Bar: 0.5},
		{Name: "porous media m = 1, MSE by variance", Value: pme["variance"], Bar: 2e-5},
		{Name: "largest conservation error", Value: math.Abs(worst), Bar: 1e-12},
	}
	return r, nil
}
