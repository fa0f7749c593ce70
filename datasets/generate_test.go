package datasets_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"gopkg.in/yaml.v3"

	"github.com/kolmogo/kolmogo/datasets"
	"github.com/kolmogo/kolmogo/pde"
)

func readRecipe(t *testing.T, name string) datasets.Recipe {
	t.Helper()
	file, err := os.Open(filepath.Join("..", "configs", "data", name+".yaml"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	var r datasets.Recipe
	d := yaml.NewDecoder(file)
	d.KnownFields(true)
	if err := d.Decode(&r); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return r
}

// small is each recipe of configs/data at a size that takes milliseconds.
func small(t *testing.T, name string) datasets.Recipe {
	t.Helper()
	r := readRecipe(t, name)
	r.N = 13
	switch name {
	case "burgers_shock":
		r.Points, r.Solver.Points, r.Solver.Steps, r.Frames.Count = 32, 64, 40, 4
	case "fno_burgers":
		r.Points, r.Solver.Points, r.Solver.Steps = 32, 64, 10
	case "pdebench_darcy":
		r.Points, r.Solver.Points, r.Initial.Parameters["modes"], r.N = 9, 9, 8, 3
	case "darcy":
		r.Points, r.Solver.Points, r.Initial.Parameters["modes"] = 9, 17, 8
	default:
		shrink(&r)
	}
	return r
}

// shrink makes any recipe small: few points, and three frames as far apart as the recipe's.
func shrink(r *datasets.Recipe) {
	points := map[int]int{2: 12, 3: 8}[max(r.Axes, 1)]
	if points == 0 {
		points = 16
	}
	if size, ok := r.Initial.Parameters["size"]; ok {
		r.Initial.Parameters["size"], points = min(size, 9), 12
	}
	if strings.HasPrefix(r.Equation, "kuramoto") { // unstable waves must stay resolved
		ratio := float64(points) / float64(r.Points)
		r.Length *= ratio
		if side, ok := r.Varying["length"]; ok {
			r.Varying["length"] = []float64{ratio * side[0], ratio * side[1]}
		}
	}
	refined := r.Solver.Points > r.Points
	r.Points, r.Solver.Points = points, 0
	if r.Pairs && r.Equation != "whole" {
		r.Points, r.Solver.Points = 9, 17
	} else if refined {
		r.Points /= 2
		r.Solver.Points = points
	}
	r.N = 3
	if r.Frames.Count > 0 {
		dt := (r.Frames.T1 - r.Frames.T0) / float64(r.Frames.Count-1)
		r.Frames.T0 = min(r.Frames.T0, 10*dt)
		if _, ok := r.Varying["time"]; !ok {
			r.Frames.T1 = r.Frames.T0 + 2*dt
		}
		r.Frames.Count = 3
	}
	if dt := r.Solver.Steps; dt > 20 {
		r.Solver.Steps = 20
	}
}

// recipes are the three whose files other tests read, all every recipe of configs/data.
var recipes = []string{"burgers_shock", "fno_burgers", "darcy"}

func all(t *testing.T) (names []string) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("..", "configs", "data", "*.yaml"))
	if err != nil || len(files) < 24 {
		t.Fatalf("%d recipes (%v)", len(files), err)
	}
	for _, f := range files {
		names = append(names, strings.TrimSuffix(filepath.Base(f), ".yaml"))
	}
	return names
}

