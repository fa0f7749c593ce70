package datasets_test

import (
	"context"
	"errors"
	"math"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/kolmogo/kolmogo/datasets"
	"github.com/kolmogo/kolmogo/pde"
)

// What varies is stored with each trajectory, lies within its bounds, and is what the trajectory was solved with.
func TestGenerateVarying(t *testing.T) {
	r := datasets.Recipe{
		Equation: "advection", Parameters: map[string]float64{"c": 1}, Points: 16, N: 6,
		Frames:  datasets.FrameRecipe{T0: 0.5, T1: 1, Count: 3},
		Initial: datasets.LawRecipe{Name: "sine_sum", Parameters: map[string]float64{"count": 2, "lowest": 1, "highest": 2, "amplitude": 1}},
		Varying: map[string][]float64{"c": {0.5, 2}, "length": {3, 4}, "time": {0.8, 1.2}}, Dtype: datasets.Float64,
	}
	for _, suffix := range []string{".kmg", ".npz"} {
		path := filepath.Join(t.TempDir(), "set"+suffix)
		if err := datasets.GenerateFile(t.Context(), r, datasets.Options{Workers: 3}, path); err != nil {
			t.Fatal(err)
		}
		set, err := datasets.OpenSet(path, datasets.Keys{})
		if err != nil {
			t.Fatal(err)
		}
		if _, ok := set.Meta.Parameters["c"]; ok {
			t.Errorf("%s: the varying c is a parameter of all", suffix)
		}
		if err := set.Close(); err != nil {
			t.Fatal(err)
		}
	}
	records := memory{}
	if _, err := datasets.Generate(t.Context(), r, datasets.Options{}, &records); err != nil {
		t.Fatal(err)
	}
	law := pde.SineSum{Count: 2, Lowest: 1, Highest: 2, Amplitude: 1}
	for i := range r.N {
		v := records.records[i]
		frames, drawn := v[:3*16], v[3*16:] // c, length, time
		rnd := pde.Rand(r.Seed, uint64(i))
		for j, name := range []string{"c", "length", "time"} {
			bounds := r.Varying[name]
			if want := bounds[0] + (bounds[1]-bounds[0])*rnd.Float64(); drawn[j] != want {
				t.Fatalf("trajectory %d: %s is %v, want %v", i, name, drawn[j], want)
			}
		}
		field := law.Draw(rnd, 1)
		for frame := range 3 {
			at := (0.5 + 0.25*float64(frame)) * drawn[2]
			shifted := make([]float64, 16) // u(x - ct): the field's points moved by a part of the side
			field(shifted, []int{16}, -drawn[0]*at/drawn[1]*16)
			for j, u := range frames[frame*16 : (frame+1)*16] {
				if !(math.Abs(u-shifted[j]) <= 1e-12) {
					t.Fatalf("trajectory %d, frame %d, point %d: %v, want %v", i, frame, j, u, shifted[j])
				}
			}
		}
	}
}

// The formulas' frames are those of their times, with a first frame after the start, and for every trajectory anew.
func TestGenerateExact(t *testing.T) {
	r := datasets.Recipe{Equation: "porous_medium", Parameters: map[string]float64{"m": 2}, Points: 10, N: 3, Frames: datasets.FrameRecipe{T0: 0.25, T1: 0.75, Count: 3}}
	records := memory{}
	if _, err := datasets.Generate(t.Context(), r, datasets.Options{Workers: 1}, &records); err != nil {
		t.Fatal(err)
	}
	exact := pde.PorousMedium{Degree: 2}
	for i := range r.N {
		for k, v := range records.records[i] {
			if want := exact.At(0.25+0.25*float64(k/10), float64(k%10)/10); !(math.Abs(v-want) <= 1e-15) {
				t.Fatalf("trajectory %d, value %d: %v, want %v", i, k, v, want)
			}
		}
	}
}

