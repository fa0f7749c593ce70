//go:build gpu

package main

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/kolmogo/kolmogo/cuda/sim"
)

// simulate puts the simulated driver behind CUDA until the test ends; then there is a driver without a device. With KOLMOGO_GPU set
// the machine has a device of its own.
func simulate(t *testing.T, c sim.Config) {
	t.Helper()
	if os.Getenv("KOLMOGO_GPU") != "" {
		if c != (sim.Config{}) {
			t.Skip("a test of the simulated driver")
		}
		return
	}
	sim.Install(c)
	t.Setenv(libraryVariable, "never") // the machine's own library needs a device of its own
	t.Cleanup(func() { sim.Install(sim.Config{Devices: -1}) })
}

// losses are the training losses that a run logged, by step.
func losses(t *testing.T, run string) map[float64]float64 {
	t.Helper()
	list := map[float64]float64{}
	for line := range strings.Lines(read(t, filepath.Join(run, "log.jsonl"))) {
		var entry map[string]any
		if err := json.Unmarshal([]byte(line), &entry); err != nil {
			t.Fatal(err)
		}
		step, ok1 := entry["step"].(float64)
		loss, ok2 := entry["loss"].(float64)
		if ok1 && ok2 {
			list[step] = loss
		}
	}
	if len(list) == 0 {
		t.Fatalf("%s logged no losses", run)
	}
	return list
}

// interrupt runs a command line until a file exists, as Ctrl-C would.
func interrupt(t *testing.T, file string, args ...string) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	go func() {
		for ctx.Err() == nil && !fileExists(file) {
			time.Sleep(time.Millisecond)
		}
		cancel()
	}()
	var out, text strings.Builder
	if code := run(ctx, args, strings.NewReader(""), &out, &text); code != 130 {
		t.Fatalf("kolmogo %s: exit code %d, want 130\n%s", strings.Join(args, " "), code, text.String())
	}
}

// sameLosses compares two runs' losses, step by step.
func sameLosses(t *testing.T, what string, got, want map[float64]float64, tol float64) {
	t.Helper()
	if len(got) != len(want) {
		t.Errorf("%s: %d losses, want %d", what, len(got), len(want))
	}
	worst, at := 0.0, 0.0
	for step, w := range want {
		if d := math.Abs(got[step]-w) / w; !(d <= worst) {
			worst, at = d, step
		}
	}
	t.Logf("%s: within %.2g of the losses in %d steps", what, worst, len(want))
	if !(worst <= tol) {
		t.Errorf("%s: at step %v the loss differs by %.2g of itself", what, at, worst)
	}
}

// TestTrainOnCUDA: a run on the simulated device gives the CPU's losses within rounding, and the same bytes each time. Later steps of
// float32 runs tell nothing: there the CPU's own sets of instructions differ by as much.
func TestTrainOnCUDA(t *testing.T) {
	folder, config := tiny(t)
	simulate(t, sim.Config{})
	train := func(name, device string) string {
		run := filepath.Join(folder, name)
		must(t, "train", config, "--run", run, "--device", device, "--set", "train.epochs=5")
		return run
	}
	first, second := train("cuda", "cuda"), train("again", "cuda:0")
	for _, name := range []string{"last.ckpt", "log.jsonl"} {
		if read(t, filepath.Join(first, name)) != read(t, filepath.Join(second, name)) {
			t.Errorf("%s of two runs differs", name)
		}
	}
	sameLosses(t, "float32", losses(t, first), losses(t, train("cpu", "cpu")), 1e-5)
	must(t, "eval", first, "--device", "cuda")
}

// parity is how far the losses of a device may be from the CPU's, of themselves, in parityStep steps of float32.
const (
	parity      = 1e-4
	paritySteps = 200
)