// Every recipe is understood as it is, and at a small size generates the same bytes with one worker and with many.
func TestEveryRecipe(t *testing.T) {
	used := map[string]bool{}
	for _, name := range all(t) {
		t.Run(name, func(t *testing.T) {
			r := readRecipe(t, name)
			used[r.Equation] = true
			if _, err := r.Problem(); err != nil {
				t.Fatal(err)
			}
			r = small(t, name)
			one := generate(t, r, datasets.Options{Workers: 1}, "a.kmg")
			if !slices.Equal(one, generate(t, r, datasets.Options{Workers: 4}, "b.kmg")) {
				t.Error("four workers write other bytes than one")
			}
			path := filepath.Join(t.TempDir(), "c.npz")
			if err := datasets.GenerateFile(t.Context(), r, datasets.Options{}, path); err != nil {
				t.Fatal(err)
			}
			set, err := datasets.OpenSet(path, datasets.Keys{})
			if err != nil {
				t.Fatal(err)
			}
			defer set.Close()
			if set.Trajectories() != r.N || set.Pairs() != r.Pairs {
				t.Errorf("%d trajectories, pairs %v", set.Trajectories(), set.Pairs())
			}
		})
	}
	for name := range datasets.Equations() {
		if !used[name] {
			t.Logf("no recipe in configs/data uses the equation %s", name)
		}
	}
}

func generate(t *testing.T, r datasets.Recipe, o datasets.Options, file string) []byte {
	t.Helper()
	path := filepath.Join(t.TempDir(), file)
	if err := datasets.GenerateFile(t.Context(), r, o, path); err != nil {
		t.Fatal(err)
	}
	return read(t, path)
}

