package main

import (
	"math"

	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// vector is a value of the element-wise programs: one register, written once.
type vector = reg.VecVirtual

type instruction = func(...operand.Op)

// emit writes an instruction whose first operand may be a constant, which `repeated` takes where that exists.
func (p *program) emit(usual, repeated instruction, y operand.Op, rest ...operand.Op) {
	f, y := usual, p.held(y)
	if _, ok := y.(constant); ok && p.masked() {
		f = repeated
	}
	f(append([]operand.Op{plain(y)}, rest...)...)
}

func (p *program) binary(usual, repeated instruction, x vector, y operand.Op) vector {
	v := p.vec()
	p.emit(usual, repeated, y, x, v)
	return v
}

func (p *program) out(f instruction, ops ...operand.Op) vector {
	v := p.vec()
	f(append(ops, v)...)
	return v
}

// Arithmetic: the result is x∘y, one rounding each; y may be a constant.

func (p *program) add(x vector, y operand.Op) vector {
	return p.binary(pick(p.isa, p.VADDPS, p.VADDPD), pick(p.isa, p.VADDPS_BCST, p.VADDPD_BCST), x, y)
}
func (p *program) sub(x vector, y operand.Op) vector {
	return p.binary(pick(p.isa, p.VSUBPS, p.VSUBPD), pick(p.isa, p.VSUBPS_BCST, p.VSUBPD_BCST), x, y)
}
func (p *program) mul(x vector, y operand.Op) vector {
	return p.binary(pick(p.isa, p.VMULPS, p.VMULPD), pick(p.isa, p.VMULPS_BCST, p.VMULPD_BCST), x, y)
}
func (p *program) div(x vector, y operand.Op) vector {
	return p.binary(pick(p.isa, p.VDIVPS, p.VDIVPD), pick(p.isa, p.VDIVPS_BCST, p.VDIVPD_BCST), x, y)
}

// fma is x·y + z, fnma z − x·y and fms x·y − z, rounded once.
func (p *program) fma(x vector, y, z operand.Op) vector {
	v := p.reg(z)
	p.emit(pick(p.isa, p.VFMADD231PS, p.VFMADD231PD), pick(p.isa, p.VFMADD231PS_BCST, p.VFMADD231PD_BCST), y, x, v)
	return v
}
func (p *program) fnma(x vector, y, z operand.Op) vector {
	v := p.reg(z)
	p.emit(pick(p.isa, p.VFNMADD231PS, p.VFNMADD231PD), pick(p.isa, p.VFNMADD231PS_BCST, p.VFNMADD231PD_BCST), y, x, v)
	return v
}
func (p *program) fms(x vector, y, z operand.Op) vector {
	v := p.reg(z)
	p.emit(pick(p.isa, p.VFMSUB231PS, p.VFMSUB231PD), pick(p.isa, p.VFMSUB231PS_BCST, p.VFMSUB231PD_BCST), y, x, v)
	return v
}

// horner is c[0] + c[1]·x + c[2]·x² + …
func (p *program) horner(x vector, c ...float64) vector {
	v := p.reg(p.num(c[len(c)-1]))
	for i := len(c) - 2; i >= 0; i-- {
		p.emit(pick(p.isa, p.VFMADD213PS, p.VFMADD213PD), pick(p.isa, p.VFMADD213PS_BCST, p.VFMADD213PD_BCST), p.num(c[i]), x, v)
	}
	return v
}

// atLeast and atMost clamp x by a constant; NaN stays NaN.
func (p *program) atLeast(x vector, c float64) vector {
	return p.out(pick(p.isa, p.VMAXPS, p.VMAXPD), x, p.register(p.num(c)))
}
func (p *program) atMost(x vector, c float64) vector {
	return p.out(pick(p.isa, p.VMINPS, p.VMINPD), x, p.register(p.num(c)))
}

// Bitwise operations.

func (p *program) and(x vector, y operand.Op) vector {
	if p.masked() {
		return p.binary(p.VPANDQ, pick(p.isa, p.VPANDD_BCST, p.VPANDQ_BCST), x, y)
	}
	return p.binary(two(p.VPAND), nil, x, y)
}
func (p *program) or(x vector, y operand.Op) vector {
	if p.masked() {
		return p.binary(p.VPORQ, pick(p.isa, p.VPORD_BCST, p.VPORQ_BCST), x, y)
	}
	return p.binary(two(p.VPOR), nil, x, y)
}
func (p *program) xor(x vector, y operand.Op) vector {
	if p.masked() {
		return p.binary(p.VPXORQ, pick(p.isa, p.VPXORD_BCST, p.VPXORQ_BCST), x, y)
	}
	return p.binary(two(p.VPXOR), nil, x, y)
}

// two adapts an instruction of fixed arity.
func two(f func(a, b, c operand.Op)) instruction {
	return func(ops ...operand.Op) { f(ops[0], ops[1], ops[2]) }
}

func (p *program) abs(x vector) vector    { return p.and(x, p.bits(1<<(8*p.size-1)-1)) }
func (p *program) negAbs(x vector) vector { return p.or(x, p.signBit()) }
func (p *program) neg(x vector) vector    { return p.xor(x, p.signBit()) }
func (p *program) sign(x vector) vector   { return p.and(x, p.signBit()) }

// round is the nearest integer, ties to even.
func (p *program) round(x vector) vector {
	v := p.vec()
	if p.masked() {
		pick(p.isa, p.VRNDSCALEPS, p.VRNDSCALEPD)(operand.U8(8), x, v)
	} else {
		pick(p.isa, p.VROUNDPS, p.VROUNDPD)(operand.U8(8), x, v)
	}
	return v
}

// negative is the mask of the lanes whose sign bit is set.
func (p *program) negative(x vector) reg.Register {
	k := p.K()
	pick(p.isa, p.VPMOVD2M, p.VPMOVQ2M)(x, k)
	return k
}

// ifNeg is a where the sign bit of x is set and b elsewhere.
func (p *program) ifNeg(x, a, b vector) vector {
	v := p.vec()
	if p.masked() {
		pick(p.isa, p.VBLENDMPS, p.VBLENDMPD)(a, b, p.negative(x), v)
	} else {
		pick(p.isa, p.VBLENDVPS, p.VBLENDVPD)(x, a, b, v)
	}
	return v
}

// Comparison predicates; the negated ones hold for NaN.
const (
	equal     = 0  // x = y
	less      = 17 // x < y
	notLess   = 21 // not x < y
	notAtMost = 22 // not x ≤ y
)

// choose is a where x∘y holds and b elsewhere.
func (p *program) choose(x vector, predicate uint8, y operand.Op, a, b vector) vector {
	v := p.vec()
	if p.masked() {
		k := p.K()
		y = p.held(y)
		usual, repeated := pick(p.isa, p.VCMPPS, p.VCMPPD), pick(p.isa, p.VCMPPS_BCST, p.VCMPPD_BCST)
		if c, ok := y.(constant); ok {
			repeated(operand.U8(predicate), c.Mem, x, k)
		} else {
			usual(operand.U8(predicate), y, x, k)
		}
		pick(p.isa, p.VBLENDMPS, p.VBLENDMPD)(a, b, k, v)
	} else {
		m := p.vec()
		pick(p.isa, p.VCMPPS, p.VCMPPD)(operand.U8(predicate), plain(y), x, m)
		pick(p.isa, p.VBLENDVPS, p.VBLENDVPD)(m, a, b, v)
	}
	return v
}

// Integer arithmetic on the bits.

func (p *program) addInt(x vector, y operand.Op) vector {
	return p.binary(pick(p.isa, p.VPADDD, p.VPADDQ), pick(p.isa, p.VPADDD_BCST, p.VPADDQ_BCST), x, y)
}
func (p *program) shiftLeft(x vector, n int) vector {
	return p.out(pick(p.isa, p.VPSLLD, p.VPSLLQ), operand.U8(n), x)
}
func (p *program) shiftRight(x vector, n int) vector {
	return p.out(pick(p.isa, p.VPSRLD, p.VPSRLQ), operand.U8(n), x)
}

// integer returns an integral x, |x| < 2²¹, as the low bits of an integer.
func (p *program) integer(x vector) vector {
	return p.add(x, p.num(pick(p.isa, 0x1.8p23, 0x1.8p52)))
}

// pow2 is 2^(n + up) for integral n, in the exponent range of normal numbers.
func (p *program) pow2(n vector, up int) vector {
	return p.addInt(p.shiftLeft(p.integer(n), pick(p.isa, 23, 52)), p.num(math.Ldexp(1, up)))
}

// scale is x·2^⌊n⌋, rounded once, overflow and gradual underflow included; AVX2 wants an integral n.
func (p *program) scale(x, n vector) vector {
	if p.masked() {
		return p.out(pick(p.isa, p.VSCALEFPS, p.VSCALEFPD), n, x)
	}
	half := p.round(p.mul(n, p.num(0.5)))
	return p.mul(p.mul(x, p.pow2(half, 0)), p.pow2(p.sub(n, half), 0))
}

// scaleDown is scale for n ≤ 0 and |x| below 2^20.
func (p *program) scaleDown(x, n vector) vector {
	if p.masked() {
		return p.scale(x, n)
	}
	up := pick(p.isa, 100, 200) // brings the least 2^n, near 2^−206 and 2^−1147, into the range of pow2
	return p.mul(p.mul(x, p.pow2(n, up)), p.num(math.Ldexp(1, -up)))
}

// scaleRough is scale for n ≤ 0 that need not be exact below the normal numbers.
func (p *program) scaleRough(x, n vector) vector {
	if p.masked() {
		return p.scale(x, n)
	}
	return p.mul(x, p.pow2(p.atLeast(n, pick(p.isa, -126.0, -1022)), 0))
}
