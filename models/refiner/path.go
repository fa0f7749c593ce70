package refiner

import "math"

// path is how a flow goes from its start at t = 0 to y at t = 1: state = Signal(t)·y + Noise(t)·ε, with the derivatives by t.
type path struct {
	at func(t float64) (signal, noise, signalRate, noiseRate float64)
	// last is the largest time of training: below 1 where the rate of the noise is infinite at 1.
	last float64
}

// paths is the table of paths:
//
//	linear               t·y + (1−t)·ε
//	trigonometric        sin(πt/2)·y + cos(πt/2)·ε
//	variance_preserving  a·y + √(1−a²)·ε, a = exp(−T/2), T = 0.1·s + 9.95·s², s = 1−t: the reverse of a diffusion
//	bridge               t·y + g·sin²(πt)·ε: starts where the field does not change, and ends without noise
//
// Sources: Lipman et al. 2023 (arXiv 2210.02747, §4.1), Albergo, Boffi & Vanden-Eijnden 2023 (arXiv 2303.08797, table 4 and eq. 2.1
// with x₀ the present state: γ = g·sin² πt); the linear path is the one of least kinetic energy for high-dimensional fields
// (Shaul et al. 2023, arXiv 2306.06626).
func paths(bridge float64) map[string]path {
	return map[string]path{
		"linear": {func(t float64) (a, b, da, db float64) { return t, 1 - t, 1, -1 }, 1},
		"trigonometric": {func(t float64) (a, b, da, db float64) {
			const w = math.Pi / 2
			sin, cos := math.Sincos(w * t)
			return sin, cos, w * cos, -w * sin
		}, 1},
		"variance_preserving": {func(t float64) (a, b, da, db float64) {
			const low, high = 0.1, 20
			s := 1 - t
			rate := low + (high-low)*s // dT/ds
			v := -math.Expm1(-s * (low + (high-low)*s/2))
			a, b = math.Sqrt(1-v), math.Sqrt(v)
			return a, b, a * rate / 2, -(1 - v) * rate / (2 * b)
		}, 0.999},
		"bridge": {func(t float64) (a, b, da, db float64) {
			sin, cos := math.Sincos(math.Pi * t)
			return t, bridge * sin * sin, 1, 2 * math.Pi * bridge * sin * cos
		}, 1},
	}
}
