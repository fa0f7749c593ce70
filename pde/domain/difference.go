package domain

// Difference is what is in From and not in Without.
type Difference struct{ From, Without Region }

// Bounds implements Region.
func (d Difference) Bounds() (low, high []float64) { return d.From.Bounds() }

// Contains implements Region.
func (d Difference) Contains(x []float64) bool { return d.From.Contains(x) && !d.Without.Contains(x) }

// Boundary implements Region: that of From outside Without, and that of Without inside From, as Hole, with its normals turned.
func (d Difference) Boundary() []Piece {
	var list []Piece
	for _, p := range d.From.Boundary() {
		p.Keep = both(p.Keep, func(x []float64) bool { return !d.Without.Contains(x) })
		list = append(list, p)
	}
	for _, p := range d.Without.Boundary() {
		at := p.At
		p.Part = Hole
		p.Keep = both(p.Keep, d.From.Contains)
		p.At = func(s, x, normal []float64) {
			at(s, x, normal)
			for i := range normal {
				normal[i] = -normal[i]
			}
		}
		list = append(list, p)
	}
	return list
}

func both(a, b func(x []float64) bool) func(x []float64) bool {
	if a == nil {
		return b
	}
	return func(x []float64) bool { return a(x) && b(x) }
}
