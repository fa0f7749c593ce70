package bench

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"strings"
	"testing"

	"github.com/kolmogo/kolmogo/engine"
	"github.com/kolmogo/kolmogo/engine/cpu"
	"github.com/kolmogo/kolmogo/engine/cpu/simd"
)

// TestMain: the test binary is also the program whose start is timed and that measures entries.
func TestMain(m *testing.M) {
	if len(os.Args) == 2 && os.Args[1] == "--help" {
		fmt.Println("help")
		os.Exit(0)
	}
	if len(os.Args) > 2 && os.Args[1] == "bench" {
		pretend(os.Args[2:])
	}
	os.Exit(m.Run())
}

// small is an entry that times its small size, once.
func small(e Entry) Entry {
	if e.Timed != nil {
		e.Timed = e.Small
	}
	switch s := e.Solver.(type) {
	case spectral:
		e.Solver = spectral{s.Equation, 24, 3, 2}
	case euler:
		e.Solver = euler{12, 2}
	}
	return e
}

// options take a machine of 100 GFLOP/s and 10 GB/s for granted.
func options(t *testing.T) Options {
	t.Helper()
	executable, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	machine := func(simd.Set, int) Roofline { return Roofline{PeakGFLOPS: 100, CopyGBs: 10} }
	return Options{Repeat: 1, Executable: executable, Python: "python3", roofline: machine}
}

// TestEntries: every entry agrees with the definitions, lowers its loss, allocates nothing and names its floor.
func TestEntries(t *testing.T) {
	seen := map[string]bool{}
	for _, e := range Entries() {
		t.Run(e.Name, func(t *testing.T) {
			if seen[e.Name] || e.Doc == "" {
				t.Errorf("its name is taken or it says nothing: %q", e.Doc)
			}
			seen[e.Name] = true
			r, err := Measure(t.Context(), small(e), options(t))
			if err != nil {
				t.Fatal(err)
			}
			if r.Name != e.Name || !(r.Min > 0) || !(r.Min <= r.Median) || !(r.Median <= r.Max) || r.Repeat != 1 {
				t.Errorf("%+v", r)
			}
			if e.Solver != nil {
				checkSolver(t, e, r)
			}
			if e.Timed == nil {
				return
			}
			if r.Check.Arrays == 0 || !(r.Check.Difference > 0) || !(r.Check.Difference < 1e-5) {
				t.Errorf("check %+v", r.Check)
			}
			if r.Allocations != 0 {
				t.Errorf("%d allocations a step", r.Allocations)
			}
			if e.isTraining() != (len(r.Losses) == 2) {
				t.Errorf("losses %v", r.Losses)
			}
			floor := 1e3 * max(float64(r.FLOPs)/100e9, float64(r.Bytes)/10e9)
			if r.FLOPs <= 0 || r.Bytes <= 0 || r.BytesPeak <= 0 || !(math.Abs(r.FloorMS-floor) < 1e-9*floor) || !(r.GFLOPS > 0) {
				t.Errorf("floor %d, %d, %v, %v; peak %d", r.FLOPs, r.Bytes, r.FloorMS, r.GFLOPS, r.BytesPeak)
			}
			// no program does with less arithmetic than the floor, but that it may transform by other means
			if k := e.Timed.Kind(); k == "product" || k == "mlp" || k == "unet" {
				if r.Cost.FLOPs < r.FLOPs {
					t.Errorf("the program takes %d operations, the floor says %d", r.Cost.FLOPs, r.FLOPs)
				}
			}
		})
	}
}

// checkSolver fails unless the result says what a solver's must.
func checkSolver(t *testing.T, e Entry, r Result) {
	t.Helper()
	_, twice := e.Solver.(spectral)
	if r.Check.Arrays == 0 || !(r.Check.Difference > 0) || !(r.Check.Difference <= r.Check.Tolerance) || r.Allocations != 0 {
		t.Errorf("check %+v, %d allocations", r.Check, r.Allocations)
	}
	if !(r.StepsPerSecond > 0) || !(r.CellSteps > r.StepsPerSecond) || twice != (r.Double != nil) || twice && !(r.Double.StepsPerSecond > 0) || twice != (r.FLOPs > 0) || r.Bytes <= 0 {
		t.Errorf("%+v", r)
	}
}

