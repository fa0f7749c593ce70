package eval

import (
	"math"
	"slices"
)

// Spectrum averages spectra of energy over frames: for the shells k = 0, 1, .. of wavenumbers κ, in periods of the box, with k−½ ≤ |κ| < k+½,
//
//	E[k] = Σ_{κ in shell k} |û(κ)|² / N²    Σ_k E[k] = Σ_x u² / N    (Parseval, over all shells)
//
// In one dimension shell k is the pair ±k, and √E[k] its root mean square amplitude.
type Spectrum struct {
	transform *transform
	shells    []int // by place of the transform
	sum       []float64
	frames    int
}

// NewSpectrum begins for fields on a grid.
func NewSpectrum(grid []int) *Spectrum {
	s := &Spectrum{transform: newTransform(slices.Clone(grid)), shells: make([]int, product(grid))}
	last := 0
	eachMode(grid, func(at int, k []int) {
		square := 0.0
		for _, i := range k {
			square += float64(i * i)
		}
		s.shells[at] = int(math.Sqrt(square) + 0.5)
		last = max(last, s.shells[at])
	})
	s.sum = make([]float64, last+1)
	return s
}

// Add adds a frame of one channel, [x..]. A value that is not finite makes every shell NaN.
func (s *Spectrum) Add(u []float64) {
	n := float64(len(u))
	for at, c := range s.transform.forward(u) {
		s.sum[s.shells[at]] += squaredModulus(c) / (n * n)
	}
	s.frames++
}

// All is E of every shell, those in the corners of the box included; nil before the first frame.
func (s *Spectrum) All() []float64 {
	if s.frames == 0 {
		return nil
	}
	e := slices.Clone(s.sum)
	for k := range e {
		e[k] /= float64(s.frames)
	}
	return e
}

// Mean is E of the complete shells, k = 0 .. ⌊n/2⌋ of the shortest axis; nil before the first frame.
func (s *Spectrum) Mean() []float64 {
	e := s.All()
	return e[:min(len(e), slices.Min(s.transform.grid)/2+1)]
}

// SpectrumOf is the mean spectrum of one channel over all trajectories and frames of a field.
func SpectrumOf[T Float](f Field[T], channel int) []float64 {
	s := NewSpectrum(f.Grid())
	for b := range f.Trajectories() {
		for t := range f.Frames() {
			s.Add(f.Space(b, t, channel))
		}
	}
	return s.Mean()
}

// ResolvedMode is the highest m such that every mode 1 .. m of a prediction has a root mean square amplitude √E within the factor of the
// truth's, 1/factor ≤ √(E_p/E_t) ≤ factor; 0 if mode 1 has not. With 1.5 it is the measure of how far a surrogate resolves small scales.
func ResolvedMode(pred, target []float64, factor float64) int {
	for k := 1; k < min(len(pred), len(target)); k++ {
		if ratio := math.Sqrt(pred[k] / target[k]); !(ratio <= factor && ratio >= 1/factor) {
			return k - 1
		}
	}
	return max(0, min(len(pred), len(target))-1)
}
