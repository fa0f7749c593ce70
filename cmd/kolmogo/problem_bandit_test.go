package main

import (
	"html"
	"path/filepath"
	"strings"
	"testing"
)

// chosen is u_xx = 0 between 0 and 1 on two subdomains, for a bandit.
const chosen = `
precision: float64
problem:
  coordinates: [x]
  domain: {box: [[0, 2]]}
  equations: ["u_xx"]
  conditions: [{equation: "u = x", weight: 10}]
  subdomains: {cuts: {x: [1]}, interface: [value, {kind: normal, weight: 2}], points: 1}
  points: 20
  reference: {formula: {u: x}, grid: [11]}
model: {width: 4, layers: 1}
train:
  phases: [{method: adam, steps: 3}, {method: lm, steps: 8}]
  points: {candidates: -1, validation: 20}
  bandit: {plays: 3, random: 2, policy: ucb}
`

// TestBanditReport: what a bandit chose is in the log, in the judgement and on the page.
func TestBanditReport(t *testing.T) {
	folder := t.TempDir()
	config, run := filepath.Join(folder, "line.yaml"), filepath.Join(folder, "run")
	write(t, config, chosen)
	var report trainReport
	document(t, must(t, "train", config, "--run", run, "--json"), &report)
	if report.Steps != 44 {
		t.Errorf("train: %+v", report)
	}
	if n := strings.Count(read(t, filepath.Join(run, "log.jsonl")), `"reward"`); n != 4 {
		t.Errorf("%d rewards in the log, want 4", n)
	}
	var judged problemReport
	document(t, must(t, "eval", run, "--json", "--report", filepath.Join(folder, "page.html")), &judged)
	if len(judged.Couplings) != 1 || len(judged.Couplings[0]) == 0 {
		t.Errorf("couplings %v", judged.Couplings)
	}
	if page := html.UnescapeString(read(t, filepath.Join(folder, "page.html"))); !strings.Contains(page, "of 3") || !strings.Contains(page, "normal") {
		t.Error("the page lacks the plays")
	}
}
