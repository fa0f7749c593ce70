package datasets_test

import (
	"math"
	"path/filepath"
	"testing"

	"github.com/kolmogo/kolmogo/datasets"
)

// TestRecipeStepper: the flow of a recipe on its stored points carries every generated frame to the next, or over two frames to the one after.
func TestRecipeStepper(t *testing.T) {
	for _, name := range []string{"allen_cahn", "gray_scott", "pdebench_advection", "kolmogorov_flow"} {
		r := small(t, name)
		r.Solver.Points, r.Varying, r.Dtype, r.N = r.Points, nil, datasets.Float64, 2
		for key, bounds := range readRecipe(t, name).Varying {
			if key != "length" && key != "time" {
				r.Parameters[key] = bounds[0]
			}
		}
		path := filepath.Join(t.TempDir(), name+".kmg")
		if err := datasets.GenerateFile(t.Context(), r, datasets.Options{N: r.N, Workers: 1}, path); err != nil {
			t.Fatal(err)
		}
		set, err := datasets.OpenSet(path, datasets.Keys{})
		if err != nil {
			t.Fatal(err)
		}
		defer set.Close()
		shape := set.Fields.Shape()
		channels, points := shape[len(shape)-1], 1
		for _, n := range shape[2 : len(shape)-1] {
			points *= n
		}
		frame := func(i int) []float64 { // [channel, x..]
			v := make([]float64, points*channels)
			if err := set.Fields.ReadFrames64(v, 1, i, 1); err != nil {
				t.Fatal(err)
			}
			u := make([]float64, len(v))
			for at, x := range v {
				u[at%channels*points+at/channels] = x
			}
			return u
		}
		for _, stride := range []int{1, 2} {
			step, err := r.Stepper(stride)
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			u, want := frame(0), frame(stride)
			step.Step(u)
			for i := range want {
				if !(math.Abs(u[i]-want[i]) <= 1e-11*(1+math.Abs(want[i]))) {
					t.Fatalf("%s, %d frames: value %d is %g, stored %g", name, stride, i, u[i], want[i])
				}
			}
		}
	}
	if _, err := small(t, "darcy").Stepper(1); err == nil {
		t.Error("an equation without time has a step")
	}
}
