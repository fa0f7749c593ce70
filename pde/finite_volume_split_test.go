package pde_test

import (
	"math"
	"testing"

	"github.com/kolmogo/kolmogo/pde"
)

// Where the viscosity would limit the step, the split method converges with order 2 in the time step to what it tends to, conserves mass,
// momentum and energy, and does not allocate.
func TestViscousSplitting(t *testing.T) {
	for name, c := range map[string]struct {
		law pde.Law
		box pde.Box
	}{
		"gas":     {pde.Gas{Gamma: 1.4, Eta: 0.05, Zeta: 0.02}, line(64, 1, pde.Around)},
		"wall":    {pde.Gas{Gamma: 1.4, Eta: 0.05, Zeta: 0.02}, line(64, 1, pde.Mirror)},
		"plane":   {pde.Gas{Gamma: 1.4, Eta: 0.2, Zeta: 0.1}, pde.Box{Points: []int{18, 12}, Lengths: []float64{1, 1}}},
		"burgers": {pde.BurgersLaw{Nu: 0.1}, line(64, 1, pde.Around)},
	} {
		size := c.box.Size()
		channels := c.law.Channels(len(c.box.Points))
		initial := func() []float64 {
			u := make([]float64, channels*size)
			for i := range u {
				x := (float64(i%size) + 0.5) / float64(size)
				u[i] = 0.3 * math.Sin(2*math.Pi*(x+0.1*float64(i/size)))
			}
			if gas, ok := c.law.(pde.Gas); ok {
				for i := range size {
					u[i]++
					u[(channels-1)*size+i]++
				}
				gas.Conserved(u, len(c.box.Points))
			}
			return u
		}
		solve := func(cfl float64) []float64 {
			u := initial()
			volumes(t, pde.FiniteVolume{Law: c.law, Box: c.box, Limiter: pde.Unlimited, CFL: cfl, Dt: 0.05}).Step(u)
			return u
		}
		reference := solve(0.0125)
		coarse, fine := difference(solve(0.4), reference), difference(solve(0.1), reference)
		if order := math.Log2(coarse/fine) / 2; !(order > 1.7) || !(coarse < 1e-2) {
			t.Errorf("%s: errors %.3g and %.3g at a quarter of the step, order %.2f", name, coarse, fine, order)
		}
		first, last := initial(), solve(0.4)
		for ch := range channels {
			if name == "wall" && ch == 1 {
				continue // its momentum goes into the walls
			}
			before, after := 0.0, 0.0
			for i := ch * size; i < (ch+1)*size; i++ {
				before, after = before+first[i], after+last[i]
			}
			if d := math.Abs(after-before) / float64(size); !(d < 1e-14) {
				t.Errorf("%s: channel %d is not conserved: %.3g", name, ch, d)
			}
		}
		s, u := volumes(t, pde.FiniteVolume{Law: c.law, Box: c.box, Dt: 0.01}), initial()
		if allocs := testing.AllocsPerRun(3, func() { s.Step(u) }); allocs != 0 {
			t.Errorf("%s: %v allocations a step", name, allocs)
		}
	}
}
