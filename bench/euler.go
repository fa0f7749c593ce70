package bench

import (
	"fmt"
	"math"

	"github.com/kolmogo/kolmogo/engine/cpu/simd"
	"github.com/kolmogo/kolmogo/pde"
)

// euler is so many steps of a gas without viscosity on a periodic plane by finite volumes (HLLC, MUSCL, Heun's method) in float64: waves
// of random density, pressure and velocity, Mach numbers of about 0.3. One step evaluates the rates of all cells twice.
type euler struct {
	Points int `json:"points"`
	Steps  int `json:"steps"`
}

// Kind implements Work.
func (euler) Kind() string { return "euler" }

// Floor implements Solver: a call reads and writes its state, at least.
func (e euler) Floor() Floor { return Floor{Bytes: 2 * 8 * 4 * int64(e.Points*e.Points)} }

// prepare implements Solver: mass, momentum and energy must be conserved to rounding.
func (e euler) prepare(_ simd.Set, _ int) (solving, error) {
	const gamma, sound = 1.4, 1.3
	gas := pde.Gas{Gamma: gamma}
	n := e.Points * e.Points
	dt := 0.15 / (2 * sound * float64(e.Points)) // for one step of the CFL number 0.4 at twice the speed of sound
	s, err := pde.FiniteVolume{Law: gas, Box: pde.Box{Points: []int{e.Points, e.Points}, Lengths: []float64{1, 1}}, Dt: dt}.Stepper()
	if err != nil {
		return solving{}, fmt.Errorf("bench: %w", err)
	}
	first := make([]float64, 4*n)
	wave := pde.TruncatedFourier{Modes: 4, Amplitude: 1}
	random := pde.Rand(4, 2)
	for c := range 4 {
		u := first[c*n : (c+1)*n]
		wave.Draw(random, 2)(u, []int{e.Points, e.Points}, 0.5)
		most := 0.0
		for _, v := range u {
			most = math.Max(most, math.Abs(v))
		}
		for i := range u {
			u[i] *= 0.3 / most
			if c == 0 || c == 3 {
				u[i]++
			}
		}
	}
	gas.Conserved(first, 2)
	r := run[float64]{u: make([]float64, 4*n), first: first, step: func(u []float64) {
		for range e.Steps {
			s.Step(u)
		}
	}}
	copy(r.u, first)
	r.step(r.u)
	check := Check{Arrays: 4, Tolerance: 1e-13}
	for c := range 4 {
		before, after, size := 0.0, 0.0, 0.0
		for i := c * n; i < (c+1)*n; i++ {
			before, after, size = before+first[i], after+r.u[i], size+math.Abs(first[i])
		}
		check.Difference = math.Max(check.Difference, math.Abs(after-before)/size)
	}
	return solving{double: r, check: check, steps: e.Steps, cells: n}, nil
}
