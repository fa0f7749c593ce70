package eval_test

import (
	"math"
	"testing"

	"github.com/kolmogo/kolmogo/eval"
)

// A shift on a ring keeps mean and mean square; a factor a takes aⁿ and a²ⁿ of them, and the drift is in units of the first frame.
func TestInvariants(t *testing.T) {
	const points, steps = 8, 5
	u := narrow(randomField(5, 3, 1, points, 2))
	for _, factor := range []float64{1, 0.5} {
		var v eval.Invariants
		if err := v.Add(u); err != nil {
			t.Fatal(err)
		}
		for frame, err := range eval.Rollout(t.Context(), shift(float32(factor), points, 2), u, steps) {
			if err != nil {
				t.Fatal(err)
			}
			if err := v.Add(frame.Values); err != nil {
				t.Fatal(err)
			}
		}
		for c := range 2 {
			means, squares := v.MeanDrift(c), v.SquareDrift(c)
			if means.Steps() != steps {
				t.Fatalf("%d steps, want %d", means.Steps(), steps)
			}
			for n := range steps {
				for b := range 3 {
					a := math.Pow(factor, float64(n+1))
					if want := 1 - a*a; !(math.Abs(squares[n][b]-want) <= 1e-6) {
						t.Errorf("energy of step %d drifts by %g, want %g", n+1, squares[n][b], want)
					}
					if want := (1 - a) * math.Abs(v.Mean[c][0][b]) / math.Sqrt(v.Square[c][0][b]); !(math.Abs(means[n][b]-want) <= 1e-6) {
						t.Errorf("mean of step %d drifts by %g, want %g", n+1, means[n][b], want)
					}
				}
			}
		}
		if err := v.Add(narrow(randomField(5, 2, 1, points, 2))); err == nil {
			t.Error("a frame of fewer trajectories was taken")
		}
	}
}

// Frames of the equation itself leave no residual; a step that forgets a term has that term relative to the frame.
func TestResiduals(t *testing.T) {
	const points = 16
	u := narrow(randomField(6, 2, 1, points, 1))
	half := func(dst, before, after []float64) { // the equation u → u/2
		for i := range dst {
			dst[i] = after[i] - before[i]/2
		}
	}
	for factor, want := range map[float32]float64{0.5: 0, 0.75: 1. / 3} { // (3/4 − 1/2)/(3/4)
		r := eval.Residuals{Of: half}
		if err := r.Add(u); err != nil {
			t.Fatal(err)
		}
		for frame, err := range eval.Rollout(t.Context(), scale(factor), u, 3) {
			if err != nil {
				t.Fatal(err)
			}
			if err := r.Add(frame.Values); err != nil {
				t.Fatal(err)
			}
		}
		for n, row := range r.Curves {
			for b, v := range row {
				if !(math.Abs(v-want) <= 1e-6) {
					t.Errorf("factor %g, step %d, trajectory %d: residual %g, want %g", factor, n+1, b, v, want)
				}
			}
		}
	}
}
