package eval

import (
	"slices"

	"gonum.org/v1/gonum/dsp/fourier"
)

// Autocorrelation averages the spatial correlation of periodic fields along each axis a over frames: with u' = u − mean u of each frame,
//
//	C_a(r) = ⟨u'(x) u'(x + r e_a)⟩ / ⟨u'²⟩    r = 0 .. ⌊n_a/2⌋ points
//
// (Wiener–Khinchin: the transform of the energy along the axis).
type Autocorrelation struct {
	grid  []int
	power [][]float64 // by axis, Σ |û|² of all lines
}

// NewAutocorrelation begins for fields on a grid.
func NewAutocorrelation(grid []int) *Autocorrelation {
	a := &Autocorrelation{grid: slices.Clone(grid)}
	for _, n := range grid {
		a.power = append(a.power, make([]float64, n))
	}
	return a
}

// Add adds a frame of one channel, [x..].
func (a *Autocorrelation) Add(u []float64) {
	average := mean(u)
	stride := len(u)
	for axis, n := range a.grid {
		stride /= n
		plan, line := fourier.NewCmplxFFT(n), make([]complex128, n)
		for first := range u {
			if first/stride%n != 0 {
				continue
			}
			for i := range line {
				line[i] = complex(u[first+i*stride]-average, 0)
			}
			plan.Coefficients(line, line)
			for k, c := range line {
				a.power[axis][k] += squaredModulus(c)
			}
		}
	}
}

// Along is C along an axis, by distance in points; NaN of constant fields.
func (a *Autocorrelation) Along(axis int) []float64 {
	n := a.grid[axis]
	line := make([]complex128, n)
	for k, p := range a.power[axis] {
		line[k] = complex(p, 0)
	}
	fourier.NewCmplxFFT(n).Sequence(line, line)
	c := make([]float64, n/2+1)
	for r := range c {
		c[r] = real(line[r]) / real(line[0])
	}
	return c
}
