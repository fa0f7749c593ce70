package optimize_test

import (
	"math"
	"testing"

	"github.com/kolmogo/kolmogo/train/optimize"
)

// TestSecant: after each step H₊y = s for the step s just taken and the change y of the gradient along it, and H₊ is symmetric and
// positive along y, whatever scale and member of Broyden's family the update has.
func TestSecant(t *testing.T) {
	for name, p := range map[string]optimize.Problem{"valley": rosenbrock(t), "fit": regression(t)} {
		o, err := optimize.NewObjective(p)
		if err != nil {
			t.Fatal(err)
		}
		m, err := optimize.NewBroyden(p)
		if err != nil {
			t.Fatal(err)
		}
		n := o.Size()
		at := func() (x, g []float64) {
			x, err := o.Get()
			if err != nil {
				t.Fatal(err)
			}
			g = make([]float64, n)
			if _, err := o.At(x, g); err != nil {
				t.Fatal(err)
			}
			return x, g
		}
		for k := range 12 {
			x, g := at()
			if _, err := m.Step(); err != nil {
				t.Fatal(err)
			}
			x1, g1 := at()
			h, err := p.Store.Get("broyden.H")
			if err != nil {
				t.Fatal(err)
			}
			var off, size, along, skew, largest float64
			for i := range n {
				s, hy := x1[i]-x[i], 0.0
				for j := range n {
					hy += h[i*n+j] * (g1[j] - g[j])
					skew, largest = max(skew, math.Abs(h[i*n+j]-h[j*n+i])), max(largest, math.Abs(h[i*n+j]))
				}
				off, size, along = off+(hy-s)*(hy-s), size+s*s, along+(g1[i]-g[i])*hy
			}
			if !(size > 0) || !(math.Sqrt(off) <= 1e-9*math.Sqrt(size)) {
				t.Errorf("%s, step %d: |Hy − s| is %g of |s| = %g", name, k, math.Sqrt(off/size), math.Sqrt(size))
			}
			if !(skew <= 1e-12*largest) || !(along > 0) {
				t.Errorf("%s, step %d: H is off its transpose by %g of %g, yᵀHy = %g", name, k, skew, largest, along)
			}
		}
	}
}
