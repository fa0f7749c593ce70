package pde_test

import (
	"math"
	"testing"

	"github.com/kolmogo/kolmogo/pde"
)

// Halving the distance of the nodes divides the error by four, and the right wall has u = −D u_x to second order.
func TestSorptionNodesAreOfSecondOrder(t *testing.T) {
	solve := func(cells int) []float64 {
		p := pde.SorptionNodes{DiffusionSorption: pde.PDEBenchSorption(cells)}
		p.D = 0.05 // wide layers, smooth from early on
		u := make([]float64, p.Size())
		for i := range u {
			x := float64(i+1) / float64(cells)
			u[i] = 1 - 0.8*x + 0.1*math.Sin(math.Pi*x) // not zero at the right wall, which soon draws it there
		}
		step := pde.Extrapolation{Rtol: 1e-10, Atol: 1e-10, Dt: 20}.Stepper(p)
		step.Step(u)
		return append(u, p.Right(u))
	}
	fine := solve(256)
	var errors []float64
	for _, cells := range []int{16, 32} {
		u, worst := solve(cells), 0.0
		for i, v := range u {
			worst = math.Max(worst, math.Abs(v-fine[(i+1)*256/cells-1]))
		}
		errors = append(errors, worst)
	}
	if order := math.Log2(errors[0] / errors[1]); !(order > 1.7 && order < 2.4) {
		t.Errorf("errors %v: order %v", errors, order)
	}
}
