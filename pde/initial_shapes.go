package pde

import (
	"fmt"
	"math"
	"math/rand/v2"
)

// Blobs is Background + Σ_i A_i exp(-|x - c_i|²/(2 w_i²)) on the periodic box, Count of them, A from Low to High, w from Narrow to Wide.
type Blobs struct {
	Count        int
	Background   float64
	Low, High    float64
	Narrow, Wide float64 // of the box
}

// Check implements [InitialLaw].
func (l Blobs) Check() error {
	if l.Count < 1 || !(l.High >= l.Low) || !(l.Narrow > 0 && l.Wide >= l.Narrow) || math.IsNaN(l.Background) {
		return fmt.Errorf("pde: %d blobs of height %v to %v, width %v to %v", l.Count, l.Low, l.High, l.Narrow, l.Wide)
	}
	return nil
}

// Draw implements [InitialLaw].
func (l Blobs) Draw(rnd *rand.Rand, axes int) Field {
	type blob struct {
		a, w float64
		c    [3]float64
	}
	blobs := make([]blob, l.Count)
	for i := range blobs {
		b := &blobs[i]
		b.a, b.w = between(rnd, l.Low, l.High), between(rnd, l.Narrow, l.Wide)
		for axis := range axes {
			b.c[axis] = rnd.Float64()
		}
	}
	return At(func(x []float64) float64 {
		v := l.Background
		for _, b := range blobs {
			q := 0.0
			for axis, xi := range x {
				d := math.Abs(xi - b.c[axis])
				d = math.Min(d, 1-d)
				q += d * d
			}
			v += b.a * math.Exp(-q/(2*b.w*b.w))
		}
		return v
	})
}

// PiecewiseConstant cuts each axis at Cuts random places, and gives every piece a value from Low to High: random shocks on a line,
// the several Riemann problems of quadrants on a square. On a periodic axis the end is one more jump.
type PiecewiseConstant struct {
	Cuts      int
	Low, High float64
}

// Check implements [InitialLaw].
func (l PiecewiseConstant) Check() error {
	if l.Cuts < 0 || l.Cuts > 1000 || !(l.High >= l.Low) {
		return fmt.Errorf("pde: pieces between %d cuts from %v to %v", l.Cuts, l.Low, l.High)
	}
	return nil
}

// Draw implements [InitialLaw].
func (l PiecewiseConstant) Draw(rnd *rand.Rand, axes int) Field {
	cuts := make([][]float64, axes)
	total := 1
	for axis := range cuts {
		for range l.Cuts {
			cuts[axis] = append(cuts[axis], rnd.Float64())
		}
		total *= l.Cuts + 1
	}
	values := make([]float64, total)
	for i := range values {
		values[i] = between(rnd, l.Low, l.High)
	}
	return At(func(x []float64) float64 {
		piece := 0
		for axis, xi := range x {
			below := 0
			for _, c := range cuts[axis] {
				if c <= xi {
					below++
				}
			}
			piece = piece*(l.Cuts+1) + below
		}
		return values[piece]
	})
}

// Disc is Inside within a radius from Least to Most about the middle of the box, Outside elsewhere: the radial dam of PDEBench.
type Disc struct{ Least, Most, Inside, Outside float64 }

// Check implements [InitialLaw].
func (l Disc) Check() error {
	if !(l.Least >= 0 && l.Most >= l.Least) || math.IsNaN(l.Inside+l.Outside) {
		return fmt.Errorf("pde: a disc of radius %v to %v with %v in %v", l.Least, l.Most, l.Inside, l.Outside)
	}
	return nil
}

// Draw implements [InitialLaw].
func (l Disc) Draw(rnd *rand.Rand, _ int) Field {
	r := between(rnd, l.Least, l.Most)
	return At(func(x []float64) float64 {
		q := 0.0
		for _, xi := range x {
			q += (xi - 0.5) * (xi - 0.5)
		}
		if q <= r*r {
			return l.Inside
		}
		return l.Outside
	})
}
