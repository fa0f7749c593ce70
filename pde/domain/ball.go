package domain

import (
	"math"

	"gonum.org/v1/gonum/mathext"
)

// Ball is |x − Centre| ≤ Radius in any number of dimensions from two on: a disc in the plane.
type Ball struct {
	Centre []float64
	Radius float64
}

// Bounds implements Region.
func (b Ball) Bounds() (low, high []float64) {
	for _, c := range b.Centre {
		low, high = append(low, c-b.Radius), append(high, c+b.Radius)
	}
	return low, high
}

// Contains implements Region.
func (b Ball) Contains(x []float64) bool {
	sum := 0.0
	for i, c := range b.Centre {
		sum += (x[i] - c) * (x[i] - c)
	}
	return sum <= b.Radius*b.Radius
}

// Boundary implements Region: the sphere, of area 2 π^(d/2) R^(d−1)/Γ(d/2). The cube is mapped on it without changing areas: of a point on the
// unit sphere in d dimensions (1 + x_1)/2 has the law Beta((d−1)/2, (d−1)/2), and the rest lies on a sphere of radius √(1 − x_1²).
func (b Ball) Boundary() []Piece {
	d := float64(len(b.Centre))
	area := 2 * math.Pow(math.Pi, d/2) * math.Pow(b.Radius, d-1) / math.Gamma(d/2)
	return []Piece{{Axis: -1, Measure: area, At: func(s, x, normal []float64) {
		rest := normal[:len(b.Centre)]
		radius := 1.0
		for ; len(rest) > 2; s, rest = s[1:], rest[1:] {
			half := float64(len(rest)-1) / 2
			c := 2*mathext.InvRegIncBeta(half, half, s[0]) - 1
			rest[0] = radius * c
			radius *= math.Sqrt(max(0, 1-c*c))
		}
		sin, cos := math.Sincos(2 * math.Pi * s[0])
		rest[0], rest[1] = radius*cos, radius*sin
		for i, c := range b.Centre {
			x[i] = c + b.Radius*normal[i]
		}
	}}}
}
