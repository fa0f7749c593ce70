package pde

import (
	"fmt"
	"math/cmplx"
)

// ETDRK integrates u_t = λ u + N(u), λ diagonal, by exponential time differencing Runge–Kutta. With the weights of [Coefficients] at z = h λ:
//
//	order 1  u' = E u + h φ1 N(u)
//	order 2  a = E u + h φ1 N(u);  u' = a + h φ2 (N(a)-N(u))
//	order 3  a = E2 u + h H N(u);  b = E u + h φ1 (2N(a)-N(u));  u' = E u + h [F1 N(u) + 4 F2 N(a) + F3 N(b)]
//	order 4  a = E2 u + h H N(u);  b = E2 u + h H N(a);  c = E2 a + h H (2N(b)-N(u))
//	         u' = E u + h [F1 N(u) + 2 F2 (N(a)+N(b)) + F3 N(c)]
//
// The linear part is exact whatever h; only N limits the step (for convection h·max|u|·k_max ≲ 2 at order 4).
// Source: Cox & Matthews 2002; weights as in Kassam & Trefethen 2005.
type ETDRK struct {
	Order    int     // 1..4; 0 means 4
	Dt       float64 // time that one Step covers
	Substeps int     // inner steps, h = Dt/Substeps; 0 means 1
}

func (m ETDRK) stepper(eq Equation, grid Fourier, k Kernels[float64]) (Stepper, error) {
	return newETDRK(m, eq, grid, 1, k)
}

func newETDRK[T Float](m ETDRK, eq Equation, grid Fourier, batch int, k Kernels[T]) (*spectral[T], error) {
	if m.Order == 0 {
		m.Order = 4
	}
	if m.Order < 1 || m.Order > 4 {
		return nil, fmt.Errorf("pde: ETDRK has orders 1 to 4, got %d", m.Order)
	}
	if err := eq.check(grid); err != nil {
		return nil, err
	}
	s := newSpace(grid, len(eq.Linear), batch, k)
	p, h, err := newSpectral(eq, s, m.Dt, m.Substeps, func(lambda complex128, h float64) complex128 {
		return cmplx.Exp(complex(h, 0) * lambda)
	})
	if err != nil || p.term == nil {
		return p, err
	}
	e := &etdrk[T]{k: s.k, term: p.term}
	hc := complex(h, 0)
	weight := func(f func(c Coefficients) complex128) channels[T] {
		return kept(eq, s, func(lambda complex128) complex128 { return f(NewCoefficients(hc * lambda)) })
	}
	e.linear = weight(func(c Coefficients) complex128 { return c.E })
	rates := m.Order
	switch m.Order {
	case 1:
		e.w = weight(func(c Coefficients) complex128 { return hc * c.Phi1 })
	case 2:
		e.w = weight(func(c Coefficients) complex128 { return hc * c.Phi1 })
		e.f1 = weight(func(c Coefficients) complex128 { return hc * c.Phi2 })
	default:
		e.half = weight(func(c Coefficients) complex128 { return c.E2 })
		e.w = weight(func(c Coefficients) complex128 { return hc * c.H })
		e.phi = weight(func(c Coefficients) complex128 { return hc * c.Phi1 })
		e.f1 = weight(func(c Coefficients) complex128 { return hc * c.F1 })
		e.f2 = weight(func(c Coefficients) complex128 { return hc * c.F2 })
		e.f3 = weight(func(c Coefficients) complex128 { return hc * c.F3 })
		rates = 3
	}
	for range rates {
		e.n = append(e.n, s.newSpectrum(s.kept, s.channels))
	}
	e.a, e.b = s.newSpectrum(s.kept, s.channels), s.newSpectrum(s.kept, s.channels)
	p.scheme = [...]interface{ advance(planes[T]) }{etdrk1[T]{e}, etdrk2[T]{e}, etdrk3[T]{e}, etdrk4[T]{e}}[m.Order-1]
	return p, nil
}

type etdrk[T Float] struct {
	k            Kernels[T]
	term         *nonlinear[T]
	linear, half channels[T] // E, E2
	w, phi       channels[T] // weights of the stages, with h
	f1, f2, f3   channels[T] // weights of the sum, with h
	a, b         planes[T]
	n            []planes[T] // rates
}

type (
	etdrk1[T Float] struct{ *etdrk[T] }
	etdrk2[T Float] struct{ *etdrk[T] }
	etdrk3[T Float] struct{ *etdrk[T] }
	etdrk4[T Float] struct{ *etdrk[T] }
)

func (e etdrk1[T]) advance(u planes[T]) {
	e.term.rate(e.n[0], u)
	e.linear.times(u, u)
	e.w.add(u, e.n[0])
}

func (e etdrk2[T]) advance(u planes[T]) {
	n0, n1 := e.n[0], e.n[1]
	e.term.rate(n0, u)
	e.linear.times(u, u)
	e.w.add(u, n0)
	e.term.rate(n1, u)
	n1.add(e.k, -1, n0)
	e.f1.add(u, n1)
}

func (e etdrk3[T]) advance(u planes[T]) {
	a, n0, n1, n2 := e.a, e.n[0], e.n[1], e.n[2]
	e.term.rate(n0, u)
	e.half.times(a, u)
	e.w.add(a, n0)
	e.term.rate(n1, a)
	e.linear.times(u, u)
	a.sum(e.k, 2, n1, -1, n0)
	copy(e.b.re, u.re)
	copy(e.b.im, u.im)
	e.phi.add(e.b, a)
	e.term.rate(n2, e.b)
	e.f1.add(u, n0)
	e.k.Scale(n1.re, n1.re, 4)
	e.k.Scale(n1.im, n1.im, 4)
	e.f2.add(u, n1)
	e.f3.add(u, n2)
}

func (e etdrk4[T]) advance(u planes[T]) {
	a, b, n0, n1, n2 := e.a, e.b, e.n[0], e.n[1], e.n[2]
	e.term.rate(n0, u)
	e.half.times(a, u)
	e.half.times(b, u)
	e.w.add(a, n0)
	e.term.rate(n1, a)
	e.w.add(b, n1)
	e.term.rate(n2, b)
	n1.sum(e.k, 2, n1, 2, n2) // both middle rates, twice: their weight is 2 F2
	e.half.times(a, a)
	n2.sum(e.k, 2, n2, -1, n0)
	e.w.add(a, n2)
	e.linear.times(u, u)
	e.f1.add(u, n0)
	e.f2.add(u, n1)
	e.term.rate(n0, a)
	e.f3.add(u, n0)
}

// sum is dst = p x + q y; dst may be x.
func (dst planes[T]) sum(k Kernels[T], p T, x planes[T], q T, y planes[T]) {
	k.Scale(dst.re, x.re, p)
	k.Scale(dst.im, x.im, p)
	dst.add(k, q, y)
}

// add is dst += p x.
func (dst planes[T]) add(k Kernels[T], p T, x planes[T]) {
	k.Axpy(dst.re, p, x.re)
	k.Axpy(dst.im, p, x.im)
}
