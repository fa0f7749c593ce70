package main

import (
	"encoding/csv"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestRolloutSideBySide: two runs in one report, with a file of numbers for every figure; each run's numbers are those it has alone.
func TestRolloutSideBySide(t *testing.T) {
	folder, config := tiny(t)
	one, two := filepath.Join(folder, "one"), filepath.Join(folder, "two")
	must(t, "train", config, "--run", one)
	must(t, "train", config, "--run", two, "--set", "seed=6", "--set", "train.epochs=1")
	page, figures := filepath.Join(folder, "both.html"), filepath.Join(folder, "figures")
	var both rolloutsReport
	document(t, must(t, "rollout", one, two, "--json", "--report", page, "--figures", figures, "--threshold", "0.5", "--spectra", "2,7"), &both)
	if len(both.Runs) != 2 || both.Report != page || both.Ensemble != nil {
		t.Fatalf("%+v", both)
	}
	var alone rolloutReport
	document(t, must(t, "rollout", two, "--json"), &alone)
	for n, v := range alone.RelL2 {
		if both.Runs[1].RelL2[n] != v || both.Runs[1].Correlation[n] != alone.Correlation[n] {
			t.Fatalf("step %d of the second run differs from the run alone", n+1)
		}
	}
	r := both.Runs[0]
	if len(r.CorrelationTime) != 1 || len(r.CorrelationTime[0].Each) != 3 || len(r.Spectra) != 2 || r.Spectra[1].Step != 7 || len(r.Spectra[1].Pred) != 9 {
		t.Errorf("correlation times %+v, spectra %+v", r.CorrelationTime, r.Spectra)
	}
	if c := r.CorrelationTime[0]; !(c.First.Low <= c.First.Value && c.First.Value <= c.First.High && math.Abs(r.Dt-0.1) < 1e-12 && c.First.Value <= number(7*r.Dt+1e-12)) {
		t.Errorf("correlation time %+v with steps of %g", c, r.Dt)
	}
	if len(r.Drift) != 1 || r.Drift[0].TruthMean == nil || !(*r.Drift[0].TruthMean < 1e-5) {
		t.Errorf("the mean of the truth drifts: %+v", r.Drift)
	}
	text := read(t, page)
	if n := strings.Count(text, "<img"); n < 6 || strings.Count(text, "<details") != 2 || strings.Contains(text, "http://") || strings.Contains(text, "<script") {
		t.Errorf("the report has %d pictures", n)
	}
	names, err := filepath.Glob(filepath.Join(figures, "*.png"))
	if err != nil || len(names) != strings.Count(text, "<img") {
		t.Errorf("%d pictures in the folder, %v", len(names), err)
	}
	for _, name := range names {
		f, err := os.Open(strings.TrimSuffix(name, "png") + "csv")
		if err != nil {
			t.Fatal(err)
		}
		rows, err := csv.NewReader(f).ReadAll()
		f.Close()
		if err != nil || len(rows) < 2 {
			t.Errorf("%s: %d rows, %v", name, len(rows), err)
		}
	}
}

// TestRolloutEnsemble: equal runs have no spread and the skill of one; members of a surrogate without noise are told to be equal.
func TestRolloutEnsemble(t *testing.T) {
	folder, config := tiny(t)
	run := filepath.Join(folder, "run")
	must(t, "train", config, "--run", run)
	var both rolloutsReport
	document(t, must(t, "rollout", run, run, "--ensemble", "--json", "--report", filepath.Join(folder, "page.html")), &both)
	e := both.Ensemble
	if e == nil || e.Members != 2 || len(e.Skill) != 7 || e.Spread[6] != 0 || !(e.Skill[6] > 0) || len(e.Ranks) != 3 || len(e.Events) != 2 {
		t.Fatalf("%+v", e)
	}
	var own rolloutReport
	document(t, must(t, "rollout", run, "--members", "2", "--json"), &own)
	if own.Ensemble == nil || own.Ensemble.Skill[6] != e.Skill[6] || !strings.Contains(strings.Join(own.Notes, " "), "draws no noise") {
		t.Errorf("%+v, notes %q", own.Ensemble, own.Notes)
	}
	if own.RelL2[6] != both.Runs[0].RelL2[6] {
		t.Error("the first member is not the run's prediction")
	}
	for _, flags := range [][]string{{"--ensemble"}, {"--members", "0"}, {"--threshold", "2"}, {"--spectra", "0"}, {"--channel", "w"}} {
		call(t, append([]string{"rollout", run}, flags...)...).oneError(t, 2, flags[0])
	}
	call(t, "rollout", run, run, "-o", filepath.Join(folder, "x.npz")).oneError(t, 2, "one run")
}

// TestRolloutBeyondTheData: where the truth ends, finiteness, statistics and the equation are still judged.
func TestRolloutBeyondTheData(t *testing.T) {
	folder, config := tiny(t)
	run := filepath.Join(folder, "run")
	recipe := "equation: diffusion\nparameters: {nu: 0.05}\nlength: 6.283185307179586\npoints: 16\nsolver: {points: 32, steps: 8}\n" +
		"frames: {t0: 0, t1: 0.7, count: 8}\ninitial:\n  name: sine_sum\n  parameters: {count: 4, lowest: 1, highest: 3, amplitude: 0.5}\nseed: 3\n"
	write(t, filepath.Join(folder, "heat.yaml"), recipe)
	data := filepath.Join(folder, "heat.kmg")
	must(t, "generate", filepath.Join(folder, "heat.yaml"), "-o", data, "--n", "4")
	must(t, "train", config, "--run", run)
	var r rolloutReport
	document(t, must(t, "rollout", run, "--data", data, "--steps", "30", "--json", "--report", filepath.Join(folder, "page.html")), &r)
	if r.Compared != 7 || r.Steps != 30 || len(r.RelL2) != 7 {
		t.Fatalf("%+v", r)
	}
	last := r.Residual[len(r.Residual)-1]
	if last.Step != 30 || last.Truth != nil || !(last.Value > 0) {
		t.Errorf("the last residual is %+v", last)
	}
	if first := r.Residual[0]; first.Truth == nil || !(*first.Truth < 1e-3) || !(first.Value > *first.Truth) {
		t.Errorf("the first residual is %+v", first)
	}
	if s := r.Spectra[len(r.Spectra)-1]; s.Step != 30 || s.Target != nil {
		t.Errorf("the last spectrum is %+v", s)
	}
}
