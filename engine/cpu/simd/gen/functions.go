package main

import (
	"fmt"
	"math"

	"github.com/mmcloughlin/avo/build"
)

// functions emits the elementary functions.
func functions(c *build.Context) {
	programs(c, "math", func(p *program) {
		one := func(f func(vector) vector) func(in, _ []vector) vector {
			return func(in, _ []vector) vector { return f(in[0]) }
		}
		p.loop("exp", "dst = e^x", 1, nil, one(p.exp))
		p.loop("log", "dst = ln x", 1, nil, one(p.log))
		p.partly("sin", "dst = sin x where |x| is small enough and x elsewhere", func(x vector) vector { return p.sinCos(x, false) })
		p.partly("cos", "dst = cos x where |x| is small enough and x elsewhere", func(x vector) vector { return p.sinCos(x, true) })
		p.loop("tanh", "dst = tanh x", 1, nil, one(p.tanh))
		p.loop("sigmoid", "dst = 1/(1 + e^−x)", 1, nil, one(func(x vector) vector { return p.times(p.expit(x), x, p.reg(p.num(1))) }))
		p.loop("softplus", "dst = ln(1 + e^x)", 1, nil, one(p.softplus))

		const silu = "x·σ(x)"
		p.loop("silu", "dst = "+silu, 1, nil, one(func(x vector) vector { return p.silu(p.expit(x), x) }))
		p.loop("siluGrad", "dst = d/dx "+silu, 1, nil, one(func(x vector) vector { return p.siluGrad(p.expit(x), x) }))
		p.pair("siluPair", silu+" and its derivative", func(x vector) (value, slope vector) {
			l := p.expit(x)
			return p.silu(l, x), p.siluGrad(l, x)
		})
		const cubic = "x·σ(v), v = √(8/π)·(x + 0.044715·x³)"
		p.loop("geluTanh", "dst = "+cubic, 1, nil, one(func(x vector) vector { return p.geluTanh(p.cubic(x), x) }))
		p.loop("geluTanhGrad", "dst = d/dx "+cubic, 1, nil, one(func(x vector) vector { return p.geluTanhGrad(p.cubic(x), x) }))
		p.pair("geluTanhPair", cubic+", and its derivative", func(x vector) (value, slope vector) {
			l := p.cubic(x)
			return p.geluTanh(l, x), p.geluTanhGrad(l, x)
		})
		p.loop("gelu", "dst = x·Φ(x)", 1, nil, one(func(x vector) vector { return p.gelu(p.normal(x), x) }))
		p.loop("geluGrad", "dst = Φ(x) + x·φ(x)", 1, nil, one(func(x vector) vector { return p.geluGrad(p.normal(x), x) }))
		p.pair("geluPair", "x·Φ(x) and its derivative", func(x vector) (value, slope vector) {
			t := p.normal(x)
			return p.gelu(t, x), p.geluGrad(t, x)
		})
	})
}

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
