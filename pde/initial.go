package pde

import (
	"fmt"
	"math"
	"math/rand/v2"
)

// Field is one function on the unit box: it writes its values at the points (j + shift)/n of each axis, shift 0 or the 1/2 of cell centres.
type Field func(dst []float64, points []int, shift float64)

// InitialLaw is a law of random fields on the unit box, the sides stretched to the domain's.
type InitialLaw interface {
	Check() error
	Draw(rnd *rand.Rand, axes int) Field
}

// At makes a field of a function of the coordinates.
func At(f func(x []float64) float64) Field {
	return func(dst []float64, points []int, shift float64) {
		x := make([]float64, len(points))
		for i := range dst {
			rest := i
			for axis := len(points) - 1; axis >= 0; axis-- {
				n := points[axis]
				x[axis] = (float64(rest%n) + shift) / float64(n)
				rest /= n
			}
			dst[i] = f(x)
		}
	}
}

// SineSum is Σ_i A_i sin(2π k_i·x + φ_i), i = 1..Count, A uniform in ±Amplitude, the phases uniform, and each component of k a whole number
// from Lowest to Highest. Lie-point symmetry augmentation's Kuramoto–Sivashinsky data has 10 sines of wavenumber 1 or 2, A = 0.5.
// Source: Brandstetter et al. 2022.
type SineSum struct {
	Count           int
	Lowest, Highest int
	Amplitude       float64
}

// Check implements [InitialLaw].
func (l SineSum) Check() error {
	if l.Count < 1 || l.Highest < l.Lowest || !(l.Amplitude > 0) {
		return fmt.Errorf("pde: sum of %d sines, wavenumbers %d to %d, amplitude %v", l.Count, l.Lowest, l.Highest, l.Amplitude)
	}
	return nil
}

// Draw implements [InitialLaw].
func (l SineSum) Draw(rnd *rand.Rand, axes int) Field {
	type sine struct {
		a, phase float64
		k        [3]float64
	}
	sines := make([]sine, l.Count)
	for i := range sines {
		s := &sines[i]
		s.a, s.phase = l.Amplitude*(2*rnd.Float64()-1), 2*math.Pi*rnd.Float64()
		for axis := range axes {
			s.k[axis] = 2 * math.Pi * float64(l.Lowest+rnd.IntN(l.Highest-l.Lowest+1))
		}
	}
	return At(func(x []float64) (v float64) {
		for _, s := range sines {
			angle := s.phase
			for axis, xi := range x {
				angle += s.k[axis] * xi
			}
			v += s.a * math.Sin(angle)
		}
		return v
	})
}

// TruncatedFourier is Mean + Amplitude Σ_{0<|k|≤Modes} (ξ_k cos 2πk·x + η_k sin 2πk·x)/√n over the n pairs ±k with every component within ±Modes:
// the standard deviation is Amplitude at every point.
type TruncatedFourier struct {
	Modes           int
	Amplitude, Mean float64
}

// Check implements [InitialLaw].
func (l TruncatedFourier) Check() error {
	if l.Modes < 1 || l.Modes > 64 || math.IsNaN(l.Amplitude+l.Mean) {
		return fmt.Errorf("pde: truncated Fourier series of %d modes, amplitude %v, mean %v; want 1 to 64 modes", l.Modes, l.Amplitude, l.Mean)
	}
	return nil
}

// Draw implements [InitialLaw].
func (l TruncatedFourier) Draw(rnd *rand.Rand, axes int) Field {
	var k [][]float64
	var cos, sin []float64
	side, total := 2*l.Modes+1, 1
	for range axes {
		total *= side
	}
	for i := total/2 + 1; i < total; i++ { // one of each pair ±k
		v, rest := make([]float64, axes), i
		for axis := range axes {
			v[axis] = 2 * math.Pi * float64(rest%side-l.Modes)
			rest /= side
		}
		k, cos, sin = append(k, v), append(cos, rnd.NormFloat64()), append(sin, rnd.NormFloat64())
	}
	scale := l.Amplitude / math.Sqrt(float64(len(k)))
	return At(func(x []float64) float64 {
		sum := 0.0
		for i, v := range k {
			angle := 0.0
			for axis, xi := range x {
				angle += v[axis] * xi
			}
			s, c := math.Sincos(angle)
			sum += cos[i]*c + sin[i]*s
		}
		return l.Mean + scale*sum
	})
}

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

// Uniform is a constant from Low to High, the same everywhere.
type Uniform struct{ Low, High float64 }

// Check implements [InitialLaw].
func (l Uniform) Check() error {
	if !(l.High >= l.Low) {
		return fmt.Errorf("pde: a constant from %v to %v", l.Low, l.High)
	}
	return nil
}

// Draw implements [InitialLaw].
func (l Uniform) Draw(rnd *rand.Rand, _ int) Field {
	v := between(rnd, l.Low, l.High)
	return func(dst []float64, _ []int, _ float64) { fill(dst, v) }
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

// Noise is Mean plus independent normals of the given deviation at the points: a field of its grid alone, PDEBench's choice for reactions.
type Noise struct{ Mean, Deviation float64 }

// Check implements [InitialLaw].
func (l Noise) Check() error {
	if !(l.Deviation >= 0) || math.IsNaN(l.Mean) {
		return fmt.Errorf("pde: noise of mean %v, deviation %v", l.Mean, l.Deviation)
	}
	return nil
}

// Draw implements [InitialLaw].
func (l Noise) Draw(rnd *rand.Rand, _ int) Field {
	return func(dst []float64, _ []int, _ float64) {
		for i := range dst {
			dst[i] = l.Mean + l.Deviation*rnd.NormFloat64()
		}
	}
}

func between(rnd *rand.Rand, low, high float64) float64 { return low + (high-low)*rnd.Float64() }
