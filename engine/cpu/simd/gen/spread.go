package main

import (
	"fmt"

	"github.com/mmcloughlin/avo/attr"
	"github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/operand"
)

// spread emits dst[r, i] = x[r] for rows of n elements that lie without gaps.
func spread(c *build.Context) {
	programs(c, "spread", func(p *program) {
		fn := "spread" + p.suffix()
		p.Function(fn)
		p.Attributes(attr.NOSPLIT)
		p.SignatureExpr(fmt.Sprintf("func(dst, x *%s, rows, n int)", p.float))
		p.Pragma("noescape")
		p.Doc(fmt.Sprintf("%s fills rows of n elements with the elements of x, rows ≥ 1.", fn))
		dst, x := p.Load(p.Param("dst"), p.GP64()), p.Load(p.Param("x"), p.GP64())
		rows := p.Load(p.Param("rows"), p.GP64())
		left := p.GP64()
		v := p.vec()
		p.Label("row")
		pick(p.isa, p.VBROADCASTSS, p.VBROADCASTSD)(operand.Mem{Base: x}, v)
		p.Load(p.Param("n"), left)
		p.Label("loop")
		p.CMPQ(left, operand.U8(p.lanes()))
		p.JL(operand.LabelRef("tail"))
		p.mov(v, operand.Mem{Base: dst})
		p.ADDQ(operand.U8(p.width), dst)
		p.SUBQ(operand.U8(p.lanes()), left)
		p.JMP(operand.LabelRef("loop"))
		p.Label("tail")
		p.TESTQ(left, left)
		p.JE(operand.LabelRef("next"))
		p.first(left).store(v, operand.Mem{Base: dst})
		p.LEAQ(operand.Mem{Base: dst, Index: left, Scale: uint8(p.size)}, dst)
		p.Label("next")
		p.ADDQ(operand.U8(p.size), x)
		p.DECQ(rows)
		p.JNZ(operand.LabelRef("row"))
		p.VZEROUPPER()
		p.RET()
	})
}