// TestParityOnCUDA: the losses of a neural operator and of a network that solves an equation are the CPU's over many steps.
func TestParityOnCUDA(t *testing.T) {
	folder, config := tiny(t)
	network := filepath.Join(folder, "network.yaml")
	write(t, network, strings.NewReplacer("float64", "float32", "{method: adam, steps: 20, lr: 0.01}, {method: lm, steps: 40}",
		fmt.Sprintf("{method: adam, steps: %d, lr: 0.01}", paritySteps)).Replace(oscillator))
	for name, args := range map[string][]string{
		"operator": {config, "--set", fmt.Sprintf("train.steps=%d", paritySteps), "--set", "data.batch=2", "--set", "train.lr=5e-4"},
		"network":  {network, "--set", "train.log_every=1"},
	} {
		simulate(t, sim.Config{})
		train := func(device string) map[float64]float64 {
			run := filepath.Join(folder, name+" on "+device)
			must(t, append(append([]string{"train"}, args...), "--run", run, "--device", device)...)
			return losses(t, run)
		}
		got := train("cuda")
		if n := sim.Counts(); n.Launches > 0 || name == "network" && n.Waits > paritySteps/2 {
			t.Errorf("%s: %d steps took %+v: each is part of a graph, and steps at the same points are not waited for singly", name, paritySteps, n)
		}
		sameLosses(t, name, got, train("cpu"), parity)
	}
}

// TestTrainWithRoundedProducts: the losses of a run on tensor cores stay near the exact ones, without being them; on the CPU, which
// does not round, they are.
func TestTrainWithRoundedProducts(t *testing.T) {
	folder, config := tiny(t)
	simulate(t, sim.Config{})
	train := func(device, precision string) map[float64]float64 {
		run := filepath.Join(folder, device+precision)
		must(t, "train", config, "--run", run, "--device", device, "--set", "precision="+precision, "--set", "train.epochs=2", "--set", "model.width=40")
		return losses(t, run)
	}
	want, rounded := train("cuda", "float32"), train("cuda", "tf32")
	sameLosses(t, "tf32", rounded, want, 1e-2)
	if maps.Equal(rounded, want) {
		t.Error("tf32 changed nothing")
	}
	if !maps.Equal(train("cpu", "tf32"), train("cpu", "float32")) {
		t.Error("tf32 changed a run on the CPU")
	}
}

// TestRunChangesDevice: a run that is interrupted on one device and continued on the other goes on as if it had stayed.
func TestRunChangesDevice(t *testing.T) {
	folder, config := tiny(t)
	simulate(t, sim.Config{})
	line := func(name, device string) []string {
		return []string{"train", config, "--run", filepath.Join(folder, name), "--resume", "--device", device, "--set", "train.epochs=15", "--set", "precision=float64"}
	}
	must(t, line("cpu", "cpu")...)
	want := losses(t, filepath.Join(folder, "cpu"))
	for _, devices := range [][]string{{"cpu", "cuda"}, {"cuda", "cpu"}, {"cpu", "cuda", "cpu"}} {
		name := strings.Join(devices, " to ")
		run, last := filepath.Join(folder, name), len(devices)-1
		for _, device := range devices[:last] {
			interrupt(t, filepath.Join(run, "last.ckpt"), line(name, device)...)
		}
		must(t, line(name, devices[last])...)
		sameLosses(t, name, losses(t, run), want, 1e-8)
	}
}

// TestProductsOnCUDA: where cuBLAS is faster it makes the products, the run folder keeps that, and doctor tells of it.
func TestProductsOnCUDA(t *testing.T) {
	folder, config := tiny(t)
	simulate(t, sim.Config{})
	if os.Getenv("KOLMOGO_GPU") != "" {
		t.Skip("a test of the simulated driver")
	}
	places := t.TempDir()
	calls, err := sim.CUBLAS(places, sim.CUBLASConfig{Version: 13, Milliseconds: .1})
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv(foldersVariable, places)
	train := func(name, way string) map[float64]float64 {
		t.Setenv(libraryVariable, way)
		run := filepath.Join(folder, name)
		must(t, "train", config, "--run", run, "--device", "cuda", "--set", "train.epochs=2")
		return losses(t, run)
	}
	want := train("never", "never")
	if calls() != 0 || fileExists(filepath.Join(folder, "never", choicesFile)) {
		t.Error("the library was asked though it never should be")
	}
	sameLosses(t, "auto", train("auto", "auto"), want, 1e-4)
	if kept := read(t, filepath.Join(folder, "auto", choicesFile)); calls() == 0 || !strings.Contains(kept, `"cuBLAS 13.0.0"`) || !strings.Contains(kept, `"library": true`) {
		t.Errorf("the library made %d products, the run keeps\n%s", calls(), kept)
	}
	if out := must(t, "doctor"); !strings.Contains(out, "13.0.0, "+places) {
		t.Errorf("doctor does not tell of the library:\n%s", out)
	}
	t.Setenv(libraryVariable, "sometimes")
	call(t, "train", config, "--device", "cuda").oneError(t, 5, libraryVariable, "auto, always or never")
}