// TestSolverRival: a rival's steps are counted like ours.
func TestSolverRival(t *testing.T) {
	o := options(t)
	o.Against, o.Python = []string{"exponax"}, fakePython(t, sound)
	r, err := Measure(t.Context(), Entry{Name: "s", Solver: spectral{"ks1d", 24, 3, 2}}, o)
	if err != nil {
		t.Fatal(err)
	}
	if v := r.Rivals["exponax"]; v.Version != "1.2" || !(math.Abs(v.StepsPerSecond-6/2.5e-3) < 1e-6) {
		t.Errorf("%+v", v)
	}
}

// TestFloor: the reference step of the FNO as counted by hand, 15.2 GFLOP and 1158 MB.
func TestFloor(t *testing.T) {
	f := Entries()[0].Timed.Floor()
	if f.FLOPs/1e7 != 1523 || f.Bytes/1e6 != 1157 {
		t.Errorf("%+v", f)
	}
	if f := (product{100, 10}).Floor(); f != (Floor{20000, 8400}) {
		t.Errorf("%+v", f)
	}
	// 2-64-1: 4w + 2w forward, as much for the weights, 2w for the hidden layer; 257 parameters
	if f := (mlp{Points: 1, Layers: 1, Width: 64}).Floor(); f != (Floor{14*64 + adamFLOPs*257, 12 + 28*257}) {
		t.Errorf("%+v", f)
	}
}

// TestJudge: a loss that does not fall and values that are not finite are errors.
func TestJudge(t *testing.T) {
	b, err := cpu.New(cpu.Config{Threads: 1})
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	p, err := open(b, mlp{Points: 10, Layers: 1, Width: 4})
	if err != nil {
		t.Fatal(err)
	}
	var r Result
	first, err := p.warm(t.Context(), &r)
	if err != nil {
		t.Fatal(err)
	}
	if err := p.judge(&r, first); err != nil || !(r.Losses[1] < r.Losses[0]) {
		t.Errorf("%v, losses %v", err, r.Losses)
	}
	if err := p.judge(&r, 0); err == nil || !strings.Contains(err.Error(), "the loss went from 0") {
		t.Errorf("%v", err)
	}
	if err := engine.Feed(p.Program, "x", []float32{nan(), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}); err != nil {
		t.Fatal(err)
	}
	if _, err := p.Step(t.Context(), 1); err != nil {
		t.Fatal(err)
	}
	if err := p.judge(&r, first); err == nil || !strings.Contains(err.Error(), "NaN") {
		t.Errorf("%v", err)
	}
}

// TestResultIsJSON: the keys that scripts rely on.
func TestResultIsJSON(t *testing.T) {
	o := options(t)
	o.Against, o.Python = []string{"torch", "jax"}, fakePython(t, sound)
	r, err := Measure(t.Context(), Entry{Name: "p", Timed: product{50, 8}, Small: product{50, 8}, Threads: 1}, o)
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	var m map[string]any
	if err := json.Unmarshal(text, &m); err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{"name", "median_ms", "min_ms", "max_ms", "repeat", "flops", "bytes_peak", "allocs_per_step"} {
		if _, ok := m[key]; !ok {
			t.Errorf("no key %s in %s", key, text)
		}
	}
	torch := m["rivals"].(map[string]any)["torch"].(map[string]any)
	if torch["median_ms"] != 2.5 || torch["version"] != "1.2" || torch["variant"] != "only" || torch["bytes_peak"] != 1e6 || torch["missing"] != nil {
		t.Errorf("torch is %v", torch)
	}
	if ratio := torch["ratio"].(float64) * r.Median; !(ratio > 2.499 && ratio < 2.501) {
		t.Errorf("ratio %v of %v ms", torch["ratio"], r.Median)
	}
	var back Result
	if err := json.Unmarshal(text, &back); err != nil || back.Rivals["jax"].Median != 2.5 {
		t.Errorf("%v, %+v", err, back)
	}
}

// TestRoofline: the machine multiplies and copies, and the better of two measurements counts.
func TestRoofline(t *testing.T) {
	r := measureRoofline(simd.Available()[0], 2)
	if !(r.PeakGFLOPS > .1) || !(r.CopyGBs > .1) {
		t.Errorf("%+v", r)
	}
	if got := (Roofline{1, 4}).orBetter(Roofline{3, 2}); got != (Roofline{3, 4}) {
		t.Errorf("%+v", got)
	}
	if s := (Roofline{100, 10}).Seconds(Floor{FLOPs: 2e11, Bytes: 1e10}); s != 2 {
		t.Errorf("bound by arithmetic: %v s", s)
	}
	if s := (Roofline{100, 10}).Seconds(Floor{FLOPs: 1e11, Bytes: 3e10}); s != 3 {
		t.Errorf("bound by memory: %v s", s)
	}
}
