package main

import (
	"fmt"
	"math"
)

// bell holds the normal distribution at a = |x|: Φ(−a) = ratio·e^(−a²/2), e^(−a²/2) = m·2^⌊n⌋.
type bell struct{ a, ratio, m, n vector }

// normalLimit is where x·Φ(x) has underflowed to zero.
func (p *program) normalLimit() float64 { return pick(p.isa, 14.75, 39) }

func (p *program) normal(x vector) bell {
	a := p.atMost(p.abs(x), p.normalLimit())
	m, n := p.expProduct(a, p.mul(a, p.num(-0.5)))
	return bell{a, p.mills(a), m, n}
}

// mills is R(a) = Φ(−a)·e^(a²/2), 0 ≤ a ≤ normalLimit.
func (p *program) mills(a vector) vector {
	if p.masked() && p.single() {
		// Sixteen pieces, four to an octave of u = 1 + a: each a polynomial in the distance from its left end, which is u
		// cut to its leading bits.
		u := p.add(a, p.num(1))
		left := p.sub(p.and(u, p.bits(0xffe00000)), p.num(1))
		piece := p.shiftRight(u, 21)
		t := p.sub(a, left)
		c := millsPieces(6)
		y := p.lookup(p.table("mills5", c[5]), piece)
		for i := 4; i >= 0; i-- {
			p.VFMADD213PS(p.lookup(p.table(fmt.Sprintf("mills%d", i), c[i]), piece), t, y)
		}
		return y
	}
	centre, terms := pick(p.isa, 2.5, 4), pick(p.isa, 14, 25)
	t := p.div(p.sub(a, p.num(centre)), p.add(a, p.num(centre)))
	return p.horner(t, millsRational(centre, p.normalLimit(), terms)...)
}

// gelu is x·Φ(x): for x < 0 x·R·e^(−x²/2), else x less that.
func (p *program) gelu(t bell, x vector) vector {
	limit := p.normalLimit()
	c := p.atMost(p.atLeast(x, -limit), limit)
	y := p.scaleDown(p.mul(p.mul(t.ratio, t.m), c), t.n)
	return p.ifNeg(x, y, p.sub(x, y))
}

// geluGrad is Φ(x) + x·φ(x): with y = (R(a) − a/√2π)·e^(−a²/2), y for x < 0 and 1 − y else.
func (p *program) geluGrad(t bell, x vector) vector {
	d := p.fnma(t.a, p.num(1/math.Sqrt(2*math.Pi)), t.ratio)
	y := p.scaleDown(p.mul(d, t.m), t.n)
	return p.ifNeg(x, y, p.sub(p.reg(p.num(1)), y))
}
