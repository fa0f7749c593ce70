package pde_test

import (
	"math"
	"testing"

	"github.com/kolmogo/kolmogo/pde"
)

// TestCavityIsGhias: the velocity along the vertical centre line at Reynolds number 100 is that of Ghia, Ghia & Shin 1982 (J. Comput. Phys.
// 48, table I), to the 0.6 per cent of the lid's speed that second order on 129² points leaves.
func TestCavityIsGhias(t *testing.T) {
	flow, err := pde.Cavity{Reynolds: 100, Order: 20}.Solve()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range [][2]float64{{0.9766, 0.84123}, {0.9531, 0.68717}, {0.8516, 0.23151}, {0.7344, 0.00332}, {0.6172, -0.13641}, {0.5, -0.20581},
		{0.4531, -0.21090}, {0.2813, -0.15662}, {0.1719, -0.10150}, {0.1016, -0.06434}, {0.0547, -0.03717}} {
		if u, _, _ := flow.At(0.5, c[0]); !(math.Abs(u-c[1]) <= 6e-3) {
			t.Errorf("u(0.5, %v) = %.5f, published %v", c[0], u, c[1])
		}
	}
}

// TestCavityConverges: with a lid at rest at its ends the error falls by more than an order of magnitude for four more degrees, and at
// lid and walls the flow is what it has to be.
func TestCavityConverges(t *testing.T) {
	lid := func(x float64) float64 { return 4 * x * (1 - x) }
	var flows []*pde.CavityFlow
	for _, order := range []int{12, 16, 20} {
		f, err := pde.Cavity{Reynolds: 100, Lid: lid, Order: order}.Solve()
		if err != nil {
			t.Fatal(err)
		}
		flows = append(flows, f)
	}
	var steps [2]float64
	for i := range 33 {
		for j := range 33 {
			x, y := float64(i)/32, float64(j)/32
			for k := range steps {
				u0, v0, _ := flows[k].At(x, y)
				u1, v1, _ := flows[k+1].At(x, y)
				steps[k] = max(steps[k], math.Abs(u1-u0), math.Abs(v1-v0))
			}
		}
		s := float64(i) / 32
		for _, wall := range [][3]float64{{0, s, 0}, {1, s, 0}, {s, 0, 0}, {s, 1, lid(s)}} {
			if u, v, _ := flows[2].At(wall[0], wall[1]); !(math.Abs(u-wall[2])+math.Abs(v) <= 1e-12) {
				t.Errorf("at (%v, %v) the flow is (%v, %v)", wall[0], wall[1], u, v)
			}
		}
	}
	if !(steps[1] <= 0.2*steps[0]) || !(steps[1] <= 5e-4) {
		t.Errorf("between degrees 12, 16 and 20 the velocities change by %.3g", steps)
	}
}

// TestCavityWithoutInertia: a flow without inertia is its own mirror image, with the lid's full speed at the corners.
func TestCavityWithoutInertia(t *testing.T) {
	f, err := pde.Cavity{Reynolds: 1e-3, Order: 14}.Solve()
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range []float64{0, 0.01, 0.2, 0.45} {
		for _, y := range []float64{0.1, 0.6, 0.99, 1} {
			u, v, _ := f.At(x, y)
			mu, mv, _ := f.At(1-x, y)
			if !(math.Abs(u-mu)+math.Abs(v+mv) <= 1e-5) {
				t.Errorf("at (%v, %v) the flow is (%v, %v), at its mirror image (%v, %v)", x, y, u, v, mu, mv)
			}
		}
	}
}
