package main

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// beProgram is the variable that turns the test binary into the program, so that tests can kill it.
const beProgram = "BE_THE_PROGRAM"

func TestMain(m *testing.M) {
	if os.Getenv(beProgram) != "" {
		main()
	}
	os.Exit(m.Run())
}

// program is a command that runs kolmogo in a process of its own.
func program(t *testing.T, args ...string) *exec.Cmd {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0], args...)
	cmd.Env = append(os.Environ(), beProgram+"=1")
	return cmd
}

// outcome is what a command line did.
type outcome struct {
	code     int
	out, err string
}

// call runs a command line in this process.
func call(t *testing.T, args ...string) outcome {
	t.Helper()
	var out, err bytes.Buffer
	code := run(t.Context(), args, strings.NewReader(""), &out, &err)
	return outcome{code, out.String(), err.String()}
}

// must runs a command line that has to succeed and returns its standard output.
func must(t *testing.T, args ...string) string {
	t.Helper()
	o := call(t, args...)
	if o.code != 0 {
		t.Fatalf("kolmogo %s: exit code %d\n%s", strings.Join(args, " "), o.code, o.err)
	}
	return o.out
}

// document parses the one JSON document that --json prints.
func document(t *testing.T, text string, into any) {
	t.Helper()
	d := json.NewDecoder(strings.NewReader(text))
	if err := d.Decode(into); err != nil {
		t.Fatalf("not JSON: %v\n%s", err, text)
	}
	if d.More() {
		t.Errorf("more than one JSON document:\n%s", text)
	}
}

// oneError checks an exit code and that standard error ends with one line that begins as errors do and has all the parts.
func (o outcome) oneError(t *testing.T, code int, parts ...string) {
	t.Helper()
	lines := strings.Split(strings.TrimSpace(o.err), "\n")
	last := lines[len(lines)-1]
	if o.code != code || !strings.HasPrefix(last, "kolmogo: ") || strings.Contains(o.err, "goroutine ") {
		t.Errorf("exit code %d, want %d; standard error:\n%s", o.code, code, o.err)
	}
	for _, line := range lines[:len(lines)-1] {
		if strings.HasPrefix(line, "kolmogo: ") {
			t.Errorf("more than one line of error:\n%s", o.err)
		}
	}
	for _, part := range parts {
		if !strings.Contains(last, part) {
			t.Errorf("the error lacks %q: %s", part, last)
		}
	}
}

// tinyRecipe is Burgers' equation on 16 points, 8 frames.
const tinyRecipe = `
equation: burgers
parameters:
  nu: 0.05
points: 32
solver:
  points: 64
  steps: 20
frames:
  t0: 0
  t1: 0.7
  count: 8
initial:
  name: periodic_gaussian
  parameters: {gamma: 2, tau: 5, sigma: 25, modes: 8}
n: 12
seed: 3
`

// tinyConfig trains a small operator on a file.
func tinyConfig(data string) string {
	return `
name: tiny
seed: 5
data:
  path: ` + data + `
  split:
    valid: {count: 2}
    test: {count: 3}
  resolution: 16
  batch: 5
  target: difference
model:
  width: 8
  modes: 6
  layers: 2
train:
  epochs: 3
  lr: 2e-3
  ema: 0.9
  checkpoint_every: 4
  log_every: 1
`
}

// tiny writes the tiny recipe's data and a configuration for it into a new folder, and returns the configuration's path.
func tiny(t *testing.T) (folder, config string) {
	t.Helper()
	folder = t.TempDir()
	recipe, data := filepath.Join(folder, "recipe.yaml"), filepath.Join(folder, "data.kmg")
	write(t, recipe, tinyRecipe)
	must(t, "generate", recipe, "-o", data)
	config = filepath.Join(folder, "tiny.yaml")
	write(t, config, tinyConfig(data))
	return folder, config
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func read(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
