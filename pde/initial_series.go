package pde

import (
	"fmt"
	"math"
	"math/rand/v2"
)

// SineSum is Σ_i A_i sin(2π k_i·x + φ_i), i = 1..Count, A uniform in ±Amplitude, the phases uniform, and each component of k a whole number
// from Lowest to Highest. Lie-point symmetry augmentation's Kuramoto–Sivashinsky data has 10 sines of wavenumber 1 or 2, A = 0.5.
// Source: Brandstetter et al. 2022.
type SineSum struct {
	Count           int
	Lowest, Highest int
	Amplitude       float64
}

// Check implements [InitialLaw].
func (l SineSum) Check() error {
	if l.Count < 1 || l.Highest < l.Lowest || !(l.Amplitude > 0) {
		return fmt.Errorf("pde: sum of %d sines, wavenumbers %d to %d, amplitude %v", l.Count, l.Lowest, l.Highest, l.Amplitude)
	}
	return nil
}

// Draw implements [InitialLaw].
func (l SineSum) Draw(rnd *rand.Rand, axes int) Field {
	type sine struct {
		a, phase float64
		k        [3]float64
	}
	sines := make([]sine, l.Count)
	for i := range sines {
		s := &sines[i]
		s.a, s.phase = l.Amplitude*(2*rnd.Float64()-1), 2*math.Pi*rnd.Float64()
		for axis := range axes {
			s.k[axis] = 2 * math.Pi * float64(l.Lowest+rnd.IntN(l.Highest-l.Lowest+1))
		}
	}
	return At(func(x []float64) (v float64) {
		for _, s := range sines {
			angle := s.phase
			for axis, xi := range x {
				angle += s.k[axis] * xi
			}
			v += s.a * math.Sin(angle)
		}
		return v
	})
}

// TruncatedFourier is Mean + Amplitude Σ_{0<|k|≤Modes} (ξ_k cos 2πk·x + η_k sin 2πk·x)/√n over the n pairs ±k with every component within ±Modes:
// the standard deviation is Amplitude at every point.
type TruncatedFourier struct {
	Modes           int
	Amplitude, Mean float64
}

// Check implements [InitialLaw].
func (l TruncatedFourier) Check() error {
	if l.Modes < 1 || l.Modes > 64 || math.IsNaN(l.Amplitude+l.Mean) {
		return fmt.Errorf("pde: truncated Fourier series of %d modes, amplitude %v, mean %v; want 1 to 64 modes", l.Modes, l.Amplitude, l.Mean)
	}
	return nil
}

// Draw implements [InitialLaw].
func (l TruncatedFourier) Draw(rnd *rand.Rand, axes int) Field {
	var k [][]float64
	var cos, sin []float64
	side, total := 2*l.Modes+1, 1
	for range axes {
		total *= side
	}
	for i := total/2 + 1; i < total; i++ { // one of each pair ±k
		v, rest := make([]float64, axes), i
		for axis := range axes {
			v[axis] = 2 * math.Pi * float64(rest%side-l.Modes)
			rest /= side
		}
		k, cos, sin = append(k, v), append(cos, rnd.NormFloat64()), append(sin, rnd.NormFloat64())
	}
	scale := l.Amplitude / math.Sqrt(float64(len(k)))
	return At(func(x []float64) float64 {
		sum := 0.0
		for i, v := range k {
			angle := 0.0
			for axis, xi := range x {
				angle += v[axis] * xi
			}
			s, c := math.Sincos(angle)
			sum += cos[i]*c + sin[i]*s
		}
		return l.Mean + scale*sum
	})
}
