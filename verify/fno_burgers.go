package verify

import (
	"context"
	"fmt"
)

// fnoBurgers trains the Fourier neural operator on Burgers' pairs at 256 of 1024 points and judges it at four resolutions.
var fnoBurgers = Entry{
	Name:      "fno-burgers",
	Doc:       "Fourier neural operator on pairs u(0) → u(1) of Burgers' equation, ν = 0.1, trained at 256 points",
	Published: "relative L2 0.0160 at 256 points, 0.0139 at 1024: Li et al. 2021 (arXiv 2010.08895), table 3; other draws of the data",
	Seeds:     1,
	Run:       runFNOBurgers,
}

func runFNOBurgers(ctx context.Context, s *Script) (Result, error) {
	resolutions := []string{"256", "512", "1024"}
	errors := map[string][]float64{}
	var seconds []float64
	for _, seed := range s.Seeds {
		run := fmt.Sprintf("seed%d", seed)
		t, err := s.Train(ctx, "fno_burgers", run, seed)
		if err != nil {
			return Result{}, err
		}
		seconds = append(seconds, t.Seconds)
		for _, n := range resolutions {
			m, err := s.Eval(ctx, run, "--resolution", n)
			if err != nil {
				return Result{}, err
			}
			errors[n] = append(errors[n], m["fno.rel_l2"])
		}
	}
	r := Result{Values: map[string]any{"rel_l2": Median(errors["256"]...), "seconds": Median(seconds...)}}
	for _, n := range resolutions {
		e := Median(errors[n]...)
		r.Values["rel_l2_"+n] = e
		r.Rows = append(r.Rows, Row{"relative L2 at " + n, fmt.Sprintf("%.3g", e)})
		r.Checks = append(r.Checks, Check{Name: "relative L2 at " + n, Value: e, Bar: 1e-3})
	}
	r.Checks = append(r.Checks, Check{Name: "relative L2 at 1024", Value: Median(errors["1024"]...), Bar: 3e-4, Goal: true})
	return r, nil
}
