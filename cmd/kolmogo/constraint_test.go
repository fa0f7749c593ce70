package main

import (
	"math"
	"path/filepath"
	"strings"
	"testing"
)

// Predictions of a process have the known mean over space after both corrections, to rounding.
func TestConserve(t *testing.T) {
	folder := t.TempDir()
	run, line := filepath.Join(folder, "run"), filepath.Join(folder, "line.kmg")
	must(t, "train", "gpme_probconserv", "--run", run, "--set", "data.trajectories=40", "--set", "data.split.valid.count=8", "--set", "data.batch=8",
		"--set", "data.cache="+folder, "--set", "train.epochs=1", "--set", "model.width=8", "--set", "model.heads=2")
	must(t, "generate", "scattered_stefan", "-o", line, "--n", "3", "--start", "90", "--set", "points=31", "--set", "parameters.time=0.05")
	var r conserveReport
	document(t, must(t, "conserve", run, "--data", line, "--mass", "3", "--json"), &r)
	if r.N != 3 || len(r.By) != 3 || !(math.Abs(float64(r.By["none"].Largest)) > 1e-3) {
		t.Errorf("report %+v", r)
	}
	for _, way := range []string{"even", "variance"} {
		if c := r.By[way]; !(c.Largest <= 1e-12) || !(c.MSE > 0) || math.IsNaN(float64(c.LL)) {
			t.Errorf("%s: %+v", way, c)
		}
	}
	call(t, "conserve", run, "--data", line, "--mass", "9").oneError(t, 2, "--mass 9")
	var of conserveReport // the truth's own mean, which the trapezoid rule makes a little different at the jump
	document(t, must(t, "conserve", run, "--data", line, "--known", "data", "--json"), &of)
	given, own := float64(r.By["none"].Error), float64(of.By["none"].Error)
	if d := math.Abs(given - own); !(d > 0 && d < 0.02) || !(of.By["variance"].Largest <= 1e-12) {
		t.Errorf("error against the known mean %v, against the data's %v", given, own)
	}
	call(t, "conserve", run, "--data", line, "--known", "guess").oneError(t, 2, "--known")
}

// An equation trains without solutions and logs its solves; the trivial predictions are judged in its place.
func TestEquationTrainsAndIsJudged(t *testing.T) {
	folder := t.TempDir()
	run := filepath.Join(folder, "run")
	must(t, "train", "diffusion_sorption_moe_small", "--run", run, "--set", "data.trajectories=6", "--set", "data.split.test.count=2", "--set", "data.batch=2",
		"--set", "data.cache="+folder, "--set", "train.epochs=2", "--set", "train.log_every=1", "--set", "model.width=4", "--set", "model.layers=1")
	log := read(t, filepath.Join(run, "log.jsonl"))
	for _, key := range []string{"solve_iterations", "solve_objective", "solves_unconverged"} {
		if strings.Count(log, key) != 4 {
			t.Errorf("the log lacks %s:\n%s", key, log)
		}
	}
	var values [3]float64
	for i, instead := range []string{"", "input", "mean"} {
		var r evalReport
		document(t, must(t, "eval", run, "--instead", instead, "--metrics", "fno.rel_l2", "--json"), &r)
		values[i] = float64(r.Metrics["fno.rel_l2"])
	}
	if !(values[0] > 0 && values[1] > 0.5 && values[2] < 0.5 && values[2] > 0) {
		t.Errorf("model %v, input %v, mean %v", values[0], values[1], values[2])
	}
	call(t, "eval", run, "--instead", "noise").oneError(t, 2, "--instead")

	// the same weights with other solves
	judge := func(sets ...string) (r evalReport) {
		args := []string{"eval", run, "--metrics", "fno.rel_l2", "--json"}
		for _, set := range sets {
			args = append(args, "--set", "model.constraint.equation."+set)
		}
		document(t, must(t, args...), &r)
		return r
	}
	asTrained, one, short := judge(), judge("experts=[1,1]", "points=900", "tolerance=1e-9"), judge("iterations=1")
	if asTrained.Solves.Count != 2*4 || one.Solves.Count != 2 || !(one.Solves.Iterations > 0) || !(one.Solves.Worst >= one.Solves.Residual) || !(one.Solves.Residual > 0) {
		t.Errorf("solves %+v, of one expert %+v", asTrained.Solves, one.Solves)
	}
	if asTrained.Metrics["fno.rel_l2"] == one.Metrics["fno.rel_l2"] || short.Solves.Unconverged != 2*4 || asTrained.Solves.Unconverged == 2*4 {
		t.Errorf("as trained %+v %v, one expert %+v %v, one iteration %+v", asTrained.Metrics, asTrained.Solves, one.Metrics, one.Solves, short.Solves)
	}
	call(t, "eval", run, "--set", "model.constraint.equation.basis=3").oneError(t, 2, "weights")
	call(t, "eval", run, "--set", "model.width=3").oneError(t, 2, "model.constraint")
	call(t, "eval", run, "--set", "model.constraint.equation.iterations=-3").oneError(t, 2, "iterations")
}

// Solves of a sample that start where those of its last step ended take fewer iterations and lead to the same.
func TestWarmStart(t *testing.T) {
	folder := t.TempDir()
	iterations, left := map[string]float64{}, map[string]float64{}
	for _, warm := range []string{"false", "true"} {
		run := filepath.Join(folder, warm)
		must(t, "train", "diffusion_sorption_moe_small", "--run", run, "--set", "data.trajectories=8", "--set", "data.split.test.count=2", "--set", "data.batch=2",
			"--set", "data.cache="+folder, "--set", "train.epochs=2", "--set", "train.log_every=1", "--set", "model.width=4", "--set", "model.layers=1", "--set", "train.lr=1e-6",
			"--set", "train.schedule.kind=constant", "--set", "model.constraint.equation.warm="+warm, "--set", "model.constraint.equation.tolerance=1e-6")
		for _, line := range strings.Split(strings.TrimSpace(read(t, filepath.Join(run, "log.jsonl"))), "\n") {
			var v struct {
				Epoch      int
				Iterations float64 `json:"solve_iterations"`
				Objective  float64 `json:"solve_objective"`
			}
			document(t, line, &v)
			if v.Epoch == 1 {
				iterations[warm] += v.Iterations
				left[warm] += v.Objective
			}
		}
	}
	if !(iterations["true"] < 0.8*iterations["false"]) || !(math.Abs(left["true"]-left["false"]) <= 0.01*left["false"]) || !(left["true"] > 0) {
		t.Errorf("iterations %v, left %v", iterations, left)
	}
}
