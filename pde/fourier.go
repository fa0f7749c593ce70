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
	Results  bool // zero the wavenumbers of the product only, not those of its arguments: aliases reach the kept modes
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

// check reports a grid that is none.
func (f Fourier) check() error {
	if len(f.Points) == 0 || len(f.Points) != len(f.Lengths) {
		return fmt.Errorf("pde: points %v and lengths %v must name the same axes, at least one", f.Points, f.Lengths)
	}
	for i, n := range f.Points {
		if n < 1 {
			return fmt.Errorf("pde: axis %d has %d points, need at least 1", i, n)
		}
		if !(f.Lengths[i] > 0) || math.IsInf(f.Lengths[i], 0) {
			return fmt.Errorf("pde: axis %d has length %v, need a positive finite one", i, f.Lengths[i])
		}
	}
	return f.Dealias.check()
}

// coordinates are those of the point with a flat index.
func (f Fourier) coordinates(x []float64, point int) {
	for axis := len(f.Points) - 1; axis >= 0; axis-- {
		n := f.Points[axis]
		x[axis] = f.Lengths[axis] * float64(point%n) / float64(n)
		point /= n
	}
}
