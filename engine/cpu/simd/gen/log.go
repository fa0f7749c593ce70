package main

import "math"

// log1pTail returns s and R with ln(1 + f) = f − s·(f − R): s = f/(2 + f), R = Σ_j 2/(2j + 1)·s^2j, j ≥ 1.
func (p *program) log1pTail(f vector, terms int) (s, r vector) {
	s = p.div(f, p.add(f, p.num(2)))
	z := p.mul(s, s)
	c := make([]float64, terms)
	for j := range c {
		c[j] = 2 / float64(2*j+3)
	}
	return s, p.mul(z, p.horner(z, c...))
}

// log: x = 2^e·(1 + f) with 1 + f in [√½, √2), ln x = e·ln 2 + ln(1 + f). Subnormals are scaled by 2^digits first.
func (p *program) log(x vector) vector {
	digits := pick(p.isa, 23, 52)
	least := p.num(pick(p.isa, 0x1p-126, 0x1p-1022))
	// e is read off the exponent bits of (1 + f)/√½, joined to those of the number 2^digits.
	join := math.Ldexp(1, digits)
	bias := join + pick(p.isa, 127.0, 1023)
	normal := p.choose(x, less, least, p.mul(x, p.num(join)), x)
	bias2 := p.choose(x, less, least, p.reg(p.num(bias+float64(digits))), p.reg(p.num(bias)))
	one, root := p.encode(1), p.encode(math.Sqrt2/2)
	i := p.addInt(normal, p.bits(one-root))
	e := p.sub(p.or(p.shiftRight(i, digits), p.num(join)), bias2)
	f := p.sub(p.addInt(p.and(i, p.bits(1<<digits-1)), p.bits(root)), p.num(1))
	s, r := p.log1pTail(f, pick(p.isa, 5, 10))
	hi, lo := p.ln2()
	t := p.fnma(e, p.num(lo), p.mul(s, p.sub(f, r)))
	y := p.fma(e, p.num(hi), p.sub(f, t))
	y = p.choose(x, notLess, p.num(math.Inf(1)), x, y)
	y = p.choose(x, less, p.num(0), p.reg(p.num(math.NaN())), y)
	return p.choose(x, equal, p.num(0), p.reg(p.num(math.Inf(-1))), y)
}

// softplus = max(x, 0) + ln(1 + e^−|x|).
func (p *program) softplus(x vector) vector {
	t := p.scale(p.expParts(p.atLeast(p.negAbs(x), p.sigmoidLimit()), nil))
	s, r := p.log1pTail(t, pick(p.isa, 8, 16))
	return p.add(p.fnma(s, p.sub(t, r), t), p.atLeast(x, 0))
}
