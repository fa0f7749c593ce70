package domain

// Over is the product of a region of space and the time from Start to End, which is the last coordinate.
type Over struct {
	Space      Region
	Start, End float64
}

// Bounds implements Region.
func (o Over) Bounds() (low, high []float64) {
	low, high = o.Space.Bounds()
	return append(append([]float64{}, low...), o.Start), append(append([]float64{}, high...), o.End)
}

// Contains implements Region.
func (o Over) Contains(x []float64) bool {
	t := x[len(x)-1]
	return t >= o.Start && t <= o.End && o.Space.Contains(x[:len(x)-1])
}

// Boundary implements Region: that of space at all times, and space at the first and at the last time. The measure of the latter two is
// that of the bounds, since they keep what lies in the region.
func (o Over) Boundary() []Piece {
	var list []Piece
	for _, p := range o.Space.Boundary() {
		at, keep := p.At, p.Keep
		p.Measure *= o.End - o.Start
		p.At = func(s, x, normal []float64) {
			n := len(x) - 1
			at(s[:n-1], x[:n], normal[:n])
			x[n], normal[n] = o.Start+(o.End-o.Start)*s[n-1], 0
		}
		if keep != nil {
			p.Keep = func(x []float64) bool { return keep(x[:len(x)-1]) }
		}
		list = append(list, p)
	}
	return append(list, o.end(Initial, o.Start, -1), o.end(Final, o.End, 1))
}

func (o Over) end(part Part, t, outward float64) Piece {
	low, high := o.Space.Bounds()
	volume := 1.0
	for i := range low {
		volume *= high[i] - low[i]
	}
	return Piece{Part: part, Axis: len(low), Value: t, Measure: volume, At: func(s, x, normal []float64) {
		for i := range low {
			x[i], normal[i] = low[i]+(high[i]-low[i])*s[i], 0
		}
		x[len(low)], normal[len(low)] = t, outward
	}, Keep: func(x []float64) bool { return o.Space.Contains(x[:len(low)]) }}
}
