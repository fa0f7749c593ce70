package main

import "math"

// ln2 is ln 2 in two parts, the first short enough for the product with a binary exponent to be exact.
func (p *program) ln2() (hi, lo float64) {
	if p.single() {
		return 0x1.63p-1, math.Ln2 - 0x1.63p-1
	}
	return 6.93147180369123816490e-01, 1.90821492927058770002e-10
}

// expTail is r + r²·(1/2! + r/3! + …) ≈ e^r − 1.
func (p *program) expTail(r vector, terms int) vector {
	c := make([]float64, terms)
	f := 1.0
	for i := range c {
		f *= float64(i + 2)
		c[i] = 1 / f
	}
	return p.fma(p.mul(r, r), p.horner(r, c...), r)
}

// expTerms is the length of expTail for |r| ≤ ln 2/2.
func (p *program) expTerms() int { return pick(p.isa, 6, 12) }

// expMinus1 returns q and n with e^x = (1 + q)·2^n, |q| < 0.42 and q of full relative accuracy.
func (p *program) expMinus1(x vector) (q, n vector) {
	hi, lo := p.ln2()
	n = p.round(p.mul(x, p.num(1/math.Ln2)))
	return p.expTail(p.fnma(n, p.num(lo), p.fnma(n, p.num(hi), x)), p.expTerms()), n
}

// steps returns n ≈ x/ln 2, a whole number, or with AVX-512 a multiple of 1/lanes whose fraction is in the low bits of index.
func (p *program) steps(x vector) (n, index vector) {
	if !p.masked() {
		return p.round(p.mul(x, p.num(1/math.Ln2))), nil
	}
	magic := p.num(pick(p.isa, 0x1.8p23, 0x1.8p52) / float64(p.lanes()))
	index = p.fma(x, p.num(1/math.Ln2), magic)
	return p.sub(index, magic), index
}

// power returns e^r·2^(n − ⌊n⌋) for r, n and index of steps.
func (p *program) power(r, index vector) vector {
	if !p.masked() {
		return p.add(p.expTail(r, p.expTerms()), p.num(1))
	}
	root := make([]float64, p.lanes()) // 2^(j/lanes)
	for j := range root {
		root[j] = math.Exp2(float64(j) / float64(len(root)))
	}
	t := p.lookup(p.table("exp2", root), index)
	return p.fma(t, p.expTail(r, pick(p.isa, 2, 7)), t)
}

// expParts returns m and n with e^(x+low) = m·2^⌊n⌋.
func (p *program) expParts(x vector, low *vector) (m, n vector) {
	hi, lo := p.ln2()
	n, index := p.steps(x)
	r := p.fnma(n, p.num(lo), p.fnma(n, p.num(hi), x))
	if low != nil {
		r = p.add(r, *low)
	}
	return p.power(r, index), n
}

// expProduct is expParts of x·y, with the product not rounded: an error of the exponent is a relative error of the power.
func (p *program) expProduct(x, y vector) (m, n vector) {
	hi, lo := p.ln2()
	n, index := p.steps(p.mul(x, y))
	r := p.fnma(n, p.num(lo), p.fma(x, y, p.mul(n, p.num(-hi))))
	return p.power(r, index), n
}

func (p *program) exp(x vector) vector {
	x = p.atMost(p.atLeast(x, pick(p.isa, -104.0, -746)), pick(p.isa, 89.0, 710))
	return p.scale(p.expParts(x, nil))
}

// tanh |x| = −t/(2 + t) with t = e^(−2|x|) − 1 = 2^n·q + (2^n − 1).
func (p *program) tanh(x vector) vector {
	q, n := p.expMinus1(p.atLeast(p.mul(p.abs(x), p.num(-2)), -40))
	s := p.pow2(n, 0)
	t := p.fma(s, q, p.sub(s, p.num(1)))
	return p.or(p.abs(p.div(t, p.add(t, p.num(2)))), p.sign(x))
}
