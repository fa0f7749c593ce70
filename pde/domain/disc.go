package domain

import "math"

// Disc is |x − Centre| ≤ Radius in the plane.
type Disc struct {
	Centre []float64
	Radius float64
}

// Bounds implements Region.
func (d Disc) Bounds() (low, high []float64) {
	c, r := d.Centre, d.Radius
	return []float64{c[0] - r, c[1] - r}, []float64{c[0] + r, c[1] + r}
}

// Contains implements Region.
func (d Disc) Contains(x []float64) bool {
	return math.Hypot(x[0]-d.Centre[0], x[1]-d.Centre[1]) <= d.Radius
}

// Boundary implements Region: the circle.
func (d Disc) Boundary() []Piece {
	return []Piece{{Axis: -1, Measure: 2 * math.Pi * d.Radius, At: func(s, x, normal []float64) {
		sin, cos := math.Sincos(2 * math.Pi * s[0])
		normal[0], normal[1] = cos, sin
		x[0], x[1] = d.Centre[0]+d.Radius*cos, d.Centre[1]+d.Radius*sin
	}}}
}
