package pde

import (
	"fmt"
	"math"
	"math/rand/v2"
)

// PDEBenchSines is the initial condition of PDEBench's advection, Burgers and reaction data as its generator draws it, which is not quite
// the sum of two sines of its text: two of Modes wavenumbers 1..Modes are chosen with replacement; each wavenumber m enters as
// A_m sin(2π s_m m x + φ_m), s_m being how often it was chosen, so that one chosen twice becomes 2m and those not chosen add the constants
// A_m sin φ_m. With a probability of 0.1 each, u is replaced by ±|u|, and is windowed to [a, b], a in (0.1, 0.45), b in (0.55, 0.9).
// Amplitudes are uniform in [0, 1), the phases in [0, 2π).
// Source: Takamoto et al. 2022 (PDEBench), the generator's init_multi.
type PDEBenchSines struct {
	Modes      int  // 8
	Normalised bool // divide by max|u| of 1024 points and take the absolute value: the reaction data
}

// Check implements [InitialLaw].
func (l PDEBenchSines) Check() error {
	if l.Modes < 1 {
		return fmt.Errorf("pde: PDEBench's sines of %d modes", l.Modes)
	}
	return nil
}

// Draw implements [InitialLaw]; the field varies along the first axis.
func (l PDEBenchSines) Draw(rnd *rand.Rand, _ int) Field {
	times := make([]float64, l.Modes)
	for range 2 {
		times[rnd.IntN(l.Modes)]++
	}
	amplitude, phase := make([]float64, l.Modes), make([]float64, l.Modes)
	for m := range l.Modes {
		amplitude[m], phase[m] = rnd.Float64(), 2*math.Pi*rnd.Float64()
	}
	sign := math.Copysign(1, rnd.Float64()-0.5)
	absolute, window := rnd.Float64() < 0.1, rnd.Float64() < 0.1
	a, b := between(rnd, 0.1, 0.45), between(rnd, 0.55, 0.9)
	at := func(x float64) (v float64) {
		for m, s := range times {
			v += amplitude[m] * math.Sin(2*math.Pi*s*float64(m+1)*x+phase[m])
		}
		if absolute {
			v = math.Abs(v)
		}
		v *= sign
		if window {
			const steep = 0.01
			v *= 0.5 * (math.Tanh((x-a)/steep) - math.Tanh((x-b)/steep))
		}
		return v
	}
	if !l.Normalised {
		return At(func(x []float64) float64 { return at(x[0]) })
	}
	largest := 0.0
	const points = 1024
	for i := range points {
		largest = math.Max(largest, math.Abs(at(float64(i)/points)))
	}
	return At(func(x []float64) float64 {
		if largest == 0 {
			return 0
		}
		return math.Abs(at(x[0])) / largest
	})
}
