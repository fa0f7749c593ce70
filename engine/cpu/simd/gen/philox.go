package main

import (
	"fmt"

	"github.com/mmcloughlin/avo/attr"
	"github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/operand"
)

// philox emits the Philox4x32-10 generator for counters (i, step): the words lie in the low halves of 64-bit lanes, one block a lane,
// what is above them being of no account to the 32-bit products.
func philox(c *build.Context) {
	programs(c, "philox", func(p *program) {
		if p.single() {
			return
		}
		fn := "philox" + p.name
		p.Function(fn)
		p.Attributes(attr.NOSPLIT)
		p.SignatureExpr("func(words *uint32, keys *uint64, first, step uint64, groups int)")
		p.Pragma("noescape")
		p.Doc(fmt.Sprintf("%s writes %d blocks a group from block first on; keys are those of the ten rounds, two each; groups ≥ 1.", fn, p.lanes()))
		words, keys := p.Load(p.Param("words"), p.GP64()), p.Load(p.Param("keys"), p.GP64())
		groups := p.Load(p.Param("groups"), p.GP64())

		// Lanes 0, 2, … hold the first half of a group's blocks, so that unpacking leaves all in order.
		order := p.StaticGlobal("philoxOrder" + p.name)
		p.DataAttributes(attr.RODATA | attr.NOPTR)
		for i := range p.lanes() {
			p.AddDatum(8*i, operand.U64(i/2+i%2*p.lanes()/2))
		}
		first, index, step, high := p.vec(), p.vec(), p.vec(), p.vec()
		p.VBROADCASTSD(p.address("first"), first)
		p.VPADDQ(order, first, index)
		p.VBROADCASTSD(p.address("step"), step)
		p.VPSRLQ(operand.U8(32), step, high)
		m0, m1 := p.register(p.bits(0xD2511F53)), p.register(p.bits(0xCD9E8D57))

		p.Label("loop")
		c0, c1, c2, c3 := index, p.shiftRight(index, 32), step, high
		for round := range 10 {
			key := func(i int) operand.Mem { return operand.Mem{Base: keys, Disp: 16*round + 8*i} }
			a, b := p.out(p.VPMULUDQ, m0, c0), p.out(p.VPMULUDQ, m1, c2)
			c0, c2 = p.xorKey(p.shiftRight(b, 32), c1, key(0)), p.xorKey(p.shiftRight(a, 32), c3, key(1))
			c1, c3 = b, a
		}
		low := p.register(p.bits(1<<32 - 1))
		join := func(x, y vector) vector { return p.or(p.and(x, low), p.shiftLeft(y, 32)) }
		even, odd := join(c0, c1), join(c2, c3)
		p.mov(p.out(p.VPUNPCKLQDQ, odd, even), operand.Mem{Base: words})
		p.mov(p.out(p.VPUNPCKHQDQ, odd, even), operand.Mem{Base: words, Disp: p.width})
		p.ADDQ(operand.U32(2*p.width), words)
		next := p.vec()
		p.VBROADCASTSD(p.bits(uint64(p.lanes())).Mem, next)
		p.VPADDQ(next, index, index)
		p.DECQ(groups)
		p.JNZ(operand.LabelRef("loop"))
		p.VZEROUPPER()
		p.RET()
	})
}

// xorKey is x ⊕ y ⊕ a key in memory.
func (p *program) xorKey(x, y vector, key operand.Mem) vector {
	if p.masked() {
		p.VPTERNLOGQ_BCST(operand.U8(0x96), key, y, x)
		return x
	}
	k := p.vec()
	p.VPBROADCASTQ(key, k)
	return p.xor(p.xor(x, y), k)
}
