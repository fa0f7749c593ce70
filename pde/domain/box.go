package domain

// Box is the product of the intervals [Low_i, High_i]; in one dimension an interval.
type Box struct{ Low, High []float64 }

// Bounds implements Region.
func (b Box) Bounds() (low, high []float64) { return b.Low, b.High }

// Contains implements Region.
func (b Box) Contains(x []float64) bool {
	for i := range b.Low {
		if !(x[i] >= b.Low[i] && x[i] <= b.High[i]) {
			return false
		}
	}
	return true
}

// Boundary implements Region: two faces for each axis.
func (b Box) Boundary() []Piece {
	var list []Piece
	for axis := range b.Low {
		area := 1.0
		for i := range b.Low {
			if i != axis {
				area *= b.High[i] - b.Low[i]
			}
		}
		list = append(list, b.face(axis, b.Low[axis], -1, area), b.face(axis, b.High[axis], 1, area))
	}
	return list
}

func (b Box) face(axis int, value, outward, area float64) Piece {
	return Piece{Axis: axis, Value: value, Measure: area, At: func(s, x, normal []float64) {
		k := 0
		for i := range x {
			normal[i] = 0
			if i == axis {
				x[i], normal[i] = value, outward
				continue
			}
			x[i] = b.Low[i] + (b.High[i]-b.Low[i])*s[k]
			k++
		}
	}}
}
