package main

import (
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// part is the lanes of a vector that a row still fills, named by an opmask or by a function that brings their vector mask
// to a register; with neither it is all of them. The other lanes are neither read nor written.
type part struct {
	isa
	k    reg.Register
	mask func() reg.Register
}

func (t part) load(m operand.Mem, dst reg.Register) {
	switch {
	case t.k != nil:
		pick(t.isa, t.VMOVUPS_Z, t.VMOVUPD_Z)(m, t.k, dst)
	case t.mask != nil:
		pick(t.isa, t.VMASKMOVPS, t.VMASKMOVPD)(m, t.mask(), dst)
	default:
		t.mov(m, dst)
	}
}

func (t part) store(src reg.Register, m operand.Mem) {
	switch {
	case t.k != nil:
		pick(t.isa, t.VMOVUPS, t.VMOVUPD)(src, t.k, m)
	case t.mask != nil:
		pick(t.isa, t.VMASKMOVPS, t.VMASKMOVPD)(src, t.mask(), m)
	default:
		t.mov(src, m)
	}
}

// first is the first n lanes.
func (p *program) first(n reg.Register) part {
	if p.masked() {
		bits := p.GP64()
		p.MOVQ(operand.I32(-1), bits)
		p.BZHIQ(n, bits, bits)
		k := p.K()
		p.KMOVW(bits.As32(), k)
		return part{isa: p.isa, k: k}
	}
	at := p.GP64()
	p.LEAQ(p.masks, at)
	skip := p.GP64()
	p.MOVQ(operand.U32(p.lanes()), skip)
	p.SUBQ(n, skip)
	p.LEAQ(operand.Mem{Base: at, Index: skip, Scale: uint8(p.size)}, at)
	return part{isa: p.isa, mask: func() reg.Register { return p.reg(operand.Mem{Base: at}) }}
}
