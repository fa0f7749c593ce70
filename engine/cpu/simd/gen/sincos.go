package main

import "math"

// quarter is π/2 as a sum of three numbers of the element type, the first the nearest to it, each next one the
// nearest to the rest.
func (p *program) quarter() [3]float64 {
	if p.single() {
		const hi, rest = 0x1.921fb6p0, math.Pi/2 - 0x1.921fb6p0
		mid := float64(float32(rest))
		return [3]float64{hi, mid, rest - mid}
	}
	const hi, mid = 0x1.921fb54442d18p0, 0x1.1a62633145c07p-54
	return [3]float64{hi, mid, math.Pi/2 - hi - mid}
}

// sinCos: x = q·π/2 + r with |r| < 0.79 and q an integer; sin x is, by q mod 4, sin r, cos r, −sin r or −cos r, and
// cos x the next of them. The first step of the reduction is exact, the others lose half a unit of r. Elements too
// large for it are left as they are and marked.
func (p *program) sinCos(x vector, cosine bool) vector {
	limit := pick(p.isa, 3e4, 1e6)
	a := p.abs(x)
	p.mov(p.or(p.outside, p.sub(p.reg(p.num(limit)), a)), p.outside)

	magic := p.reg(p.num(pick(p.isa, 0x1.8p23, 0x1.8p52)))
	q := p.fma(x, p.num(2/math.Pi), magic) // the integer is in the low bits
	n := p.sub(q, magic)
	parts := p.quarter()
	r := x
	for _, v := range parts {
		r = p.fnma(n, p.num(v), r)
	}
	z := p.mul(r, r)
	terms := pick(p.isa, 4, 8)
	s, c := make([]float64, terms), make([]float64, terms)
	f := 2.0 // (2j + 2)!
	for j := range s {
		sign := 1 - 2*float64(j&1)
		s[j] = -sign / (f * float64(2*j+3))
		f *= float64(2*j+3) * float64(2*j+4)
		c[j] = sign / f
	}
	sin := p.fma(p.mul(r, z), p.horner(z, s...), r)
	half := p.fnma(z, p.num(0.5), p.num(1))
	cos := p.fma(p.mul(z, z), p.horner(z, c...), half)
	if cosine {
		q = p.addInt(q, p.bits(1))
	}
	top := 8*p.size - 1
	y := p.ifNeg(p.shiftLeft(q, top), cos, sin)
	y = p.xor(y, p.sign(p.shiftLeft(q, top-1)))
	if !cosine {
		y = p.choose(x, equal, p.num(0), x, y) // −0 stays −0
	}
	return p.choose(a, notAtMost, p.num(limit), x, y)
}
