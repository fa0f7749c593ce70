package datasets_test

import (
	"context"
	"math"
	"testing"

	"github.com/kolmogo/kolmogo/datasets"
)

// The known mean over space of a member is that of its values on a line, up to the jump within one interval.
func TestScatteredMembersHaveTheirIntegral(t *testing.T) {
	for name, c := range map[string]struct {
		parameter    string
		low, high    float64
		length, last float64
	}{
		"stefan":        {"threshold", 0.55, 0.7, 1, 0.1},
		"porous_medium": {"m", 1, 6, 1, 1},
		"heat_sine":     {"k", 1, 5, 2 * math.Pi, 1},
	} {
		const points = 201
		r := datasets.Recipe{
			Equation: "scattered", Options: map[string]string{"of": name}, Pairs: true, Length: c.length, Points: points, N: 3, Seed: 4,
			Parameters: map[string]float64{"time": c.last / 2}, Varying: map[string][]float64{c.parameter: {c.low, c.high}},
			Frames: datasets.FrameRecipe{T1: c.last, Count: 2}, Dtype: datasets.Float64,
		}
		p, err := r.Problem()
		if err != nil {
			t.Fatal(err)
		}
		solve, err := p.Solver(nil)
		if err != nil {
			t.Fatal(err)
		}
		in, out := make([]float64, 4*(100+points)), make([]float64, 100+points)
		if err := solve(context.Background(), 7, [][]float64{in, out}); err != nil {
			t.Fatal(err)
		}
		mean := 0.0
		for j := range points {
			w := 1.0 / (points - 1)
			if j == 0 || j == points-1 {
				w /= 2
			}
			mean += w * out[100+j]
		}
		if known := in[4*(100+points)-1]; !(math.Abs(mean-known) <= 0.7/(points-1)) {
			t.Errorf("%s: the mean is %v, known %v", name, mean, known)
		}
		for i := range 100 + points {
			if known := in[4*i+2]; known != 0 && known != out[i] || i >= 100 && known != 0 {
				t.Fatalf("%s: point %d is told %v, its value is %v", name, i, known, out[i])
			}
		}
	}
}