func read(t *testing.T, path string) []byte {
	t.Helper()
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// The file is a function of the recipe: byte for byte the same from 1 and from 8 workers, in every format, and another for another seed.
func TestGenerateDeterministic(t *testing.T) {
	for _, name := range recipes {
		for _, suffix := range []string{".kmg", ".npz", ".safetensors"} {
			r := small(t, name)
			one := generate(t, r, datasets.Options{Workers: 1}, "a"+suffix)
			if !slices.Equal(one, generate(t, r, datasets.Options{Workers: 8}, "b"+suffix)) {
				t.Errorf("%s%s: 8 workers write other bytes than 1", name, suffix)
			}
			r.Seed++
			if slices.Equal(one, generate(t, r, datasets.Options{}, "c"+suffix)) {
				t.Errorf("%s%s: the seed changes nothing", name, suffix)
			}
		}
	}
}

// Killed after any record, torn in the middle of one, or cancelled, a .kmg file is completed by the same call to the bytes of an uninterrupted run.
func TestGenerateContinues(t *testing.T) {
	r := small(t, "burgers_shock")
	whole := generate(t, r, datasets.Options{}, "whole.kmg")
	path := filepath.Join(t.TempDir(), "torn.kmg")
	for _, length := range []int{0, 10, 4096, 4097, len(whole) / 2, len(whole) - 1, len(whole)} {
		if err := os.WriteFile(path, whole[:length], 0o644); err != nil {
			t.Fatal(err)
		}
		if err := datasets.GenerateFile(t.Context(), r, datasets.Options{}, path); err != nil {
			t.Fatalf("cut to %d bytes: %v", length, err)
		}
		if !slices.Equal(read(t, path), whole) {
			t.Errorf("cut to %d bytes and continued: other bytes", length)
		}
	}

	damaged := slices.Clone(whole)
	damaged[len(damaged)*2/3] ^= 1
	if err := os.WriteFile(path, damaged, 0o644); err != nil {
		t.Fatal(err)
	}
	if err := datasets.GenerateFile(t.Context(), r, datasets.Options{}, path); err != nil || !slices.Equal(read(t, path), whole) {
		t.Errorf("a damaged record was not made anew (%v)", err)
	}

	other := r
	other.Parameters = map[string]float64{"nu": 0.02}
	if err := datasets.GenerateFile(t.Context(), other, datasets.Options{}, path); err == nil || !strings.Contains(err.Error(), "differs") {
		t.Errorf("another recipe continued the file: %v", err)
	}
	if !slices.Equal(read(t, path), whole) {
		t.Error("the refused recipe changed the file")
	}
}

// A cancelled generation leaves a .kmg file that opens, holds the trajectories made so far, and grows to the whole one; of other
// formats it leaves such a file beside the place of the whole one.
func TestGenerateCancelled(t *testing.T) {
	for _, suffix := range []string{".kmg", ".npz", ".safetensors", ".h5", ".well.h5"} {
		r := small(t, "burgers_shock")
		whole := generate(t, r, datasets.Options{}, "whole"+suffix)
		path := filepath.Join(t.TempDir(), "cancelled"+suffix)
		ctx, cancel := context.WithCancelCause(t.Context())
		stop := errors.New("interrupted")
		err := datasets.GenerateFile(ctx, r, datasets.Options{Workers: 2, Progress: func(done, _ int) {
			if done == 5 {
				cancel(stop)
			}
		}}, path)
		if !errors.Is(err, stop) {
			t.Fatalf("%s: %v", suffix, err)
		}
		left := path
		if suffix != ".kmg" {
			left += ".part.kmg"
		}
		set, err := datasets.OpenSet(left, datasets.Keys{})
		if err != nil {
			t.Fatal(err)
		}
		if n := set.Trajectories(); n < 4 || n > 6 {
			t.Errorf("%s: %d trajectories after 5 were made", suffix, n)
		}
		if err := set.Close(); err != nil {
			t.Fatal(err)
		}
		if err := datasets.GenerateFile(t.Context(), r, datasets.Options{}, path); err != nil || !slices.Equal(read(t, path), whole) {
			t.Errorf("%s: the completed file differs (%v)", suffix, err)
		}
		if files, err := os.ReadDir(filepath.Dir(path)); len(files) != 1 || err != nil {
			t.Errorf("%s: %v is left, %v", suffix, files, err)
		}
	}
}

// Record i of a set that starts at s is record s+i of one that starts at 0, and a longer set continues a shorter one.
func TestGenerateStart(t *testing.T) {
	for _, name := range recipes {
		r := small(t, name)
		all := memory{}
		if n, err := datasets.Generate(t.Context(), r, datasets.Options{}, &all); n != r.N || err != nil {
			t.Fatal(n, err)
		}
		tail := memory{}
		if _, err := datasets.Generate(t.Context(), r, datasets.Options{Start: 9, N: 4, Workers: 3}, &tail); err != nil {
			t.Fatal(err)
		}
		for i := range 4 {
			if !slices.Equal(tail.records[i], all.records[9+i]) || len(tail.records[i]) == 0 {
				t.Errorf("%s: record %d from 9 differs", name, i)
			}
		}
	}
	r := small(t, "burgers_shock")
	path := filepath.Join(t.TempDir(), "grown.kmg")
	for _, n := range []int{4, 13} {
		if err := datasets.GenerateFile(t.Context(), r, datasets.Options{N: n}, path); err != nil {
			t.Fatal(err)
		}
	}
	if !slices.Equal(read(t, path), generate(t, r, datasets.Options{N: 13}, "whole.kmg")) {
		t.Error("a file that grew differs")
	}
}

type memory struct {
	mu      sync.Mutex
	records map[int][]float64
}

func (m *memory) WriteRecord(i int, values []float64) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.records == nil {
		m.records = map[int][]float64{}
	}
	m.records[i] = slices.Clone(values)
	return nil
}

