package main

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestRefinerFromTrainingToRollout: a refiner is trained, judged and rolled out by the same commands as any surrogate; its noise is a
// function of the run, so twice the same is the same, and a member more is another sample.
func TestRefinerFromTrainingToRollout(t *testing.T) {
	folder, config := tiny(t)
	run := filepath.Join(folder, "refined")
	refined := []string{"--set", "refiner.kind=refine", "--set", "refiner.steps=2", "--set", "refiner.noise=0.1", "--set", "train.loss=mse",
		"--set", "data.target=difference", "--set", "train.steps=8"}
	var trained trainReport
	document(t, must(t, append([]string{"train", config, "--run", run, "--json"}, refined...)...), &trained)
	if trained.Steps != 8 {
		t.Errorf("train: %+v", trained)
	}
	var once, again rolloutReport
	document(t, must(t, "rollout", run, "--steps", "4", "--json"), &once)
	document(t, must(t, "rollout", run, "--steps", "4", "--json", "--threads", "2"), &again)
	if !slices.Equal(once.RelL2, again.RelL2) || len(once.RelL2) != 4 {
		t.Errorf("two rollouts of a run: errors %v and %v", once.RelL2, again.RelL2)
	}
	var judged evalReport
	document(t, must(t, "eval", run, "--json"), &judged)
	if e := judged.Metrics["fno.rel_l2"]; !(e > 0 && e < 10) {
		t.Errorf("eval: %v", judged.Metrics)
	}
	must(t, "export", run, "-o", filepath.Join(folder, "refined.safetensors"), "--check")

	wrong := append([]string{"train", config, "--run", filepath.Join(folder, "wrong"), "--set", "train.objective.kind=one_step"}, refined...)
	if o := call(t, wrong...); o.code != 2 || !strings.Contains(o.err, "train.objective.kind") {
		t.Errorf("a refiner with another objective: %+v", o)
	}
}

// TestDryRunGeneratesNothing: a plan needs the shapes of data that nobody has generated, not the data.
func TestDryRunGeneratesNothing(t *testing.T) {
	folder, config := tiny(t)
	cache := filepath.Join(folder, "cache")
	args := []string{"train", config, "--dry-run", "--json", "--set", "data.cache=" + cache}
	var plan, blank struct {
		Parameters int
		Samples    int
		BytesPeak  int64 `json:"bytes_peak"`
	}
	document(t, must(t, args...), &plan)
	text := strings.Replace(read(t, config), "path: ", "generate: "+filepath.Join(folder, "recipe.yaml")+"\n  # ", 1)
	write(t, config, text)
	document(t, must(t, args...), &blank)
	if plan != blank || plan.Samples == 0 {
		t.Errorf("planned with data %+v, without %+v", plan, blank)
	}
	if fileExists(cache) {
		t.Error("a dry run generated data")
	}
}