// TestAutoTakesTheDevice: the first GPU where there is one, else the CPU.
func TestAutoTakesTheDevice(t *testing.T) {
	folder, config := tiny(t)
	for name, c := range map[string]sim.Config{"cuda:0": {}, "cpu": {Devices: -1}} {
		simulate(t, c)
		run := filepath.Join(folder, "on "+name)
		must(t, "train", config, "--run", run, "--device", "auto", "--set", "train.epochs=1")
		if m := read(t, filepath.Join(run, "manifest.json")); !strings.Contains(m, `"device": "`+name) {
			t.Errorf("auto: want %s, the manifest says\n%s", name, m)
		}
	}
}

// TestBenchOnCUDA: an entry is checked and timed on the device, and says so.
func TestBenchOnCUDA(t *testing.T) {
	simulate(t, sim.Config{})
	var r map[string]any
	document(t, must(t, "bench", "mlp-2-64-1", "--device", "cuda", "--repeat", "1", "--json"), &r)
	if !strings.HasPrefix(r["backend"].(string), "cuda:0") || !(r["median_ms"].(float64) > 0) || !(r["roofline"].(map[string]any)["copy_gbs"].(float64) > 0) {
		t.Errorf("%v", r)
	}
}

// TestDeviceFaults: what fails in the driver ends with exit code 5, in one line.
func TestDeviceFaults(t *testing.T) {
	folder, config := tiny(t)
	simulate(t, sim.Config{Version: 11040})
	call(t, "train", config, "--device", "cuda").oneError(t, 5, "CUDA 11.4", "525")
	simulate(t, sim.Config{Memory: 1 << 16})
	call(t, "train", config, "--run", filepath.Join(folder, "small"), "--device", "cuda").oneError(t, 5, "MB are needed", "data.batch")
	simulate(t, sim.Config{})
	t.Setenv("KOLMOGO_CUDA_SYNC", "1")
	sim.Fault("cproduct_f32")
	call(t, "train", config, "--run", filepath.Join(folder, "fault"), "--device", "cuda").oneError(t, 5, "kernel cproduct_f32")
}

// TestFaultLeavesTheCheckpoint: after a fault in the middle of a run, which no later call on the device survives, the run goes on from its
// last checkpoint as if nothing had been.
func TestFaultLeavesTheCheckpoint(t *testing.T) {
	folder, config := tiny(t)
	line := func(name string) []string {
		return []string{"train", config, "--run", filepath.Join(folder, name), "--resume", "--device", "cuda", "--set", "train.epochs=6"}
	}
	simulate(t, sim.Config{Late: true})
	must(t, line("whole")...)
	run := filepath.Join(folder, "broken")
	interrupt(t, filepath.Join(run, "last.ckpt"), line("broken")...)
	sim.Fault("cproduct_f32")
	call(t, line("broken")...).oneError(t, 5, "KOLMOGO_CUDA_SYNC=1")
	simulate(t, sim.Config{})
	must(t, line("broken")...)
	sameLosses(t, "after a fault", losses(t, run), losses(t, filepath.Join(folder, "whole")), 0)
	if read(t, filepath.Join(run, "last.ckpt")) != read(t, filepath.Join(folder, "whole", "last.ckpt")) {
		t.Error("the last checkpoints differ")
	}
}

// TestDoctorExplainsCUDA: the driver and each device.
func TestDoctorExplainsCUDA(t *testing.T) {
	simulate(t, sim.Config{Capability: 75, Devices: 2})
	out := must(t, "doctor")
	for _, want := range []string{"driver of CUDA 12.0, 2 devices", "cuda:1", "compute capability 7.5; 8.0"} {
		if !strings.Contains(out, want) {
			t.Errorf("doctor does not say %q:\n%s", want, out)
		}
	}
	simulate(t, sim.Config{})
	if out := must(t, "doctor", "--device", "cuda"); !strings.Contains(out, "compute capability 9.0, 17.2 of 17.2 GB free") {
		t.Errorf("doctor says\n%s", out)
	}
}
