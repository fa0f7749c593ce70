package pde_test

import (
	"math"
	"testing"

	"github.com/kolmogo/kolmogo/pde"
)

// TestReactionWallsIsAFront: with f = u − u³ the profile tanh(x/√(2ν)) is at rest; between walls that keep its values the
// error of the rates falls as h⁴.
func TestReactionWallsIsAFront(t *testing.T) {
	const nu, length = 0.02, 0.6
	rate := func(n int) float64 {
		w := pde.ReactionWalls{Nodes: n, Length: length, Nu: nu, Reaction: func(u float64) float64 { return u - u*u*u }}
		u, r := make([]float64, n), make([]float64, n)
		for i := range u {
			x := length*float64(i)/float64(n-1) - 0.1
			u[i] = math.Tanh(x / math.Sqrt(2*nu))
		}
		w.Rate(r, u)
		worst := 0.0
		for i := 2; i < n-2; i++ {
			worst = max(worst, math.Abs(r[i]))
		}
		return worst
	}
	if order := math.Log2(rate(61) / rate(121)); !(order > 3.7 && order < 4.3) {
		t.Errorf("the rates have order %.2f, want 4", order)
	}
}

// TestReactionWallsKeepsWaves: without reaction cos(kx) between walls without flux, and sin(kx) between fixed ones, decay as exp(−νk²t), to
// fourth order in the distance of the nodes; with it a fixed end is met to the same order.
func TestReactionWallsKeepsWaves(t *testing.T) {
	const nu, at = 0.1, 0.5
	run := func(n int, noFlux bool, f, start func(float64) float64) []float64 {
		w := pde.ReactionWalls{Nodes: n, Length: 1, Nu: nu, NoFlux: noFlux, Reaction: f}
		u := make([]float64, n)
		for i := range u {
			u[i] = start(float64(i) / float64(n-1))
		}
		pde.Extrapolation{Dt: at, Rtol: 1e-11, Atol: 1e-12}.Stepper(w).Step(u)
		return u
	}
	none := func(float64) float64 { return 0 }
	for _, c := range []struct {
		noFlux bool
		wave   func(float64) float64
	}{{true, math.Cos}, {false, math.Sin}} {
		k := 3 * math.Pi
		errorOf := func(n int) float64 {
			worst := 0.0
			for i, u := range run(n, c.noFlux, none, func(x float64) float64 { return c.wave(k * x) }) {
				worst = max(worst, math.Abs(u-math.Exp(-nu*k*k*at)*c.wave(k*float64(i)/float64(n-1))))
			}
			return worst
		}
		if order := math.Log2(errorOf(31) / errorOf(61)); !(order > 3.6 && order < 4.4) {
			t.Errorf("no flux %v: order %.2f, want 4", c.noFlux, order)
		}
	}
	// from one at a fixed end, with growth: no formula, so three grids
	logistic := func(u float64) float64 { return 3 * u * (1.5 - u) }
	start := func(x float64) float64 { return 1 - x*x/2 }
	var middle []float64
	for _, n := range []int{31, 61, 121} {
		middle = append(middle, run(n, false, logistic, start)[n/10])
	}
	if order := math.Log2(math.Abs((middle[0] - middle[1]) / (middle[1] - middle[2]))); !(order > 3.3) {
		t.Errorf("next to a fixed end that reacts: order %.2f, want about 4", order)
	}
}
