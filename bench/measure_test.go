package bench

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/kolmogo/kolmogo/engine"
	"github.com/kolmogo/kolmogo/engine/cpu"
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
	return e
}

func options(t *testing.T) Options {
	t.Helper()
	executable, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return Options{Repeat: 1, Executable: executable, Python: "python3"}
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
			if r.FLOPs <= 0 || r.Bytes <= 0 || r.BytesPeak <= 0 || !(r.FloorMS > 0) || !(r.GFLOPS > 0) {
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

// wrong is a backend whose last kernel of a program is a little off.
type wrong struct {
	engine.Backend
	factor float32
}

func (w wrong) Build(steps []engine.Step) (func() error, error) {
	run, err := w.Backend.Build(steps)
	last := steps[len(steps)-1].Out[0]
	data := make([]byte, last.Bytes())
	return func() error {
		if err := run(); err != nil {
			return err
		}
		last.Memory.Read(last.Offset, data)
		scale(data, w.factor)
		last.Memory.Write(last.Offset, data)
		return nil
	}, err
}

// TestWrongKernelIsCaught: an error of 2⁻¹⁵ in one result is found; exact copies of the same results pass.
func TestWrongKernelIsCaught(t *testing.T) {
	b, err := cpu.New(cpu.Config{Threads: 1})
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	for _, e := range Entries() {
		if e.Small == nil {
			continue
		}
		if _, err := check(t.Context(), wrong{b, 1}, e.Small); err != nil {
			t.Errorf("%s: %v", e.Name, err)
		}
		if _, err := check(t.Context(), wrong{b, 1 + 0x1p-15}, e.Small); err == nil || !strings.Contains(err.Error(), "differs from its definition") {
			t.Errorf("%s: %v", e.Name, err)
		}
		if _, err := check(t.Context(), wrong{b, nan()}, e.Small); err == nil {
			t.Errorf("%s: NaN passes", e.Name)
		}
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

// clocked is a contestant whose steps take no time but say how long they took.
type clocked struct {
	each time.Duration
	log  *[]string
	name string
}

func (c clocked) Step(_ context.Context, n int) (time.Duration, error) {
	*c.log = append(*c.log, fmt.Sprintf("%s%d", c.name, n))
	return c.each, nil
}

// TestTurns: samples last long enough and alternate, fast steps after one that does not count.
func TestTurns(t *testing.T) {
	var log []string
	times, err := compete(t.Context(), 3, []contestant{clocked{10 * time.Millisecond, &log, "a"}, clocked{time.Second, &log, "b"}})
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(log, " "); got != "a1 a3 b1 a1 a3 b1 a1 a3 b1 a1 a3 b1" {
		t.Error(got)
	}
	if times[0] != (Times{10, 10, 10, 3}) || times[1] != (Times{1000, 1000, 1000, 1}) {
		t.Errorf("%+v", times)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := compete(ctx, 1, []contestant{clocked{time.Second, &log, "a"}}); !errors.Is(err, context.Canceled) {
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

// TestInsert: the table replaces the earlier one and nothing else.
func TestInsert(t *testing.T) {
	path := filepath.Join(t.TempDir(), "RESULTS.md")
	if err := os.WriteFile(path, []byte("# Before\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, table := range []string{"one\n", "two\n"} {
		if err := Insert(path, table); err != nil {
			t.Fatal(err)
		}
	}
	text, err := os.ReadFile(path)
	if want := "# Before\n\n" + tableBegin + "\n\ntwo\n\n" + tableEnd + "\n"; err != nil || string(text) != want {
		t.Errorf("%v: %q", err, text)
	}
	if err := os.WriteFile(path, []byte("x"+tableBegin+"%%"+tableEnd+"z"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := Insert(path, "t\n"); err != nil {
		t.Fatal(err)
	}
	if text, _ := os.ReadFile(path); !strings.HasPrefix(string(text), "x"+tableBegin) || !strings.HasSuffix(string(text), tableEnd+"z") || strings.Contains(string(text), "%%") {
		t.Errorf("%q", text)
	}
	if err := os.WriteFile(path, []byte(tableBegin), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := Insert(path, "t"); err == nil {
		t.Error("a mark without its end is taken")
	}
}

// TestTable: a row for each result, whatever it lacks.
func TestTable(t *testing.T) {
	results := []Result{
		{Name: "a", Times: Times{Median: 2, Min: 1, Max: 3}, OneThread: 3, RooflineShare: .5, Rivals: map[string]Rival{
			"torch": {Times: &Times{Median: 8, Min: 7.25, Max: 1234.5}, Version: "9.9", Ratio: 4, Variant: "fast"}, "jax": {Missing: "nothing there"}}},
		{Name: "b"},
	}
	text := Table(Machine{Processor: "P"}, "2026-01-02", "kolmogo bench all", results)
	for _, part := range []string{"| a | 2 (1 to 3) | 8 (7.25 to 1234) | – | **4.00** | – |", "50 %", "| 1.50 |", "torch 9.9, jax: nothing there", "torch fast in a", "\n| b | "} {
		if !strings.Contains(text, part) {
			t.Errorf("no %q in\n%s", part, text)
		}
	}
}

// TestCancelled: an end that was asked for is told from a failure.
func TestCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	python := fakePython(t, `echo '{"version": "1"}'; exec sleep 60`)
	r, err := startRival(ctx, python, "torch", product{5, 3}, 1)
	if err != nil {
		t.Fatal(err)
	}
	time.AfterFunc(20*time.Millisecond, cancel)
	if _, err := r.Step(ctx, 1); !errors.Is(err, context.Canceled) {
		t.Errorf("a rival's step: %v", err)
	}
	if _, err := start(options(t).Executable).Step(ctx, 1); !errors.Is(err, context.Canceled) {
		t.Errorf("a start: %v", err)
	}
	if _, err := Suite(ctx, Entries(), options(t), nil); !errors.Is(err, context.Canceled) {
		t.Errorf("the suite: %v", err)
	}
}
