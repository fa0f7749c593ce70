package verify

import (
	"context"
	"fmt"
	"strings"
)

// moeMap finds out where a mixture of experts is better than one solve of the same memory, and than the equation as a loss.
var moeMap = Entry{
	Name: "moe-map",
	Doc:  "where experts win and lose: equal memory of a solve, extrapolation in time, sharper initial data, blended parts, and Navier–Stokes",
	Published: "diffusion-sorption, trained to t = 400 and judged after: soft 806 %, single 48.0 %, mixture 14.8 %; Navier–Stokes: soft 18.1 %, single 11.8 %, " +
		"mixture 8.30 %: Chalapathi, Du, Krishnapriyan 2024 (arXiv 2402.13412), tables 1 and 2",
	Seeds: 1,
	Run:   runMoEMap,
}

// constraintVariant is a way to make the network's fields a solution.
type constraintVariant struct{ name, set string }

func runMoEMap(ctx context.Context, s *Script) (Result, error) {
	const key = "model.constraint.equation."
	soft := constraintVariant{"soft", key + "basis=-1"}
	line := []constraintVariant{soft, {"single", key + "experts=[1,1]"}, {"mixture", key + "experts=[1,4]"}, {"blended", key + "experts=[1,4]"}}
	square := []constraintVariant{soft, {"single", key + "experts=[1,1,1]"}, {"mixture", key + "experts=[1,2,2]"}}
	r := Result{Values: map[string]any{}}
	for file, flags := range map[string][]string{
		"to400.kmg": {"--set", "frames.t1=400", "--set", "frames.count=41"},
		"to500.kmg": {"--n", "20", "--start", "5000"},
		"sharp.kmg": {"--set", "initial.parameters.high=0.02"},
	} {
		if err := s.Generate(ctx, "diffusion_sorption_map", file, flags...); err != nil {
			return r, err
		}
	}
	from := func(file string) []string {
		return []string{"data.generate=", "data.trajectories=0", "data.path=" + s.Path(file)}
	}
	const sorption, stokes, short, shorter = "diffusion_sorption_moe_small", "navier_stokes_moe_small", "train.epochs=10", "train.epochs=4"
	seconds := 0.0
	for _, c := range []struct {
		name, config string
		variants     []constraintVariant
		sets         []string // in training
		judge        []string // flags of the judgement
	}{
		{"100 points a solve", sorption, line, []string{short, key + "points=100"}, nil},
		{"to t = 400, judged to 500", sorption, line, append(from("to400.kmg"), short, key+"extent=[0.8,1]"),
			[]string{"--data", s.Path("to500.kmg"), "--set", key + "extent=[1,1]"}},
		{"sharper initial data", sorption, line, append(from("sharp.kmg"), short), nil},
		{"Navier-Stokes", stokes, square, []string{shorter}, nil},
	} {
		errors := map[string]float64{}
		for i, v := range c.variants {
			run := strings.ReplaceAll(fmt.Sprintf("%s-%s", c.name, v.name), " ", "_")
			sets := append([]string{v.set}, c.sets...)
			if v.name == "blended" {
				sets = append(sets, key+"overlap=0.2")
			}
			t, err := s.Train(ctx, c.config, run, s.Seeds[0], sets...)
			if err != nil {
				return r, err
			}
			m, err := s.Eval(ctx, run, c.judge...)
			if err != nil {
				return r, err
			}
			seconds += t.Seconds
			errors[v.name] = m["fno.rel_l2"]
			label := v.name
			if i == 0 {
				label = c.name + ": " + v.name
			}
			r.Rows = append(r.Rows, Row{label, fmt.Sprintf("%.3g %% in %.0f s", 100*errors[v.name], t.Seconds)})
		}
		r.Values[c.name] = errors
		best := errors["single"]
		if soft := errors["soft"]; soft < best {
			best = soft
		}
		r.Checks = append(r.Checks, Check{Name: c.name + ": mixture over the better of the others", Value: errors["mixture"] / best, Bar: 1, Goal: true})
	}
	r.Values["seconds"] = seconds
	return r, nil
}
