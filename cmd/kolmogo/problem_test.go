package main

import (
	"bytes"
	"html"
	"path/filepath"
	"strings"
	"testing"

	"github.com/kolmogo/kolmogo/datasets"
)

// oscillator is a problem that is solved in a moment: u_t = -u from 1, and a function of x to make it a field.
const oscillator = `
precision: float64
problem:
  coordinates: [x, t]
  domain:
    box: [[0, 1]]
    time: [0, 1]
  equations: ["u_t + u"]
  ansatz:
    lift: {u: "1 + x"}
    factor: {u: t}
  points: 60
  reference:
    formula: {u: "(1 + x) exp(-t)"}
    grid: [6, 5]
model: {width: 8, layers: 1}
train:
  phases: [{method: adam, steps: 20, lr: 0.01}, {method: lm, steps: 40}]
  points: {candidates: 200, validation: 200}
`

// TestProblem: train, resume, eval by formula and by file, report and dry run of a boundary value problem.
func TestProblem(t *testing.T) {
	folder := t.TempDir()
	config, run := filepath.Join(folder, "decay.yaml"), filepath.Join(folder, "run")
	write(t, config, oscillator)
	var plan struct {
		Parameters int
		BytesPeak  int `json:"bytes_peak"`
	}
	document(t, must(t, "train", config, "--run", run, "--dry-run", "--json"), &plan)
	if plan.Parameters != 33 || plan.BytesPeak < 1000 || fileExists(run) {
		t.Errorf("dry run: %+v", plan)
	}
	var report trainReport
	document(t, must(t, "train", config, "--run", run, "--json"), &report)
	if report.Steps != 60 || report.Best == nil || !(*report.Best < 1e-6) || !(report.Seconds > 0) {
		t.Errorf("train: %+v", report)
	}
	var judged problemReport
	document(t, must(t, "eval", run, "--json", "--report", filepath.Join(folder, "page.html")), &judged)
	if judged.N != 30 || !(judged.Metrics["rel_l2"] < 1e-3) || !fileExists(filepath.Join(run, "eval.json")) {
		t.Errorf("eval: %+v", judged)
	}
	if page := html.UnescapeString(read(t, filepath.Join(folder, "page.html"))); !strings.Contains(page, "rel_l2") || !strings.Contains(page, "u_t + u") ||
		!strings.Contains(page, "Loss by step") || !strings.Contains(page, "solution and error") || !strings.Contains(page, "equation's residual") {
		t.Error("the page lacks the metric, the equation, the training curve, or the maps of solution, error and residual")
	}
	file := filepath.Join(folder, "wrong.safetensors")
	arrays := map[string]datasets.Array{}
	for name, a := range map[string]struct {
		data  []float64
		shape []int
	}{"x": {[]float64{0, 1}, []int{2}}, "t": {[]float64{0, 0.5, 1}, []int{3}}, "solution": {[]float64{2, 4, 2, 4, 2, 4}, []int{3, 2}}} {
		array, err := datasets.NewArray(a.data, a.shape...)
		if err != nil {
			t.Fatal(err)
		}
		arrays[name] = array
	}
	var b bytes.Buffer
	if err := datasets.WriteSafetensors(&b, arrays, nil); err != nil {
		t.Fatal(err)
	}
	write(t, file, b.String())
	document(t, must(t, "eval", run, "--json", "--data", file), &judged)
	// u is 1 + x at t = 0, half of the file's value there
	if judged.N != 6 || !(judged.Metrics["rel_l2"] > 0.5 && judged.Metrics["rel_l2"] < 1) || judged.Reference != file {
		t.Errorf("eval of a file: %+v", judged)
	}
	for name, most := range map[string]float64{"u.safetensors": 0, "u.onnx": 1e-12} {
		var exported exportReport
		document(t, must(t, "export", run, "-o", filepath.Join(folder, name), "--batch", "7", "--check", "--json"), &exported)
		if exported.Difference == nil || !(*exported.Difference <= most) || !(*exported.Largest > 0) || exported.Tensors != 4 {
			t.Errorf("export %s: %+v", name, exported)
		}
	}
	call(t, "export", run, "-o", filepath.Join(folder, "u.onnx"), "--resolution", "8").oneError(t, 2, "--batch")
	call(t, "rollout", run).oneError(t, 2, "boundary value problem")
}
