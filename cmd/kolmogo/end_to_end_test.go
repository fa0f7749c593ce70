package main

import (
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/kolmogo/kolmogo/datasets"
)

// TestEndToEnd goes through every command on a small set, and checks what scripts rely on.
func TestEndToEnd(t *testing.T) {
	folder, config := tiny(t)
	run := filepath.Join(folder, "run")

	var inspected datasets.Report
	document(t, must(t, "inspect", filepath.Join(folder, "data.kmg"), "--json"), &inspected)
	if inspected.View == nil || !slices.Equal(inspected.View.Fields, []int{12, 8, 32, 1}) {
		t.Errorf("inspect: %+v", inspected.View)
	}

	proposed := filepath.Join(folder, "proposed.yaml")
	write(t, proposed, inspected.Config)
	must(t, "train", proposed, "--dry-run")

	var plan struct {
		Parameters int   `json:"parameters"`
		BytesPeak  int64 `json:"bytes_peak"`
		Step       struct{ FLOPs int64 }
	}
	document(t, must(t, "train", config, "--run", run, "--dry-run", "--json"), &plan)
	if plan.Parameters < 100 || plan.BytesPeak < 1000 || plan.Step.FLOPs < 1000 {
		t.Errorf("dry run: %+v", plan)
	}
	if fileExists(run) {
		t.Error("a dry run wrote a folder")
	}

	var trained trainReport
	document(t, must(t, "train", config, "--run", run, "--json"), &trained)
	if trained.Run != run || trained.Steps != 30 || trained.Best == nil || !(*trained.Best < 1) {
		t.Errorf("train: %+v", trained)
	}
	for _, name := range []string{"config.yaml", "manifest.json", "log.jsonl", "last.ckpt", "best.ckpt"} {
		if !fileExists(filepath.Join(run, name)) {
			t.Errorf("the run folder lacks %s", name)
		}
	}
	for line := range strings.Lines(read(t, filepath.Join(run, "log.jsonl"))) {
		if !json.Valid([]byte(line)) {
			t.Errorf("log.jsonl: %s", line)
		}
	}

	var judged evalReport
	document(t, must(t, "eval", run, "--json", "--resolution", "16,32", "--report", filepath.Join(folder, "eval.html")), &judged)
	if judged.Run != run || judged.Split != "test" || judged.N != 3*7 || len(judged.Resolutions) != 2 {
		t.Errorf("eval: %+v", judged)
	}
	if e := judged.Metrics["fno.rel_l2"]; !(e > 0 && e < 1) || e != judged.Resolutions["16"]["fno.rel_l2"] {
		t.Errorf("eval: the metrics are not those at the training resolution: %+v", judged)
	}
	var stored evalReport
	document(t, read(t, filepath.Join(run, "eval.json")), &stored)
	if stored.Metrics["fno.rel_l2"] != judged.Metrics["fno.rel_l2"] {
		t.Error("eval.json differs from what eval printed")
	}

	predictions, page := filepath.Join(folder, "rollout.npz"), filepath.Join(folder, "report.html")
	var rolled rolloutReport
	document(t, must(t, "rollout", run, "--json", "--steps", "9", "--n", "2", "-o", predictions, "--report", page), &rolled)
	if rolled.N != 2 || rolled.Steps != 9 || rolled.Compared != 7 || len(rolled.RelL2) != 7 || !(rolled.RelL2[6] > 0) {
		t.Errorf("rollout: %+v", rolled)
	}
	set, err := datasets.OpenSet(predictions, datasets.Keys{})
	if err != nil {
		t.Fatal(err)
	}
	defer set.Close()
	if shape := set.Fields.Shape(); !slices.Equal(shape, []int{2, 9, 16, 1}) || !(math.Abs(set.Meta.Times[8]-.9) < 1e-9) {
		t.Errorf("rollout: fields %v at times %v", shape, set.Meta.Times)
	}
	if text := read(t, page); !strings.Contains(text, "<img") || !strings.Contains(text, "fno.rel_l2") || strings.Contains(text, "http://") {
		t.Error("the report lacks pictures or metrics, or needs a network")
	}

	if text := read(t, filepath.Join(folder, "eval.html")); strings.Count(text, "<img") < 2 {
		t.Error("the report of eval lacks pictures")
	}

	weights := filepath.Join(folder, "model.safetensors")
	var exported exportReport
	document(t, must(t, "export", run, "-o", weights, "--check", "--json"), &exported)
	if exported.Difference == nil || *exported.Difference != 0 || !(*exported.Largest > 0) || !fileExists(exported.Sidecar) {
		t.Errorf("export: %+v", exported)
	}
	graph := filepath.Join(filepath.Dir(weights), "w.onnx")
	document(t, must(t, "export", run, "-o", graph, "--batch", "2", "--check", "--json"), &exported)
	if !(*exported.Difference <= 1e-4**exported.Largest) || !fileExists(graph) || exported.Input[0] != 2 {
		t.Errorf("export: %+v", exported)
	}
}