// Stored cells are the means of the solver's, so that a coarse set conserves what a fine one does.
func TestGenerateCellMeans(t *testing.T) {
	r := datasets.Recipe{
		Equation: "shallow_water", Axes: 2, Points: 8, Solver: datasets.SolverRecipe{Points: 16}, Length: 5, N: 1, Dtype: datasets.Float64,
		Frames:  datasets.FrameRecipe{T1: 0.2, Count: 2},
		Initial: datasets.LawRecipe{Name: "disc", Parameters: map[string]float64{"least": 0.2, "most": 0.2, "inside": 2, "outside": 1}},
	}
	records := memory{}
	if _, err := datasets.Generate(t.Context(), r, datasets.Options{}, &records); err != nil {
		t.Fatal(err)
	}
	var mass [2]float64
	v := records.records[0]
	for i := range v {
		if i%3 == 0 {
			mass[i/(len(v)/2)] += v[i]
		}
	}
	if !(math.Abs(mass[0]-mass[1]) <= 1e-10*mass[0]) || slices.Equal(v[:len(v)/2], v[len(v)/2:]) {
		t.Errorf("depth %v, then %v", mass[0], mass[1])
	}
}

func TestGenerateEvolutionRefuses(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*datasets.Recipe)
		says   string
	}{
		"axes":        {func(r *datasets.Recipe) { r.Axes = 2 }, "axes"},
		"unknown":     {func(r *datasets.Recipe) { r.Parameters["nuu"] = 1 }, "nuu"},
		"not finite":  {func(r *datasets.Recipe) { r.Parameters["nu"] = math.NaN() }, "nu"},
		"varying":     {func(r *datasets.Recipe) { r.Varying = map[string][]float64{"mu": {1, 2}} }, "mu"},
		"bounds":      {func(r *datasets.Recipe) { r.Varying = map[string][]float64{"nu": {2, 1}} }, "order"},
		"one bound":   {func(r *datasets.Recipe) { r.Varying = map[string][]float64{"nu": {2}} }, "two"},
		"time":        {func(r *datasets.Recipe) { r.Varying = map[string][]float64{"time": {0, 1}} }, "positive"},
		"law":         {func(r *datasets.Recipe) { r.Initial.Name = "sines" }, "sine_sum"},
		"law missing": {func(r *datasets.Recipe) { delete(r.Initial.Parameters, "count") }, "count"},
		"law unknown": {func(r *datasets.Recipe) { r.Initial.Parameters["width"] = 1 }, "width"},
		"law whole":   {func(r *datasets.Recipe) { r.Initial.Parameters["count"] = 1.5 }, "whole"},
		"option":      {func(r *datasets.Recipe) { r.Options = map[string]string{"a": "b"} }, "option"},
		"points":      {func(r *datasets.Recipe) { r.Solver.Points = 24 }, "multiple"},
		"plane law": {func(r *datasets.Recipe) {
			r.Initial = datasets.LawRecipe{Name: "plane_gaussian", Parameters: map[string]float64{"alpha": 2, "tau": 3, "sigma": 1, "size": 4}}
		}, "axes"},
	} {
		r := datasets.Recipe{
			Equation: "kuramoto_sivashinsky", Parameters: map[string]float64{}, Points: 16, N: 1, Frames: datasets.FrameRecipe{T1: 1, Count: 2},
			Initial: datasets.LawRecipe{Name: "sine_sum", Parameters: map[string]float64{"count": 2, "lowest": 1, "highest": 2, "amplitude": 1}},
		}
		c.change(&r)
		if _, err := r.Problem(); err == nil || !strings.HasPrefix(err.Error(), "datasets: ") || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v", name, err)
		}
	}
	r := datasets.Recipe{Equation: "allen_cahn", Points: 8, N: 1, Frames: datasets.FrameRecipe{T1: 1, Count: 2}, Initial: datasets.LawRecipe{Name: "uniform", Parameters: map[string]float64{"low": 0, "high": 1}}}
	if _, err := r.Problem(); err == nil || !strings.Contains(err.Error(), `"nu"`) {
		t.Errorf("a missing parameter: %v", err)
	}
}

// A trajectory that would take minutes does not hold a cancelled generation up.
func TestGenerateGivesUp(t *testing.T) {
	r := datasets.Recipe{
		Equation: "kuramoto_sivashinsky", Points: 256, Length: 64, N: 1, Solver: datasets.SolverRecipe{Steps: 20}, Frames: datasets.FrameRecipe{T1: 1e5, Count: 1e5 + 1},
		Initial: datasets.LawRecipe{Name: "sine_sum", Parameters: map[string]float64{"count": 2, "lowest": 1, "highest": 2, "amplitude": 1}},
	}
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	begin := time.Now()
	_, err := datasets.Generate(ctx, r, datasets.Options{}, &memory{})
	if !errors.Is(err, context.DeadlineExceeded) || time.Since(begin) > 10*time.Second {
		t.Errorf("%v after %v", err, time.Since(begin))
	}
}
