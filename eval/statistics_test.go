package eval_test

import (
	"context"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/kolmogo/kolmogo/eval"
)

// scale is the map u → a u.
func scale(a float32) eval.StepFunc {
	return func(_ context.Context, in, out []float32) error {
		for i := range out {
			out[i] = a * in[i]
		}
		return nil
	}
}

// A wave correlates with itself as the cosine of its phase along its axis, and fully across it.
func TestAutocorrelation(t *testing.T) {
	grid := []int{12, 16}
	a := eval.NewAutocorrelation(grid)
	u := wave(grid, []int{0, 3}, 2)
	for i := range u {
		u[i] += 7 // the mean is removed
	}
	a.Add(u)
	for r, c := range a.Along(1) {
		if want := math.Cos(2 * math.Pi * 3 * float64(r) / 16); !(math.Abs(c-want) <= 1e-12) {
			t.Errorf("distance %d: %g, want %g", r, c, want)
		}
	}
	for r, c := range a.Along(0) {
		if !(math.Abs(c-1) <= 1e-12) {
			t.Errorf("distance %d across: %g, want 1", r, c)
		}
	}
}

// The distance of two histograms is that of the samples to a bin's width, values out of the range included; a shift by c has W₁ = c.
func TestHistogramDistance(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	histogram := func(shift float64) *eval.Histogram {
		h, err := eval.NewHistogram(-2, 2, 400)
		if err != nil {
			t.Fatal(err)
		}
		for range 4000 {
			h.Add(r.Float64() - 0.5 + shift)
		}
		return h
	}
	near := histogram(0)
	for _, shift := range []float64{0.5, 3} { // inside, and wholly above the range
		d, err := near.Distance(histogram(shift))
		if err != nil || !(math.Abs(d-shift) <= 0.02) {
			t.Errorf("shift %g: distance %g, %v", shift, d, err)
		}
	}
	if d, err := near.Distance(near); err != nil || d != 0 {
		t.Errorf("distance to itself %g, %v", d, err)
	}
	total := 0.0
	for _, v := range near.Density() {
		total += v * 4 / 400
	}
	if !(math.Abs(total-1) <= 1e-12) || near.Total() != 4000 {
		t.Errorf("density integrates to %g", total)
	}
	lost := histogram(0)
	lost.Add(math.NaN())
	if d, err := near.Distance(lost); err != nil || !math.IsNaN(d) || lost.NaN != 1 {
		t.Errorf("a NaN gives distance %g, %v", d, err)
	}
	if other, _ := eval.NewHistogram(0, 1, 4); other != nil {
		if _, err := near.Distance(other); err == nil {
			t.Error("histograms with different bins were compared")
		}
	}
	if _, err := eval.NewHistogram(1, 1, 4); err == nil {
		t.Error("an empty range was taken")
	}
}

// e₀ exp(λn) grows at λ until it saturates, for every trajectory the same; two rates have their mean and an interval around it.
func TestGrowthRate(t *testing.T) {
	const lambda = 0.2
	grow := func(rates ...float64) eval.Curves {
		var c eval.Curves
		for n := range 60 {
			row := make([]float64, len(rates))
			for i, rate := range rates {
				row[i] = min(1e-3*math.Exp(rate*float64(n)), 1)
			}
			c = append(c, row)
		}
		return c
	}
	rate, steps := grow(lambda, lambda).GrowthRate(0.3, eval.Bootstrap{})
	if !(math.Abs(rate.Value-lambda) <= 1e-12 && rate.High-rate.Low <= 1e-12) || steps != 29 { // 1e-3 exp(0.2·28) = 0.27
		t.Errorf("rate %v over %d steps", rate, steps)
	}
	rate, _ = grow(0.1, 0.2).GrowthRate(0.1, eval.Bootstrap{}) // before the faster one saturates
	if !(math.Abs(rate.Value-0.15) <= 1e-12 && rate.Low < rate.Value && rate.High > rate.Value) {
		t.Errorf("rate %v of two", rate)
	}
	if rate, _ := (eval.Curves{{1}, {1}}).GrowthRate(0.3, eval.Bootstrap{}); !math.IsNaN(rate.Value) {
		t.Errorf("a rate %v of saturated errors", rate)
	}
}

// The spectra of a rollout are taken at the steps asked for; the error by band is that of the scales in it.
func TestSpectraByBand(t *testing.T) {
	grid := []int{32}
	frame := func(a, b float64) eval.Field[float32] {
		f := eval.Field[float32]{Shape: []int{1, 1, 32, 1}}
		low, high := wave(grid, []int{2}, a), wave(grid, []int{12}, b)
		for i := range low {
			f.Data = append(f.Data, float32(low[i]+high[i]))
		}
		return f
	}
	s := eval.Spectra{Steps: []int{2, 3}}
	for n := range 3 {
		target := frame(1, 1)
		if n == 2 {
			target = eval.Field[float32]{}
		}
		if err := s.Add(frame(1, 0.5), target); err != nil {
			t.Fatal(err)
		}
	}
	if len(s.At) != 2 || s.At[0].Step != 2 || s.At[1].Target != nil || !math.IsNaN(s.At[1].BandError(eval.Band{Low: 1, High: 4})) {
		t.Fatalf("%+v", s.At)
	}
	bands := eval.Thirds(16)
	for i, want := range []float64{0, math.NaN(), 0.5} {
		if got := s.At[0].BandError(bands[i]); i != 1 && !(math.Abs(got-want) <= 1e-6) {
			t.Errorf("band %v: error %g, want %g", bands[i], got, want)
		}
	}
	if eval.ResolvedMode(s.At[0].Pred, s.At[0].Target, 1.5) > 11 {
		t.Error("mode 12 of half the amplitude counts as resolved")
	}
}
