package pde

import (
	"fmt"
	"math"
)

// Fourier is the pseudo-spectral discretisation of a periodic box: Points[i] equidistant points on an axis of length Lengths[i].
// Any number of points works, odd ones too; products of small primes are fast.
type Fourier struct {
	Points  []int
	Lengths []float64
	Dealias Dealias
}

// Interval is n points on the periodic interval [0, length), dealiased by the 2/3 rule.
func Interval(length float64, n int) Fourier {
	return Fourier{Points: []int{n}, Lengths: []float64{length}}
}

// Dealias says which integer wavenumbers a non-linear term sees and returns; the others are zeroed before and after the product.
// The rule holds on every axis separately (a square, not a disc). The linear part acts on all modes.
type Dealias struct {
	Fraction float64 // of the n/2 modes of an axis; 0 means 2/3, which suffices for a quadratic term; a cubic one needs 1/2
	Rule     DealiasRule
}

// DealiasRule tells what a fraction of the modes means.
type DealiasRule int

const (
	KeepBelow DealiasRule = iota // |m| ≤ fraction·⌊n/2⌋ - 1: no alias reaches a kept mode, the marginal one included
	KeepUpTo                     // |m| ≤ fraction·⌊n/2⌋
	KeepAll                      // no dealiasing
)

// Largest is the largest integer wavenumber kept on an axis of n points, -1 if none is.
func (d Dealias) Largest(n int) int {
	f := d.Fraction
	if f == 0 {
		f = 2.0 / 3
	}
	const rounding = 1e-9 // 2/3·48 is 32, whatever its last bit says
	m := f*float64(n/2) + rounding
	switch d.Rule {
	case KeepAll:
		return n / 2
	case KeepBelow:
		m--
	}
	return max(-1, min(int(math.Floor(m)), n/2))
}

func (d Dealias) check() error {
	if !(d.Fraction >= 0 && d.Fraction <= 1) {
		return fmt.Errorf("pde: dealiasing fraction %v is outside [0, 1]", d.Fraction)
	}
	if d.Rule < KeepBelow || d.Rule > KeepAll {
		return fmt.Errorf("pde: unknown dealiasing rule %d", d.Rule)
	}
	return nil
}

// Space is a Fourier discretisation at work: transforms, wavenumbers and the dealiasing mask for states of some channels.
// It owns scratch memory, so one goroutine uses it.
type Space struct {
	Channels int
	Size     int         // points of one channel
	Modes    int         // coefficients of one channel
	K        [][]float64 // K[axis][mode]: physical wavenumber of each mode
	D        [][]float64 // the same for first derivatives: zero at the Nyquist mode of an even axis
	keep     []bool
	fft      *transform
}

// Space prepares the discretisation for states of the given number of channels.
func (f Fourier) Space(channels int) (*Space, error) {
	if channels < 1 {
		return nil, fmt.Errorf("pde: an equation needs at least one linear symbol (one per channel), got %d", channels)
	}
	if len(f.Points) == 0 || len(f.Points) != len(f.Lengths) {
		return nil, fmt.Errorf("pde: points %v and lengths %v must name the same axes, at least one", f.Points, f.Lengths)
	}
	for i, n := range f.Points {
		if n < 1 {
			return nil, fmt.Errorf("pde: axis %d has %d points, need at least 1", i, n)
		}
		if !(f.Lengths[i] > 0) || math.IsInf(f.Lengths[i], 0) {
			return nil, fmt.Errorf("pde: axis %d has length %v, need a positive finite one", i, f.Lengths[i])
		}
	}
	if err := f.Dealias.check(); err != nil {
		return nil, err
	}
	t := newTransform(f.Points)
	s := &Space{Channels: channels, Size: t.size, Modes: t.modes, keep: make([]bool, t.modes), fft: t}
	for axis := range f.Points {
		s.K = append(s.K, make([]float64, t.modes))
		s.D = append(s.D, make([]float64, t.modes))
		for i := range t.modes {
			n := f.Points[axis]
			m := t.wavenumber(axis, i)
			s.K[axis][i] = 2 * math.Pi * float64(m) / f.Lengths[axis]
			if 2*m != n && 2*m != -n {
				s.D[axis][i] = s.K[axis][i]
			}
			kept := max(m, -m) <= f.Dealias.Largest(n)
			s.keep[i] = kept && (axis == 0 || s.keep[i])
		}
	}
	return s, nil
}

// Spectrum writes the Fourier coefficients of all channels of u.
func (s *Space) Spectrum(dst []complex128, u []float64) {
	for c := range s.Channels {
		s.fft.forward(dst[c*s.Modes:(c+1)*s.Modes], u[c*s.Size:(c+1)*s.Size])
	}
}

// Values writes the point values of all channels of a spectrum; the spectrum is left alone on one axis and destroyed on more.
func (s *Space) Values(dst []float64, u []complex128) {
	for c := range s.Channels {
		s.fft.inverse(dst[c*s.Size:(c+1)*s.Size], u[c*s.Modes:(c+1)*s.Modes])
	}
}

// Filter copies the kept modes of src and zeroes the others; dst may be src.
func (s *Space) Filter(dst, src []complex128) {
	for c := range s.Channels {
		o := c * s.Modes
		for i, kept := range s.keep {
			if kept {
				dst[o+i] = src[o+i]
			} else {
				dst[o+i] = 0
			}
		}
	}
}

// symbol evaluates λ at mode i. The Nyquist mode of an even axis stands for both signs of its wavenumber, so λ is averaged over them:
// of an odd derivative nothing is left, and a real field stays real.
func (s *Space) symbol(f Symbol, i int) complex128 {
	k := make([]float64, len(s.K))
	var nyquist []int
	for axis := range k {
		k[axis] = s.K[axis][i]
		if s.D[axis][i] != s.K[axis][i] {
			nyquist = append(nyquist, axis)
		}
	}
	var sum complex128
	signs := 1 << len(nyquist)
	for b := range signs {
		for j, axis := range nyquist {
			k[axis] = math.Abs(k[axis])
			if b>>j&1 == 1 {
				k[axis] = -k[axis]
			}
		}
		sum += f(k)
	}
	return sum / complex(float64(signs), 0)
}
