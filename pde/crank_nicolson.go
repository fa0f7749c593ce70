package pde

// CrankNicolson integrates u_t = λ u + N(u) by the trapezoidal rule for λ and Euler's for N, of first order:
//
//	û' = [(1 + hλ/2) û + h N̂(û)] / (1 - hλ/2)
//
// The scheme of the Navier–Stokes data of Li et al. 2021.
type CrankNicolson struct {
	Dt       float64 // time that one Step covers
	Substeps int     // inner steps, h = Dt/Substeps; 0 means 1
}

func (m CrankNicolson) stepper(eq Equation, grid Fourier, k Kernels[float64]) (Stepper, error) {
	if err := eq.check(grid); err != nil {
		return nil, err
	}
	s := newSpace[float64](grid, len(eq.Linear), 1, k)
	p, h, err := newSpectral(eq, s, m.Dt, m.Substeps, func(lambda complex128, h float64) complex128 {
		z := complex(h/2, 0) * lambda
		return (1 + z) / (1 - z)
	})
	if err != nil || p.term == nil {
		return p, err
	}
	z := complex(h/2, 0)
	p.scheme = &crankNicolson{
		term:   p.term,
		linear: kept(eq, s, func(lambda complex128) complex128 { return (1 + z*lambda) / (1 - z*lambda) }),
		w:      kept(eq, s, func(lambda complex128) complex128 { return 2 * z / (1 - z*lambda) }),
		n:      s.newSpectrum(s.kept, s.channels),
	}
	return p, nil
}

type crankNicolson struct {
	term      *nonlinear[float64]
	linear, w channels[float64]
	n         planes[float64]
}

func (e *crankNicolson) advance(u planes[float64]) {
	e.term.rate(e.n, u)
	e.linear.times(u, u)
	e.w.add(u, e.n)
}
