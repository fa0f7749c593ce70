package main

import (
	"fmt"
	"math"

	"github.com/mmcloughlin/avo/attr"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// vector is a value of the element-wise programs: one register, written once.
type vector = reg.VecVirtual

// bits is a constant of the element size given by its bits, repeated over a vector in memory.
func (p *program) bits(v uint64) operand.Mem {
	if m, ok := p.pool[v]; ok {
		return m
	}
	m := p.StaticGlobal(fmt.Sprintf("c%d_%x", 8*p.size, v))
	p.DataAttributes(attr.RODATA | attr.NOPTR)
	for i := 0; i < 64; i += p.size {
		if p.single() {
			p.AddDatum(i, operand.U32(v))
		} else {
			p.AddDatum(i, operand.U64(v))
		}
	}
	p.pool[v] = m
	return m
}

// num is the constant v, rounded to the element type.
func (p *program) num(v float64) operand.Mem {
	if p.single() {
		return p.bits(uint64(math.Float32bits(float32(v))))
	}
	return p.bits(math.Float64bits(v))
}

func (p *program) signBit() operand.Mem { return p.bits(1 << (8*p.size - 1)) }

// reg is a constant in a register.
func (p *program) reg(m operand.Mem) vector {
	v := p.vec()
	p.mov(m, v)
	return v
}

func (p *program) out(f func(...operand.Op), ops ...operand.Op) vector {
	v := p.vec()
	f(append(ops, v)...)
	return v
}

// Arithmetic: the result is x∘y, one rounding each; y may be a constant in memory.

func (p *program) add(x vector, y operand.Op) vector {
	return p.out(pick(p.isa, p.VADDPS, p.VADDPD), y, x)
}
func (p *program) sub(x vector, y operand.Op) vector {
	return p.out(pick(p.isa, p.VSUBPS, p.VSUBPD), y, x)
}
func (p *program) mul(x vector, y operand.Op) vector {
	return p.out(pick(p.isa, p.VMULPS, p.VMULPD), y, x)
}
func (p *program) div(x vector, y operand.Op) vector {
	return p.out(pick(p.isa, p.VDIVPS, p.VDIVPD), y, x)
}

// fma is x·y + z and fnma is z − x·y, rounded once.
func (p *program) fma(x vector, y operand.Op, z operand.Op) vector {
	v := p.vec()
	p.mov(z, v)
	pick(p.isa, p.VFMADD231PS, p.VFMADD231PD)(y, x, v)
	return v
}
func (p *program) fnma(x vector, y operand.Op, z operand.Op) vector {
	v := p.vec()
	p.mov(z, v)
	pick(p.isa, p.VFNMADD231PS, p.VFNMADD231PD)(y, x, v)
	return v
}
func (p *program) fms(x vector, y operand.Op, z operand.Op) vector {
	v := p.vec()
	p.mov(z, v)
	pick(p.isa, p.VFMSUB231PS, p.VFMSUB231PD)(y, x, v)
	return v
}

// horner is c[0] + c[1]·x + c[2]·x² + …
func (p *program) horner(x vector, c ...float64) vector {
	v := p.reg(p.num(c[len(c)-1]))
	for i := len(c) - 2; i >= 0; i-- {
		pick(p.isa, p.VFMADD213PS, p.VFMADD213PD)(p.num(c[i]), x, v)
	}
	return v
}

// atLeast and atMost clamp x by a constant; NaN stays NaN.
func (p *program) atLeast(x vector, c float64) vector {
	return p.out(pick(p.isa, p.VMAXPS, p.VMAXPD), x, p.reg(p.num(c)))
}
func (p *program) atMost(x vector, c float64) vector {
	return p.out(pick(p.isa, p.VMINPS, p.VMINPD), x, p.reg(p.num(c)))
}

// Bitwise operations.

func (p *program) and(x vector, y operand.Op) vector {
	if p.masked() {
		return p.out(p.VPANDQ, y, x)
	}
	return p.out(two(p.VPAND), y, x)
}
func (p *program) or(x vector, y operand.Op) vector {
	if p.masked() {
		return p.out(p.VPORQ, y, x)
	}
	return p.out(two(p.VPOR), y, x)
}
func (p *program) xor(x vector, y operand.Op) vector {
	if p.masked() {
		return p.out(p.VPXORQ, y, x)
	}
	return p.out(two(p.VPXOR), y, x)
}

// two adapts an instruction of fixed arity.
func two(f func(a, b, c operand.Op)) func(...operand.Op) {
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

// ifNeg is a where the sign bit of x is set and b elsewhere.
func (p *program) ifNeg(x, a, b vector) vector {
	v := p.vec()
	if p.masked() {
		k := p.K()
		pick(p.isa, p.VPMOVD2M, p.VPMOVQ2M)(x, k)
		pick(p.isa, p.VBLENDMPS, p.VBLENDMPD)(a, b, k, v)
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
		pick(p.isa, p.VCMPPS, p.VCMPPD)(operand.U8(predicate), y, x, k)
		pick(p.isa, p.VBLENDMPS, p.VBLENDMPD)(a, b, k, v)
	} else {
		m := p.vec()
		pick(p.isa, p.VCMPPS, p.VCMPPD)(operand.U8(predicate), y, x, m)
		pick(p.isa, p.VBLENDVPS, p.VBLENDVPD)(m, a, b, v)
	}
	return v
}

// Integer arithmetic on the bits.

func (p *program) addInt(x vector, y operand.Op) vector {
	return p.out(pick(p.isa, p.VPADDD, p.VPADDQ), y, x)
}
func (p *program) shiftLeft(x vector, n int) vector {
	return p.out(pick(p.isa, p.VPSLLD, p.VPSLLQ), operand.U8(n), x)
}

// integer returns an integral x, |x| < 2²¹, as the low bits of an integer.
func (p *program) integer(x vector) vector {
	return p.add(x, p.num(pick(p.isa, 0x1.8p23, 0x1.8p52)))
}

// pow2 is 2^n for integral n in the exponent range of normal numbers.
func (p *program) pow2(n vector) vector {
	return p.addInt(p.shiftLeft(p.integer(n), pick(p.isa, 23, 52)), p.num(1))
}

// scale is x·2^n, rounded once, for integral n; overflow and gradual underflow included.
func (p *program) scale(x, n vector) vector {
	if p.masked() {
		return p.out(pick(p.isa, p.VSCALEFPS, p.VSCALEFPD), n, x)
	}
	half := p.round(p.mul(n, p.num(0.5)))
	return p.mul(p.mul(x, p.pow2(half)), p.pow2(p.sub(n, half)))
}
