package eval

import (
	"fmt"
	"math"
	"slices"
)

// meanAbs is Σ|p−t|/N.
func meanAbs(p, t []float64) float64 { return sumPower(p, t, 1) / float64(len(p)) }

// meanSquare is Σ(p−t)²/N.
func meanSquare(p, t []float64) float64 { return sumPower(p, t, 2) / float64(len(p)) }

// rootMeanSquare is √(Σ(p−t)²/N).
func rootMeanSquare(p, t []float64) float64 { return math.Sqrt(meanSquare(p, t)) }

// sumPower is Σ|p−t|^q; a nil t counts as zero.
func sumPower(p, t []float64, q float64) float64 {
	s := 0.0
	for i, x := range p {
		if t != nil {
			x -= t[i]
		}
		switch q {
		case 1:
			s += math.Abs(x)
		case 2:
			s += x * x
		default:
			s += math.Pow(math.Abs(x), q)
		}
	}
	return s
}

// maxAbs is max|p−t|.
func maxAbs(p, t []float64) float64 {
	m := 0.0
	for i := range p {
		if d := math.Abs(p[i] - t[i]); d > m || math.IsNaN(d) {
			m = d
		}
	}
	return m
}

// relativeL2 is ‖p−t‖₂/‖t‖₂, summed in float64 and without an epsilon: infinite or NaN where t is zero.
func relativeL2[T Float](p, t []T) float64 {
	var above, below float64
	for i := range t {
		d := float64(p[i]) - float64(t[i])
		above += d * d
		below += float64(t[i]) * float64(t[i])
	}
	return math.Sqrt(above / below)
}

// difference is p − t.
func difference(p, t []float64) []float64 {
	d := make([]float64, len(p))
	for i := range d {
		d[i] = p[i] - t[i]
	}
	return d
}

// squaredModulus is |c|².
func squaredModulus(c complex128) float64 { return real(c)*real(c) + imag(c)*imag(c) }

// moments is the mean of v and Σ(v−mean)².
func moments(v []float64) (average, squares float64) {
	average = mean(v)
	for _, x := range v {
		squares += (x - average) * (x - average)
	}
	return average, squares
}

// comoment is Σ(p−mean p)(t−mean t), with Σ(p−mean p)² and Σ(t−mean t)².
func comoment(p, t []float64) (pt, pp, tt float64) {
	mp, pp := moments(p)
	mt, tt := moments(t)
	for i := range p {
		pt += (p[i] - mp) * (t[i] - mt)
	}
	return pt, pp, tt
}

// isZero reports v = 0 everywhere.
func isZero(v []float64) bool {
	return !slices.ContainsFunc(v, func(x float64) bool { return x != 0 })
}

// isFlat reports a v that is the same everywhere.
func isFlat(v []float64) bool {
	return !slices.ContainsFunc(v, func(x float64) bool { return x != v[0] })
}

// flatReason says of a flat v why a relative error against it has no meaning.
func flatReason(v []float64) string {
	if isZero(v) {
		return "the target is zero"
	}
	return "the target is constant"
}

// atLeast is a check that every axis has n points.
func atLeast(n int, why string) func(grid []int, channels int) error {
	return func(grid []int, _ int) error {
		for _, points := range grid {
			if points < n {
				return fmt.Errorf("grid %v has an axis of fewer than %d points, which %s", grid, n, why)
			}
		}
		return nil
	}
}