// TestRolloutBeginsWithOneStep: the first step of a rollout from stored frames is the prediction that eval judges.
func TestRolloutBeginsWithOneStep(t *testing.T) {
	folder, config := tiny(t)
	run := filepath.Join(folder, "run")
	must(t, "train", config, "--run", run)
	first := filepath.Join(folder, "first.kmg")
	must(t, "generate", filepath.Join(folder, "recipe.yaml"), "-o", first, "--n", "4", "--set", "frames.count=2", "--set", "frames.t1=0.1")
	var judged evalReport
	document(t, must(t, "eval", run, "--data", first, "--json"), &judged)
	var rolled rolloutReport
	document(t, must(t, "rollout", run, "--data", first, "--json"), &rolled)
	if e := judged.Metrics["fno.rel_l2"]; judged.N != 4 || len(rolled.RelL2) != 1 || !(math.Abs(float64(e-rolled.RelL2[0])) <= 1e-12*float64(e)) {
		t.Errorf("eval %v, rollout %v", e, rolled.RelL2)
	}
}

// TestGeneratedData: a configuration may generate its data, which is made once, into a file that other recipes do not share.
func TestGeneratedData(t *testing.T) {
	folder := t.TempDir()
	t.Chdir(folder)
	write(t, "recipe.yaml", tinyRecipe)
	text := strings.Replace(tinyConfig("x"), "path: x", "generate: recipe.yaml\n  trajectories: 9", 1)
	write(t, "tiny.yaml", text)
	must(t, "train", "tiny.yaml", "--set", "train.epochs=1", "--set", "train.checkpoint_every=0")
	cached, err := filepath.Glob("data/recipe-9-*.kmg")
	if err != nil || len(cached) != 1 {
		t.Fatalf("%v, %v", cached, err)
	}
	before, err := os.Stat(cached[0])
	if err != nil {
		t.Fatal(err)
	}
	must(t, "train", "tiny.yaml", "--set", "train.epochs=1", "--run", "again")
	after, err := os.Stat(cached[0])
	if err != nil || !after.ModTime().Equal(before.ModTime()) {
		t.Errorf("the data was generated again: %v", err)
	}
	inline := strings.Replace(tinyConfig("x"), "path: x", "generate:"+strings.ReplaceAll(strings.Replace(tinyRecipe, "seed: 3", "seed: 4", 1), "\n", "\n    "), 1)
	write(t, "inline.yaml", inline)
	must(t, "train", "inline.yaml", "--set", "train.epochs=1", "--run", "inline")
	if all, _ := filepath.Glob("data/*.kmg"); len(all) != 2 {
		t.Errorf("the cache holds %v", all)
	}
	if !strings.Contains(read(t, "inline/config.yaml"), "equation: burgers") {
		t.Error("the resolved configuration lacks the recipe")
	}
	must(t, "eval", "inline")
}
