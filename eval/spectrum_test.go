package eval_test

import (
	"math"
	"testing"

	"github.com/kolmogo/kolmogo/eval"
)

// A sine lies in its own shell with half its squared amplitude, in any number of axes; the shells add up to the mean square.
func TestSpectrum(t *testing.T) {
	for _, c := range []struct {
		grid, k []int
		shell   int
	}{{[]int{32}, []int{5}, 5}, {[]int{33}, []int{16}, 16}, {[]int{16, 24}, []int{3, 4}, 5}, {[]int{8, 12, 10}, []int{2, -2, 1}, 3}} {
		s := eval.NewSpectrum(c.grid)
		u := wave(c.grid, c.k, 3)
		s.Add(u)
		for k, e := range s.Mean() {
			want := 0.0
			if k == c.shell {
				want = 4.5
			}
			if !(math.Abs(e-want) <= 1e-12) {
				t.Errorf("%v: shell %d holds %g, want %g", c, k, e, want)
			}
		}
		f := randomField(uint64(len(c.grid)), append(append([]int{1, 1}, c.grid...), 1)...)
		s = eval.NewSpectrum(c.grid)
		s.Add(f.Data)
		square, total := 0.0, 0.0
		for _, v := range f.Data {
			square += v * v / float64(len(f.Data))
		}
		for _, e := range s.All() {
			total += e
		}
		if !(math.Abs(total-square) <= 1e-12*square) {
			t.Errorf("%v: shells add up to %g, the mean square is %g", c.grid, total, square)
		}
	}
}

// wave is a·sin(2π Σ k_a x_a/n_a).
func wave(grid, k []int, a float64) []float64 {
	n := 1
	for _, m := range grid {
		n *= m
	}
	u := make([]float64, n)
	for at := range u {
		phase, rest := 0.0, at
		for i := len(grid) - 1; i >= 0; i-- {
			phase += float64(k[i]*(rest%grid[i])) / float64(grid[i])
			rest /= grid[i]
		}
		u[at] = a * math.Sin(2*math.Pi*phase)
	}
	return u
}

// The first mode whose amplitude is off by more than the factor ends what is resolved; the mean, mode 0, does not count.
func TestResolvedMode(t *testing.T) {
	target := []float64{9, 1, 1, 1, 1}
	for _, c := range []struct {
		pred []float64
		want int
	}{
		{[]float64{0, 1, 1, 1, 1}, 4},
		{[]float64{9, 2.2, 2.2, 2.3, 1}, 2}, // 1.5² = 2.25
		{[]float64{9, 0.45, 0.44, 1, 1}, 1},
		{[]float64{9, math.NaN(), 1, 1, 1}, 0},
	} {
		if got := eval.ResolvedMode(c.pred, target, 1.5); got != c.want {
			t.Errorf("%v: resolved to mode %d, want %d", c.pred, got, c.want)
		}
	}
	// SpectrumOf averages energies over trajectories and frames, one channel at a time.
	f := eval.Field[float32]{Shape: []int{2, 1, 16, 2}, Data: make([]float32, 64)}
	for x, v := range wave([]int{16}, []int{3}, 2) {
		f.Data[2*x+1] = float32(v)
	}
	if e := eval.SpectrumOf(f, 1); !(math.Abs(e[3]-1) <= 1e-6) || eval.SpectrumOf(f, 0)[3] != 0 {
		t.Errorf("mean spectrum %v", e)
	}
}
