package pde

import (
	"math"

	"gonum.org/v1/gonum/dsp/fourier"
)

// FourierSeries is the real function f(x) = Mean + Σ_{k=1..n} (Cos[k-1] cos(2πkx/L) + Sin[k-1] sin(2πkx/L)) of period L.
type FourierSeries struct {
	Mean     float64
	Cos, Sin []float64
	Length   float64 // L
}

// Truncate is the sum without the modes above n: the projection that a grid of more than 2n points resolves. It shares f's memory.
func (f FourierSeries) Truncate(n int) FourierSeries {
	n = max(0, min(n, len(f.Cos)))
	f.Cos, f.Sin = f.Cos[:n], f.Sin[:n]
	return f
}

// At is f(x).
func (f FourierSeries) At(x float64) float64 {
	s := f.Mean
	for i := range f.Cos {
		sin, cos := math.Sincos(2 * math.Pi * float64(i+1) * x / f.Length)
		s += f.Cos[i]*cos + f.Sin[i]*sin
	}
	return s
}

// Sample writes f at the points x_j = j L/n, n = len(dst), by one transform. A mode above n/2 is folded onto the mode that it equals
// at these points, so that the samples are those of the function itself on every grid, however coarse.
func (f FourierSeries) Sample(dst []float64) {
	n := len(dst)
	c := make([]complex128, n/2+1)
	c[0] = complex(f.Mean, 0)
	for i := range f.Cos {
		a, b := f.Cos[i], f.Sin[i]
		switch m := (i + 1) % n; {
		case m == 0 || 2*m == n: // the sine vanishes at every point
			c[m] += complex(a, 0)
		case 2*m < n:
			c[m] += complex(a/2, -b/2)
		default:
			c[n-m] += complex(a/2, b/2)
		}
	}
	fourier.NewFFT(n).Sequence(dst, c)
}