// Every format reads back as the same canonical set.
func TestGenerateFormatsAgree(t *testing.T) {
	for _, name := range recipes {
		r := small(t, name)
		var first [][]float32
		for _, suffix := range []string{".kmg", ".npz", ".safetensors"} {
			path := filepath.Join(t.TempDir(), "set"+suffix)
			if err := datasets.GenerateFile(t.Context(), r, datasets.Options{}, path); err != nil {
				t.Fatal(err)
			}
			set, err := datasets.OpenSet(path, datasets.Keys{})
			if err != nil {
				t.Fatal(err)
			}
			if set.Pairs() != r.Pairs || set.Trajectories() != r.N {
				t.Fatalf("%s%s: pairs %v, %d trajectories", name, suffix, set.Pairs(), set.Trajectories())
			}
			if got := set.Meta.Parameters["nu"]; got != r.Parameters["nu"] {
				t.Errorf("%s%s: nu = %v", name, suffix, got)
			}
			for _, axis := range set.Meta.Axes {
				if len(axis.Coords) != r.Points {
					t.Errorf("%s%s: axis %s has %d coordinates", name, suffix, axis.Name, len(axis.Coords))
				}
			}
			if !r.Pairs && len(set.Meta.Times) != r.Frames.Count {
				t.Errorf("%s%s: times %v", name, suffix, set.Meta.Times)
			}
			if suffix == ".kmg" && (set.Meta.Recipe == "" || set.Meta.Seed != r.Seed || set.Meta.Equation == "" || set.Meta.Axes[0].Low == "") {
				t.Errorf("%s: incomplete %+v", name, set.Meta)
			}
			var values [][]float32
			for _, f := range []datasets.Fields{set.Inputs, set.Target()} {
				if f == nil {
					continue
				}
				shape := f.Shape()
				size := 1
				for _, n := range shape[1:] {
					size *= n
				}
				dst := make([]float32, size)
				if err := f.ReadFrames(dst, r.N-1, 0, shape[1]); err != nil {
					t.Fatal(err)
				}
				values = append(values, dst)
			}
			if first == nil {
				first = values
			} else if !slices.EqualFunc(first, values, func(a, b []float32) bool { return slices.Equal(a, b) }) {
				t.Errorf("%s%s: other values than .kmg", name, suffix)
			}
			if err := set.Close(); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// The trajectories are those of the equation: each frame continues the one before, checked with twice the steps and points.
func TestGenerateBurgersSolves(t *testing.T) {
	r := readRecipe(t, "burgers_shock")
	r.Frames = datasets.FrameRecipe{T0: 0.1, T1: 0.3, Count: 3}
	records := memory{}
	if _, err := datasets.Generate(t.Context(), r, datasets.Options{N: 2}, &records); err != nil {
		t.Fatal(err)
	}
	law := pde.PeriodicGaussian{Gamma: 2, Tau: 5, Sigma: 25, Modes: 128}
	for i := range 2 {
		u := make([]float64, 1024)
		law.Draw(pde.Rand(r.Seed, uint64(i))).Sample(u)
		s, err := pde.New(pde.Burgers(0.01), pde.Interval(1, 1024), pde.ETDRK{Dt: 0.1, Substeps: 320})
		if err != nil {
			t.Fatal(err)
		}
		for frame, u := range pde.Rollout(s, u) {
			if frame > 0 {
				for j := range r.Points {
					if d := math.Abs(records.records[i][(frame-1)*r.Points+j] - u[8*j]); !(d <= 1e-6) {
						t.Fatalf("trajectory %d, t = 0.%d, point %d: off by %.2g", i, frame, j, d)
					}
				}
			}
			if frame == 3 {
				break
			}
		}
	}
}

// Pairs of fno_burgers: lowering the solver from 8192 points and 3200 steps to the recipe's changes u(1) by less than 1e-7, and u0 not at all.
func TestGenerateFNOBurgersResolution(t *testing.T) {
	if testing.Short() {
		t.Skip("seconds")
	}
	r := readRecipe(t, "fno_burgers")
	fine := r
	fine.Solver = datasets.SolverRecipe{Points: 8192, Steps: 3200}
	var got, want memory
	for recipe, to := range map[*datasets.Recipe]*memory{&r: &got, &fine: &want} {
		if _, err := datasets.Generate(t.Context(), *recipe, datasets.Options{N: 2}, to); err != nil {
			t.Fatal(err)
		}
	}
	for i := range 2 {
		a, b := got.records[i], want.records[i]
		if !slices.Equal(a[:r.Points], b[:r.Points]) {
			t.Errorf("pair %d: u0 depends on the solver", i)
		}
		for j := r.Points; j < len(a); j++ {
			if d := math.Abs(a[j] - b[j]); !(d <= 1e-9) {
				t.Fatalf("pair %d: u(1) off by %.2g", i, d)
			}
		}
	}
}

// The law of the stored fields: mean zero, standard deviation .594, and half of a at each value.
func TestGenerateStatistics(t *testing.T) {
	r := small(t, "fno_burgers")
	r.Initial.Parameters["modes"] = 15
	records := memory{}
	const samples = 400
	if _, err := datasets.Generate(t.Context(), r, datasets.Options{N: samples}, &records); err != nil {
		t.Fatal(err)
	}
	var sum, square float64
	for _, v := range records.records {
		for _, x := range v[:r.Points] {
			sum += x
			square += x * x
		}
	}
	count := float64(samples * r.Points)
	if sd := math.Sqrt(square / count); !(math.Abs(sd-0.594) <= 0.03) {
		t.Errorf("standard deviation %.4f, want .594", sd)
	}
	if !(math.Abs(sum/count) <= 1e-12) {
		t.Errorf("mean %v, the law has no mean mode", sum/count)
	}

	d := small(t, "darcy")
	records = memory{}
	if _, err := datasets.Generate(t.Context(), d, datasets.Options{N: samples}, &records); err != nil {
		t.Fatal(err)
	}
	high := 0.0
	n := d.Points * d.Points
	for _, v := range records.records {
		for _, a := range v[:n] {
			switch a {
			case 12:
				high++
			case 3:
			default:
				t.Fatalf("coefficient %v", a)
			}
		}
	}
	if share := high / float64(samples*n); !(math.Abs(share-0.5) <= 0.03) {
		t.Errorf("%.3f of the square at 12, want one half", share)
	}
}

func TestGenerateRefuses(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.kmg")
	for name, change := range map[string]func(*datasets.Recipe){
		"equation":          func(r *datasets.Recipe) { r.Equation = "burgerz" },
		"missing parameter": func(r *datasets.Recipe) { r.Parameters = nil },
		"unknown parameter": func(r *datasets.Recipe) { r.Parameters["mu"] = 1 },
		"viscosity":         func(r *datasets.Recipe) { r.Parameters["nu"] = math.NaN() },
		"option":            func(r *datasets.Recipe) { r.Options = map[string]string{"faces": "harmonic"} },
		"law":               func(r *datasets.Recipe) { r.Initial.Name = "neumann_gaussian" },
		"law parameter":     func(r *datasets.Recipe) { r.Initial.Parameters["tau"] = -1 },
		"modes":             func(r *datasets.Recipe) { r.Initial.Parameters["modes"] = 1.5 },
		"points":            func(r *datasets.Recipe) { r.Points = 0 },
		"sub-sampling":      func(r *datasets.Recipe) { r.Points = 48 },
		"steps":             func(r *datasets.Recipe) { r.Solver.Steps = -1 },
		"frames":            func(r *datasets.Recipe) { r.Frames.Count = 1 },
		"time":              func(r *datasets.Recipe) { r.Frames.T1 = math.Inf(1) },
		"length":            func(r *datasets.Recipe) { r.Length = -1 },
		"dtype":             func(r *datasets.Recipe) { r.Dtype = datasets.Int8 },
		"n":                 func(r *datasets.Recipe) { r.N = 0 },
	} {
		r := small(t, "burgers_shock")
		change(&r)
		if err := datasets.GenerateFile(t.Context(), r, datasets.Options{}, path); err == nil || !strings.HasPrefix(err.Error(), "datasets: ") {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, change := range map[string]func(*datasets.Recipe){
		"trajectories": func(r *datasets.Recipe) { r.Pairs = false },
		"frames":       func(r *datasets.Recipe) { r.Frames.Count = 3 },
		"layout":       func(r *datasets.Recipe) { r.Options["points"] = "corners" },
		"option":       func(r *datasets.Recipe) { r.Options["mean"] = "harmonic" },
		"sub-sampling": func(r *datasets.Recipe) { r.Points = 10 },
		"coefficient":  func(r *datasets.Recipe) { r.Initial.Parameters["low"] = 0 },
	} {
		r := small(t, "darcy")
		change(&r)
		if err := datasets.GenerateFile(t.Context(), r, datasets.Options{}, path); err == nil {
			t.Errorf("darcy %s: accepted", name)
		}
	}
	unstable := small(t, "burgers_shock")
	unstable.Solver.Steps, unstable.Frames.T1, unstable.Parameters["nu"] = 1, 3000, 1e-9
	if err := datasets.GenerateFile(t.Context(), unstable, datasets.Options{}, filepath.Join(t.TempDir(), "u.kmg")); !errors.Is(err, datasets.ErrUnstable) {
		t.Errorf("an unstable solver: %v", err)
	}
	if err := datasets.GenerateFile(t.Context(), small(t, "darcy"), datasets.Options{}, "x.mat"); err == nil || !strings.Contains(err.Error(), ".kmg") {
		t.Errorf("suffix: %v", err)
	}
}

// A trajectory is a function of the recipe and its number.
func ExampleGenerate() {
	r := datasets.Recipe{
		Equation: "burgers", Parameters: map[string]float64{"nu": 0.01}, Points: 64, N: 3,
		Solver: datasets.SolverRecipe{Points: 128, Steps: 20},
		Frames: datasets.FrameRecipe{T0: 0, T1: 1, Count: 21},
		Initial: datasets.LawRecipe{Name: "periodic_gaussian",
			Parameters: map[string]float64{"gamma": 2, "tau": 5, "sigma": 25, "modes": 32}},
	}
	records := memory{}
	n, err := datasets.Generate(context.Background(), r, datasets.Options{}, &records)
	fmt.Println(n, len(records.records[0]), err)
	// Output: 3 1344 <nil>
}

func BenchmarkGenerate(b *testing.B) {
	for _, name := range recipes {
		b.Run(name, func(b *testing.B) {
			text, err := os.ReadFile(filepath.Join("..", "configs", "data", name+".yaml"))
			if err != nil {
				b.Fatal(err)
			}
			var r datasets.Recipe
			if err := yaml.Unmarshal(text, &r); err != nil {
				b.Fatal(err)
			}
			i := 0
			for b.Loop() {
				if _, err := datasets.Generate(b.Context(), r, datasets.Options{N: 4, Start: i, Workers: 1}, &memory{}); err != nil {
					b.Fatal(err)
				}
				i += 4
			}
			b.ReportMetric(b.Elapsed().Seconds()*1e3/float64(4*b.N), "ms/trajectory")
		})
	}
}

// TestGenerateBlank: a file to plan with has the shapes of a generated one, sound records, and zeros.
func TestGenerateBlank(t *testing.T) {
	r := datasets.Recipe{
		Equation: "burgers", Parameters: map[string]float64{"nu": 0.01}, Points: 64, N: 3,
		Solver: datasets.SolverRecipe{Points: 128, Steps: 20},
		Frames: datasets.FrameRecipe{T0: 0, T1: 1, Count: 21},
		Initial: datasets.LawRecipe{Name: "periodic_gaussian",
			Parameters: map[string]float64{"gamma": 2, "tau": 5, "sigma": 25, "modes": 32}},
	}
	r.N = 3
	blank := filepath.Join(t.TempDir(), "blank.kmg")
	if err := datasets.GenerateBlank(r, blank); err != nil {
		t.Fatal(err)
	}
	set, err := datasets.OpenSet(blank, datasets.Keys{})
	if err != nil {
		t.Fatal(err)
	}
	defer set.Close()
	shape := set.Fields.Shape()
	if shape[0] != 3 {
		t.Fatalf("shape %v", shape)
	}
	frame := make([]float64, shape[2]*shape[3])
	for i := range 3 {
		if err := set.Fields.ReadFrames64(frame, i, 1, 1); err != nil {
			t.Fatal(err)
		}
		for _, v := range frame {
			if !(v == 0) {
				t.Fatalf("trajectory %d holds %v", i, v)
			}
		}
	}
}
