package pde

import (
	"fmt"
	"math"
)

// spectral is an integrator of a periodic equation at work: it advances the kept modes by its scheme, and those that the non-linear
// term does not see by the linear part alone.
type spectral[T Float] struct {
	space    *space[T]
	term     *nonlinear[T] // nil for a linear equation
	all, u   planes[T]     // all modes, the kept ones
	linear   []factors[T]  // of the whole step, per channel, on all modes
	substeps int
	scheme   interface{ advance(u planes[T]) }
}

// newSpectral prepares all but the scheme. propagate is the linear part's factor over one inner step of length h as a function of λ.
func newSpectral[T Float](eq Equation, s *space[T], dt float64, substeps int, propagate func(lambda complex128, h float64) complex128) (*spectral[T], float64, error) {
	if !(dt > 0) || math.IsInf(dt, 0) {
		return nil, 0, fmt.Errorf("pde: time step %v is not positive and finite", dt)
	}
	if substeps < 0 {
		return nil, 0, fmt.Errorf("pde: %d sub-steps, need at least 1", substeps)
	}
	substeps = max(1, substeps)
	h := dt / float64(substeps)
	e := &spectral[T]{space: s, substeps: substeps, all: s.newSpectrum(s.all, s.channels)}
	for _, symbol := range eq.Linear {
		e.linear = append(e.linear, newFactors(s.all, func(mode int) complex128 {
			return power(propagate(s.symbol(s.all, symbol, mode), h), substeps)
		}))
	}
	if !eq.Term.empty() {
		e.u = s.newSpectrum(s.kept, s.channels)
		e.term = newNonlinear(eq.Term, s)
	}
	return e, h, nil
}

// power is z^n by squaring.
func power(z complex128, n int) complex128 {
	p := complex128(1)
	for ; n > 0; n >>= 1 {
		if n&1 == 1 {
			p *= z
		}
		z *= z
	}
	return p
}

// kept makes factors on the kept modes of all channels from a function of λ.
func kept[T Float](eq Equation, s *space[T], f func(lambda complex128) complex128) channels[T] {
	var w channels[T]
	for _, symbol := range eq.Linear {
		w = append(w, newFactors(s.kept, func(mode int) complex128 { return f(s.symbol(s.kept, symbol, mode)) }))
	}
	return w
}

// channels are factors for every channel.
type channels[T Float] []factors[T]

// times is dst = w u.
func (w channels[T]) times(dst, u planes[T]) {
	n := len(u.re) / len(w)
	for i, f := range w {
		f.times(dst.part(i, n), u.part(i, n))
	}
}

// add is dst += w u.
func (w channels[T]) add(dst, u planes[T]) {
	n := len(u.re) / len(w)
	for i, f := range w {
		f.add(dst.part(i, n), u.part(i, n))
	}
}

func (u planes[T]) part(i, n int) planes[T] {
	return planes[T]{u.re[i*n : (i+1)*n], u.im[i*n : (i+1)*n]}
}

// Step advances u by the whole step. It transforms to Fourier space and back once, however many inner steps there are.
func (e *spectral[T]) Step(u []T) {
	s := e.space
	for c := range s.channels {
		s.all.forward(s.spectrum(s.all, c, e.all), s.field(c, u))
	}
	if e.term != nil {
		s.take(e.u, e.all)
		for range e.substeps {
			e.scheme.advance(e.u)
		}
	}
	for c, w := range e.linear {
		full := s.spectrum(s.all, c, e.all)
		w.times(full, full)
	}
	if e.term != nil {
		s.put(e.all, e.u)
	}
	for c := range s.channels {
		s.all.inverse(s.field(c, u), s.spectrum(s.all, c, e.all))
	}
}

// take copies the kept modes out of all modes.
func (s *space[T]) take(kept, all planes[T]) {
	s.pairs(kept, all, func(kept, all []T) { copy(kept, all) })
}

// put copies the kept modes into all modes.
func (s *space[T]) put(all, kept planes[T]) {
	s.pairs(kept, all, func(kept, all []T) { copy(all, kept) })
}

// addTo adds the kept modes to all modes.
func (s *space[T]) addTo(all, kept planes[T]) {
	s.pairs(kept, all, func(kept, all []T) { s.k.Axpy(all, 1, kept) })
}

// pairs calls f for the values of each kept mode and their place among all modes.
func (s *space[T]) pairs(kept, all planes[T], f func(kept, all []T)) {
	b := s.batch
	for c := range s.channels {
		kept, all := s.spectrum(s.kept, c, kept), s.spectrum(s.all, c, all)
		for i, at := range s.place {
			f(kept.re[i*b:(i+1)*b], all.re[at*b:(at+1)*b])
			f(kept.im[i*b:(i+1)*b], all.im[at*b:(at+1)*b])
		}
	}
}
