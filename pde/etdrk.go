package pde

import (
	"fmt"
	"math"
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

// Bind prepares weights and buffers.
func (m ETDRK) Bind(eq Equation, s *Space) (Stepper, error) {
	if m.Order == 0 {
		m.Order = 4
	}
	if m.Order < 1 || m.Order > 4 {
		return nil, fmt.Errorf("pde: ETDRK has orders 1 to 4, got %d", m.Order)
	}
	if !(m.Dt > 0) || math.IsInf(m.Dt, 0) {
		return nil, fmt.Errorf("pde: time step %v is not positive and finite", m.Dt)
	}
	if m.Substeps < 0 {
		return nil, fmt.Errorf("pde: %d sub-steps, need at least 1", m.Substeps)
	}
	if m.Substeps == 0 || eq.Term == nil { // the linear propagator is exact over any step
		m.Substeps = 1
	}
	n := s.Channels * s.Modes
	e := &etdrk{space: s, order: m.Order, substeps: m.Substeps, u: make([]complex128, n), linear: make([]complex128, n)}
	h := m.Dt / float64(m.Substeps)
	hc := complex(h, 0)
	if eq.Term != nil {
		var err error
		if e.term, err = eq.Term.Bind(s); err != nil {
			return nil, err
		}
		for _, p := range []*[]complex128{&e.half, &e.w, &e.f1, &e.f2, &e.f3, &e.a, &e.b, &e.n0, &e.n1, &e.n2} {
			*p = make([]complex128, n)
		}
	}
	if m.Order == 3 {
		e.phi = make([]complex128, n)
	}
	for i := range n {
		c := NewCoefficients(hc * s.symbol(eq.Linear[i/s.Modes], i%s.Modes))
		e.linear[i] = c.E
		if e.term == nil {
			continue
		}
		e.half[i] = c.E2
		switch m.Order {
		case 1:
			e.w[i] = hc * c.Phi1
		case 2:
			e.w[i], e.f1[i] = hc*c.Phi1, hc*c.Phi2
		case 3:
			e.w[i], e.f1[i], e.f2[i], e.f3[i] = hc*c.H, hc*c.F1, 4*hc*c.F2, hc*c.F3
			e.phi[i] = hc * c.Phi1
		case 4:
			e.w[i], e.f1[i], e.f2[i], e.f3[i] = hc*c.H, hc*c.F1, 2*hc*c.F2, hc*c.F3
		}
	}
	return e, nil
}

type etdrk struct {
	space           *Space
	order, substeps int
	term            func(dst, u []complex128)
	linear, half    []complex128 // E, E2
	w, phi          []complex128 // weights of the first and second stage, with h
	f1, f2, f3      []complex128 // weights of the sum, with h
	u, a, b         []complex128
	n0, n1, n2      []complex128
}

// Step advances u by Dt. It transforms to Fourier space and back once, however many inner steps there are.
func (e *etdrk) Step(u []float64) {
	e.space.Spectrum(e.u, u)
	for range e.substeps {
		switch {
		case e.term == nil:
			for i, v := range e.linear {
				e.u[i] *= v
			}
		case e.order == 1:
			e.step1()
		case e.order == 2:
			e.step2()
		case e.order == 3:
			e.step3()
		default:
			e.step4()
		}
	}
	e.space.Values(u, e.u)
}

func (e *etdrk) step1() {
	e.term(e.n0, e.u)
	for i, u := range e.u {
		e.u[i] = e.linear[i]*u + e.w[i]*e.n0[i]
	}
}

func (e *etdrk) step2() {
	e.term(e.n0, e.u)
	for i, u := range e.u {
		e.a[i] = e.linear[i]*u + e.w[i]*e.n0[i]
	}
	e.term(e.n1, e.a)
	for i, a := range e.a {
		e.u[i] = a + e.f1[i]*(e.n1[i]-e.n0[i])
	}
}

func (e *etdrk) step3() {
	e.term(e.n0, e.u)
	for i, u := range e.u {
		e.a[i] = e.half[i]*u + e.w[i]*e.n0[i]
	}
	e.term(e.n1, e.a)
	for i, u := range e.u {
		e.a[i] = e.linear[i]*u + e.phi[i]*(2*e.n1[i]-e.n0[i])
	}
	e.term(e.n2, e.a)
	for i, u := range e.u {
		e.u[i] = e.linear[i]*u + e.f1[i]*e.n0[i] + e.f2[i]*e.n1[i] + e.f3[i]*e.n2[i]
	}
}

func (e *etdrk) step4() {
	n := len(e.u)
	u, a, b, n0, n1, n2 := e.u, e.a[:n], e.b[:n], e.n0[:n], e.n1[:n], e.n2[:n]
	half, w, linear, f1, f2, f3 := e.half[:n], e.w[:n], e.linear[:n], e.f1[:n], e.f2[:n], e.f3[:n]
	e.term(n0, u)
	for i := range u {
		a[i] = half[i]*u[i] + w[i]*n0[i]
	}
	e.term(n1, a)
	for i := range u { // b, and the part of c that is known without N(b)
		b[i] = half[i]*u[i] + w[i]*n1[i]
		a[i] = half[i]*a[i] - w[i]*n0[i]
	}
	e.term(n2, b)
	for i := range u {
		a[i] += 2 * w[i] * n2[i]
		u[i] = linear[i]*u[i] + f1[i]*n0[i] + f2[i]*(n1[i]+n2[i])
	}
	e.term(n0, a)
	for i := range u {
		u[i] += f3[i] * n0[i]
	}
}
