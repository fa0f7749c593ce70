package domain

import "math"

// Polygon is the inside of a closed line through the given corners, which does not cross itself.
type Polygon struct{ Corners [][2]float64 }

// Bounds implements Region.
func (p Polygon) Bounds() (low, high []float64) {
	low, high = []float64{math.Inf(1), math.Inf(1)}, []float64{math.Inf(-1), math.Inf(-1)}
	for _, c := range p.Corners {
		for i, v := range c {
			low[i], high[i] = math.Min(low[i], v), math.Max(high[i], v)
		}
	}
	return low, high
}

// Contains implements Region by the parity of the edges that a ray to the right crosses.
func (p Polygon) Contains(x []float64) bool {
	inside := false
	for i := range p.Corners {
		a, b := p.edge(i)
		if (a[1] > x[1]) != (b[1] > x[1]) && x[0] < a[0]+(b[0]-a[0])*(x[1]-a[1])/(b[1]-a[1]) {
			inside = !inside
		}
	}
	return inside
}

func (p Polygon) edge(i int) (a, b [2]float64) { return p.Corners[i], p.Corners[(i+1)%len(p.Corners)] }

// area is positive where the corners run counter-clockwise.
func (p Polygon) area() float64 {
	s := 0.0
	for i := range p.Corners {
		a, b := p.edge(i)
		s += (a[0]*b[1] - b[0]*a[1]) / 2
	}
	return s
}

// Boundary implements Region: the edges.
func (p Polygon) Boundary() []Piece {
	turn := math.Copysign(1, p.area())
	var list []Piece
	for i := range p.Corners {
		a, b := p.edge(i)
		length := math.Hypot(b[0]-a[0], b[1]-a[1])
		list = append(list, Piece{Axis: -1, Measure: length, At: func(s, x, normal []float64) {
			x[0], x[1] = a[0]+(b[0]-a[0])*s[0], a[1]+(b[1]-a[1])*s[0]
			normal[0], normal[1] = turn*(b[1]-a[1])/length, -turn*(b[0]-a[0])/length
		}})
	}
	return list
}
