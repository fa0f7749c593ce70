package eval_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/kolmogo/kolmogo/eval"
)

// The two correlation times of curves known by hand: one dips and recovers, one is NaN from a step on, one never falls.
func TestCorrelationTime(t *testing.T) {
	nan := math.NaN()
	c := eval.Curves{{.95, .9, .99}, {.7, .85, .98}, {.9, nan, .97}, {.9, nan, .96}}
	r := c.CorrelationTime(0.8, eval.Bootstrap{})
	if want := []float64{1, 2, 4}; r.Each[0] != want[0] || r.Each[1] != want[1] || r.Each[2] != want[2] {
		t.Errorf("first crossings %v, want %v", r.Each, want)
	}
	if r.Count.Value != 2 || !(math.Abs(r.First.Value-7./3) <= 1e-15) || r.Censored != 1 || r.Undefined != 1 {
		t.Errorf("%+v", r)
	}
	if !(r.First.Low >= 1 && r.First.Low < r.First.Value && r.First.High > r.First.Value && r.First.High <= 4) {
		t.Errorf("interval %v", r.First)
	}
	if flat := (eval.Curves{{1, 1}, {1, 1}}).CorrelationTime(0.8, eval.Bootstrap{}); flat.Count.Value != 2 || flat.First != (eval.Interval{Value: 2, Low: 2, High: 2}) {
		t.Errorf("a correlation that stays: %+v", flat)
	}
}

// The bootstrap interval of a mean has the width of the normal approximation and covers the truth as often as it says; equal seeds give equal ends.
func TestBootstrapCoverage(t *testing.T) {
	const runs, n = 200, 40
	r := rand.New(rand.NewPCG(3, 1))
	covered, width := 0, 0.0
	for run := range runs {
		v := make([]float64, n)
		for i := range v {
			v[i] = r.NormFloat64()
		}
		i := eval.Bootstrap{Draws: 400, Level: 0.9, Seed: uint64(run)}.Mean(v)
		if i.Low <= 0 && i.High >= 0 {
			covered++
		}
		width += (i.High - i.Low) / runs
		if again := (eval.Bootstrap{Draws: 400, Level: 0.9, Seed: uint64(run)}).Mean(v); again != i {
			t.Fatalf("%v and %v with equal seeds", i, again)
		}
	}
	if want := 2 * 1.645 / math.Sqrt(n); !(math.Abs(width/want-1) <= 0.05) {
		t.Errorf("width %g, want about %g", width, want)
	}
	if rate := float64(covered) / runs; !(rate >= 0.82 && rate <= 0.96) { // 0.9 less a little for the small sample, four deviations around
		t.Errorf("covered in %g of the runs, want 0.9", rate)
	}
}

// Pairs that move together have a narrow ratio, however wide either mean is.
func TestBootstrapRatioIsPaired(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 1))
	above, below := make([]float64, 50), make([]float64, 50)
	for i := range below {
		below[i] = 1 + 10*r.Float64()
		above[i] = 2 * below[i]
	}
	b := eval.Bootstrap{Draws: 300}
	ratio, err := b.Ratio(above, below)
	if err != nil || !(math.Abs(ratio.Low-2) <= 1e-12 && math.Abs(ratio.High-2) <= 1e-12) {
		t.Errorf("ratio %v, %v", ratio, err)
	}
	if m := b.Mean(below); !(m.High-m.Low > 1) {
		t.Errorf("mean %v has no width", m)
	}
	if _, err := b.Ratio(above, below[1:]); err == nil {
		t.Error("pairs of unequal number were taken")
	}
	if i := b.Mean([]float64{1, math.NaN(), 2}); !math.IsNaN(i.Value) || !math.IsInf(i.Low, -1) || !math.IsInf(i.High, 1) {
		t.Errorf("a NaN among the items gives %v", i)
	}
}
