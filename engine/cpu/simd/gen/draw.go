package main

import (
	"fmt"
	"math"

	"github.com/mmcloughlin/avo/attr"
	"github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/operand"
)

// draws emits the standard normal numbers of random words, every operation as op.Quantile has it, in float64 throughout.
func draws(c *build.Context) {
	programs(c, "draws", func(p *program) {
		if p.single() {
			return
		}
		for _, single := range []bool{true, false} {
			p.normals(single)
		}
	})
}

func (p *program) normals(single bool) {
	float := map[bool]string{true: "float32", false: "float64"}[single]
	fn := "normal" + map[bool]string{true: "F32", false: "F64"}[single] + p.name
	p.Function(fn)
	p.Attributes(attr.NOSPLIT)
	p.SignatureExpr(fmt.Sprintf("func(dst *%s, words *uint32, groups int) (outside bool)", float))
	p.Pragma("noescape")
	p.Doc(fmt.Sprintf("%s computes Φ⁻¹(u) for %d numbers u of two words each a group, and reports whether any u is too near to 0 or 1 for it; groups ≥ 1.", fn, p.lanes()))
	dst, words, groups := p.Load(p.Param("dst"), p.GP64()), p.Load(p.Param("words"), p.GP64()), p.Load(p.Param("groups"), p.GP64())
	p.outside, p.hoisted = p.vec(), nil
	p.zero(p.outside)
	p.Label("loop")
	w := p.reg(operand.Mem{Base: words})
	z := p.quantile(p.uniform(w))
	switch {
	case !single:
		p.mov(z, operand.Mem{Base: dst})
		p.ADDQ(operand.U8(p.width), dst)
	case p.masked():
		y := p.YMM()
		p.VCVTPD2PS(z, y)
		p.VMOVUPS(y, operand.Mem{Base: dst})
		p.ADDQ(operand.U8(32), dst)
	default:
		x := p.XMM()
		p.VCVTPD2PSY(z, x)
		p.VMOVUPS(x, operand.Mem{Base: dst})
		p.ADDQ(operand.U8(16), dst)
	}
	p.ADDQ(operand.U8(p.width), words)
	p.DECQ(groups)
	p.JNZ(operand.LabelRef("loop"))
	p.Store(p.anySign(p.outside), p.Return("outside"))
	p.VZEROUPPER()
	p.RET()
}

// uniform is u = (k + ½)/2⁵² with the 52 bits of k from the low word, then the high one. Every step is exact.
func (p *program) uniform(w vector) vector {
	k := p.or(p.shiftRight(p.shiftLeft(w, 32), 12), p.shiftRight(w, 44))
	whole := p.sub(p.or(k, p.num(0x1p52)), p.num(0x1p52))
	return p.mul(p.add(whole, p.num(0.5)), p.num(0x1p-52))
}

// quantile is op.Quantile for e^−25 ≤ min(u, 1−u); it notes in outside where that is not so.
func (p *program) quantile(u vector) vector {
	q := p.sub(u, p.num(0.5))
	tail := p.sub(p.reg(p.num(0.425)), p.abs(q)) // negative beyond the middle
	v := p.out(p.VMINPD, u, p.sub(p.reg(p.num(1)), u))
	far := p.root(p.neg(p.logTail(v)))
	below := p.sub(p.reg(p.num(5)), far)
	if p.masked() {
		p.VPORQ(below, p.outside, p.outside)
	} else {
		p.VPOR(below, p.outside, p.outside)
	}
	r := p.ifNeg(tail, p.sub(far, p.num(1.6)), p.sub(p.reg(p.num(0.180625)), p.mul(q, q)))
	ratio := p.div(p.blended(r, tail, quantileC, quantileA), p.blended(r, tail, quantileD, quantileB))
	middle := p.mul(q, ratio)
	return p.ifNeg(tail, p.or(ratio, p.sign(q)), middle)
}

func (p *program) root(x vector) vector { return p.out(p.VSQRTPD, x) }

// blended is Σ c_k xᵏ with the coefficients a where the sign bit of s is set and b elsewhere, every product rounded.
func (p *program) blended(x, s vector, a, b [8]float64) vector {
	c := func(k int) vector { return p.ifNeg(s, p.reg(p.num(a[k])), p.reg(p.num(b[k]))) }
	if p.masked() {
		tail := p.negative(s)
		c = func(k int) vector {
			v := p.reg(p.num(b[k]))
			p.VBROADCASTSD(p.num(a[k]).Mem, tail, v)
			return v
		}
	}
	v := c(7)
	for k := 6; k >= 0; k-- {
		v = p.add(p.mul(v, x), c(k))
	}
	return v
}

// logTail is op's logTail for normal x < 1: with x = m·2ᵉ, ½ ≤ m² < 2, e·ln 2 + 2·artanh((m − 1)/(m + 1)).
func (p *program) logTail(x vector) vector {
	const ln2High, ln2Low = 0x1.62e42fep-1, 0x1.f473de6af278ece6p-30
	m := p.or(p.and(x, p.bits(1<<52-1)), p.num(0.5))                         // ½ ≤ m < 1
	e := p.sub(p.or(p.shiftRight(x, 52), p.num(0x1p52)), p.num(0x1p52+1022)) // x = m·2ᵉ
	small := p.sub(m, p.num(math.Sqrt2/2))                                   // negative where m is to be doubled
	e = p.ifNeg(small, p.sub(e, p.num(1)), e)
	m = p.ifNeg(small, p.add(m, m), m)
	s := p.div(p.sub(m, p.num(1)), p.add(m, p.num(1)))
	square := p.mul(s, s)
	series := p.reg(p.num(1. / 23))
	for k := 10; k >= 0; k-- {
		series = p.add(p.mul(series, square), p.num(1/float64(2*k+1)))
	}
	series = p.mul(p.add(s, s), series)
	return p.add(p.mul(e, p.num(ln2High)), p.add(series, p.mul(e, p.num(ln2Low))))
}

// Coefficients of PPND16, ascending: Wichura 1988, Algorithm AS 241, Applied Statistics 37(3).
var (
	quantileA = [8]float64{3.3871328727963666080e0, 1.3314166789178437745e+2, 1.9715909503065514427e+3, 1.3731693765509461125e+4,
		4.5921953931549871457e+4, 6.7265770927008700853e+4, 3.3430575583588128105e+4, 2.5090809287301226727e+3}
	quantileB = [8]float64{1, 4.2313330701600911252e+1, 6.8718700749205790830e+2, 5.3941960214247511077e+3,
		2.1213794301586595867e+4, 3.9307895800092710610e+4, 2.8729085735721942674e+4, 5.2264952788528545610e+3}
	quantileC = [8]float64{1.42343711074968357734e0, 4.63033784615654529590e0, 5.76949722146069140550e0, 3.64784832476320460504e0,
		1.27045825245236838258e0, 2.41780725177450611770e-1, 2.27238449892691845833e-2, 7.74545014278341407640e-4}
	quantileD = [8]float64{1, 2.05319162663775882187e0, 1.67638483018380384940e0, 6.89767334985100004550e-1,
		1.48103976427480074590e-1, 1.51986665636164571966e-2, 5.47593808499534494600e-4, 1.05075007164441684324e-9}
)
