package pde_test

import (
	"math"
	"testing"

	"github.com/kolmogo/kolmogo/pde"
	"github.com/kolmogo/kolmogo/pde/domain"
)

// TestLaplaceDiscs: around four discs the boundary values are met to nine digits, between the points of the least squares too, the
// mean over a circle is the value in its middle, and the fluxes through walls and circles cancel.
func TestLaplaceDiscs(t *testing.T) {
	p := pde.LaplaceDiscs{Box: domain.Box{Low: []float64{-0.5, -0.5}, High: []float64{0.5, 0.5}}, Outer: 1}
	for _, c := range [][]float64{{0.3, 0.3}, {-0.3, 0.3}, {0.3, -0.3}, {-0.3, -0.3}} {
		p.Discs = append(p.Discs, domain.Ball{Centre: c, Radius: 0.1})
	}
	u, bound, err := p.Solve()
	if err != nil {
		t.Fatal(err)
	}
	if !(bound <= 1e-9) {
		t.Errorf("the boundary values are missed by %.3g", bound)
	}
	for i := range 100 {
		s := (float64(i) + 0.3) / 100
		sin, cos := math.Sincos(2 * math.Pi * s)
		if wall, circle := u(s-0.5, 0.5), u(-0.3+0.1*cos, 0.3+0.1*sin); !(math.Abs(wall-1)+math.Abs(circle) <= 3e-9) {
			t.Errorf("at %v of the boundaries u = %v and %v", s, wall, circle)
		}
	}
	mean := 0.0
	for i := range 64 {
		sin, cos := math.Sincos(2 * math.Pi * float64(i) / 64)
		mean += u(0.05+0.15*cos, -0.02+0.15*sin) / 64
	}
	if middle := u(0.05, -0.02); !(math.Abs(mean-middle) <= 1e-12) {
		t.Errorf("mean %v around a point with %v", mean, middle)
	}
}

// TestLaplaceRing: between a disc and a far boundary that follows log r the potential is log r.
func TestLaplaceRing(t *testing.T) {
	p := pde.LaplaceDiscs{Box: domain.Box{Low: []float64{-1, -2}, High: []float64{1, 2}}, Discs: []domain.Ball{{Centre: []float64{0, 0.1}, Radius: 0.3}}, Outer: 2, Hole: 2}
	u, bound, err := p.Solve()
	if err != nil {
		t.Fatal(err)
	}
	if got := u(0.5, 1.2); !(math.Abs(got-2) <= 1e-10) || !(bound <= 1e-10) {
		t.Errorf("between walls at 2: %v, bound %.3g", got, bound)
	}
}
