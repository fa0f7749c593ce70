package main

// logistic holds σ(|v|) = s and σ(−|v|) = s·m·2^n, computed from t = e^−|v| = m·2^n.
type logistic struct{ s, t, m, n vector }

func (p *program) logistic(negV vector, low *vector) logistic {
	m, n := p.expParts(negV, low)
	t := p.scaleRough(m, n)
	return logistic{p.div(p.reg(p.num(1)), p.add(t, p.num(1))), t, m, n}
}

// times is y·σ(v) where v has the sign of x. Its last step is the scaling by 2^n, so that it underflows once.
func (p *program) times(l logistic, x, y vector) vector {
	v := p.mul(y, l.s)
	if p.masked() {
		k := p.negative(x)
		pick(p.isa, p.VMULPS, p.VMULPD)(l.m, v, k, v)
		pick(p.isa, p.VSCALEFPS, p.VSCALEFPD)(l.n, v, k, v)
		return v
	}
	return p.ifNeg(x, p.scaleDown(p.mul(v, l.m), l.n), v)
}

// timesGrad is σ(v)·(1 + y·σ(−v)).
func (p *program) timesGrad(l logistic, x, y vector) vector {
	other := p.ifNeg(x, l.s, p.mul(l.t, l.s))
	return p.times(l, x, p.fma(y, other, p.num(1)))
}

// sigmoidLimit is where x·σ(x) has underflowed to zero.
func (p *program) sigmoidLimit() float64 { return pick(p.isa, -120.0, -760) }

// expit is the logistic function of x.
func (p *program) expit(x vector) logistic {
	return p.logistic(p.atLeast(p.negAbs(x), p.sigmoidLimit()), nil)
}

func (p *program) silu(l logistic, x vector) vector {
	return p.times(l, x, p.atLeast(x, p.sigmoidLimit()))
}

func (p *program) siluGrad(l logistic, x vector) vector {
	return p.timesGrad(l, x, p.atMost(p.atLeast(x, p.sigmoidLimit()), -p.sigmoidLimit()))
}

// The coefficients √(8/π) and 0.044715·√(8/π) of the cubic, and what float64 loses of them.
const (
	gelu1, gelu1Low = 1.5957691216057308, -9.96930880911092e-17
	gelu3, gelu3Low = 0.07135481627260025, -6.175149918155315e-19
)

// geluLimit is where x·σ(v(x)) has underflowed to zero.
func (p *program) geluLimit() float64 { return pick(p.isa, 12.0, 22) }

// low is what the element type loses of v + vLow.
func (p *program) low(v, vLow float64) float64 {
	if p.single() {
		return v - float64(float32(v))
	}
	return vLow
}

// cubic is the logistic function of v = x·(g₁ + g₃·x²). An error of v is a relative error of e^v, so v is computed
// as the unevaluated sum of two numbers: every product and sum keeps what its rounding lost.
func (p *program) cubic(x vector) logistic {
	a := p.atMost(p.abs(x), p.geluLimit())
	square := p.mul(a, a)
	squareLow := p.fms(a, a, square)
	c := p.reg(p.num(gelu3))
	prod := p.mul(square, c)
	prodLow := p.fma(squareLow, c, p.fms(square, c, prod))
	prodLow = p.fma(square, p.num(p.low(gelu3, gelu3Low)), prodLow)
	g := p.reg(p.num(gelu1))
	sum := p.add(prod, g)
	back := p.sub(sum, prod)
	sumLow := p.add(p.sub(g, back), p.sub(prod, p.sub(sum, back)))
	sumLow = p.add(p.add(sumLow, prodLow), p.num(p.low(gelu1, gelu1Low)))
	v := p.mul(a, sum)
	vLow := p.neg(p.fma(a, sumLow, p.fms(a, sum, v)))
	return p.logistic(p.neg(v), &vLow)
}

func (p *program) geluTanh(l logistic, x vector) vector {
	return p.times(l, x, p.atLeast(x, -p.geluLimit()))
}

func (p *program) geluTanhGrad(l logistic, x vector) vector {
	c := p.atMost(p.atLeast(x, -p.geluLimit()), p.geluLimit())
	slope := p.fma(p.mul(c, c), p.num(3*gelu3), p.num(gelu1))
	return p.timesGrad(l, x, p.mul(c, slope))
}
