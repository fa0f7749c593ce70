package models

import (
	"fmt"
	"iter"

	"github.com/kolmogo/kolmogo/op"
)

// Spectral is a convolution whose kernel is given by its Fourier coefficients on a band of wavenumbers:
//
//	y(x) = Σ_k exp(2πi k·x) W_k X_k + b,   X_k = 1/N Σ_x exp(−2πi k·x) v(x),
//
// over the points x of the unit cube, with W_k [in, out] complex; the imaginary parts at k = 0 and at the Nyquist wavenumber of
// the last axis are ignored, its other wavenumbers count twice (op.RealSynthesis). Every axis is transformed only to the
// wavenumbers of the band.
//
// Source: Li et al., Fourier Neural Operator for Parametric PDEs (2021), §4.
type Spectral struct {
	Weight     Kernel
	Bias       *Param // [out]; nil: none
	Modes      []int  // per axis, in the terms of Convention
	Convention Convention
}

// Kernel is a complex array of shape [k.., 2, in, out], however it is parametrised. The wavenumbers ascend along each k axis.
type Kernel interface {
	In(g *op.Graph, t op.Dtype) op.Value
	Params() iter.Seq2[string, *Param]
}

// Full is a Kernel stored in full.
type Full struct{ *Param }

// Params implements Kernel.
func (f Full) Params() iter.Seq2[string, *Param] { return own(f.Param) }

// Apply implements Model.
func (s *Spectral) Apply(x op.Value) op.Value {
	if !x.Valid() {
		return x
	}
	d, last := x.Dims(), len(s.Modes)-1
	if d.Rank() != last+3 {
		return x.Fail(fmt.Errorf("models: spectral: input of shape %v with modes %v: want [batch, x.., channels]", d, s.Modes))
	}
	w := s.Weight.In(x.Graph(), x.Dtype())
	bands := make([]Band, len(s.Modes))
	for i, m := range s.Modes {
		var skip int
		bands[i], skip = s.Convention.clip(m, d.At(i+1), i == last)
		w = op.SliceAxis(w, i, skip, bands[i].Count)
	}
	v := op.RealDFT(x, bands[last].Count, 1/float64(d.At(last+1)))
	for i := last - 1; i >= 0; i-- {
		v = op.DFT(v, last-i, bands[i].First, bands[i].Count, 1/float64(d.At(i+1)))
	}
	v = op.CMatMul(v, w, false, false)
	for i := range last {
		v = op.Synthesis(v, last-i, bands[i].First, d.At(i+1), 1)
	}
	v = op.RealSynthesis(v, d.At(last+1), 1)
	if s.Bias == nil {
		return v
	}
	return op.Add(v, s.Bias.with(x))
}

// Params implements Model.
func (s *Spectral) Params() iter.Seq2[string, *Param] {
	return func(yield func(string, *Param) bool) {
		for name, p := range s.Weight.Params() {
			if !yield(name, p) {
				return
			}
		}
		own(s.Bias)(yield)
	}
}

// CheckGrid reports a grid that is too coarse for the modes.
func (s *Spectral) CheckGrid(grid ...int) error {
	last := len(s.Modes) - 1
	if len(grid) != last+1 {
		return fmt.Errorf("models: a grid of %d axes for modes %v", len(grid), s.Modes)
	}
	for i, n := range grid {
		if most := s.Convention.most(n, i == last); s.Modes[i] > most {
			return fmt.Errorf("models: modes %d on a grid of %d points: at most %d (axis %d)", s.Modes[i], n, most, i)
		}
	}
	return nil
}
