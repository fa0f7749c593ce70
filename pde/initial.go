package pde

import (
	"fmt"
	"math"
	"math/rand/v2"
)

// Field is one function on the unit box: it writes its values at the points (j + shift)/n of each axis, shift 0 or the 1/2 of cell centres.
type Field func(dst []float64, points []int, shift float64)

// InitialLaw is a law of random fields on the unit box, the sides stretched to the domain's.
type InitialLaw interface {
	Check() error
	Draw(rnd *rand.Rand, axes int) Field
}

// At makes a field of a function of the coordinates.
func At(f func(x []float64) float64) Field {
	return func(dst []float64, points []int, shift float64) {
		x := make([]float64, len(points))
		for i := range dst {
			rest := i
			for axis := len(points) - 1; axis >= 0; axis-- {
				n := points[axis]
				x[axis] = (float64(rest%n) + shift) / float64(n)
				rest /= n
			}
			dst[i] = f(x)
		}
	}
}

// Uniform is a constant from Low to High, the same everywhere.
type Uniform struct{ Low, High float64 }

// Check implements [InitialLaw].
func (l Uniform) Check() error {
	if !(l.High >= l.Low) {
		return fmt.Errorf("pde: a constant from %v to %v", l.Low, l.High)
	}
	return nil
}

// Draw implements [InitialLaw].
func (l Uniform) Draw(rnd *rand.Rand, _ int) Field {
	v := between(rnd, l.Low, l.High)
	return func(dst []float64, _ []int, _ float64) { fill(dst, v) }
}

// Noise is Mean plus independent normals of the given deviation at the points: a field of its grid alone, PDEBench's choice for reactions.
type Noise struct{ Mean, Deviation float64 }

// Check implements [InitialLaw].
func (l Noise) Check() error {
	if !(l.Deviation >= 0) || math.IsNaN(l.Mean) {
		return fmt.Errorf("pde: noise of mean %v, deviation %v", l.Mean, l.Deviation)
	}
	return nil
}

// Draw implements [InitialLaw].
func (l Noise) Draw(rnd *rand.Rand, _ int) Field {
	return func(dst []float64, _ []int, _ float64) {
		for i := range dst {
			dst[i] = l.Mean + l.Deviation*rnd.NormFloat64()
		}
	}
}

func between(rnd *rand.Rand, low, high float64) float64 { return low + (high-low)*rnd.Float64() }
