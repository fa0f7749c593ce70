package domain

import "math"

// Cells is what of a region lies in some of the boxes that it is cut into.
type Cells struct {
	Of    Region
	Boxes []Box
}

// Bounds implements Region.
func (c Cells) Bounds() (low, high []float64) {
	from, to := c.Of.Bounds()
	for i := range from {
		l, h := math.Inf(1), math.Inf(-1)
		for _, b := range c.Boxes {
			l, h = min(l, b.Low[i]), max(h, b.High[i])
		}
		low, high = append(low, max(l, from[i])), append(high, min(h, to[i]))
	}
	return low, high
}

// Contains implements Region.
func (c Cells) Contains(x []float64) bool { return c.Boxed(x) && c.Of.Contains(x) }

// Boxed reports whether x lies in one of the boxes.
func (c Cells) Boxed(x []float64) bool {
	for _, b := range c.Boxes {
		if b.Contains(x) {
			return true
		}
	}
	return false
}

// Boundary implements Region: the part of the region's boundary that lies in the boxes. What it shares with other cells is no part of it.
func (c Cells) Boundary() []Piece {
	var list []Piece
	for _, p := range c.Of.Boundary() {
		p.Keep = both(p.Keep, c.Boxed)
		list = append(list, p)
	}
	return list
}

// Shared lists the faces on which boxes of c meet boxes of d, inside the region that both are cells of, with normals along the axis that
// they cross.
func (c Cells) Shared(d Cells) []Piece {
	var list []Piece
	for _, a := range c.Boxes {
		for _, b := range d.Boxes {
			if axis, value, ok := meet(a, b); ok {
				area := 1.0
				for i := range a.Low {
					if i != axis {
						area *= a.High[i] - a.Low[i]
					}
				}
				face := a.face(axis, value, 1, area)
				face.Keep = c.Of.Contains
				list = append(list, face)
			}
		}
	}
	return list
}

// meet finds the axis and the value at which two boxes of one grid have a face in common.
func meet(a, b Box) (axis int, value float64, ok bool) {
	for i := range a.Low {
		switch {
		case a.Low[i] == b.Low[i] && a.High[i] == b.High[i]:
		case ok:
			return 0, 0, false
		case a.High[i] == b.Low[i]:
			axis, value, ok = i, a.High[i], true
		case a.Low[i] == b.High[i]:
			axis, value, ok = i, a.Low[i], true
		default:
			return 0, 0, false
		}
	}
	return axis, value, ok
}
