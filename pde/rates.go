package pde

// Rates is a system of ordinary equations u' = F(u): an equation after its discretisation in space. An implementation owns scratch
// memory, allocates nothing per call, and serves one goroutine.
type Rates interface {
	Size() int
	Rate(dst, u []float64)
}

// Banded is a system in which the rate i depends on the values i-Band() … i+Band() alone: its stiff integrator can solve with the Jacobian.
type Banded interface {
	Rates
	Band() int
}

// Residual is r = (after - before)/dt - F((before + after)/2), zero up to O(dt²) where both are one solution; scratch holds as many values.
// It judges a prediction by the equation alone.
func Residual(r, before, after []float64, dt float64, f Rates, scratch []float64) {
	for i, v := range before {
		scratch[i] = (v + after[i]) / 2
	}
	f.Rate(r, scratch)
	for i, v := range before {
		r[i] = (after[i]-v)/dt - r[i]
	}
}

// SpectralRates are the rates L u + N(u) of a periodic equation.
func SpectralRates(eq Equation, grid Fourier) (Rates, error) {
	if err := eq.check(grid); err != nil {
		return nil, err
	}
	s := newSpace[float64](grid, len(eq.Linear), 1, nil)
	f := &spectralRates{space: s, u: s.newSpectrum(s.all, s.channels), kept: s.newSpectrum(s.kept, s.channels), n: s.newSpectrum(s.kept, s.channels)}
	for _, symbol := range eq.Linear {
		f.linear = append(f.linear, newFactors(s.all, func(mode int) complex128 { return s.symbol(s.all, symbol, mode) }))
	}
	if !eq.Term.empty() {
		f.term = newNonlinear(eq.Term, s)
	}
	return f, nil
}

type spectralRates struct {
	space      *space[float64]
	term       *nonlinear[float64]
	linear     channels[float64]
	u, kept, n planes[float64]
}

// Size implements [Rates].
func (f *spectralRates) Size() int { return f.space.channels * f.space.all.size }

// Rate implements [Rates].
func (f *spectralRates) Rate(dst, u []float64) {
	s := f.space
	for c := range s.channels {
		s.all.forward(s.spectrum(s.all, c, f.u), s.field(c, u))
	}
	if f.term != nil {
		s.take(f.kept, f.u)
		f.term.rate(f.n, f.kept)
	}
	f.linear.times(f.u, f.u)
	if f.term != nil {
		s.addTo(f.u, f.n)
	}
	for c := range s.channels {
		s.all.inverse(s.field(c, dst), s.spectrum(s.all, c, f.u))
	}
}
