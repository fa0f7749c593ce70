package main

import (
	"github.com/mmcloughlin/avo/attr"
	"github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/operand"
)

// prefetch emits the request for a run of cache lines.
func prefetch(c *build.Context) {
	c.Function("prefetchLines")
	c.Attributes(attr.NOSPLIT)
	c.SignatureExpr("func(p *byte, lines int)")
	c.Pragma("noescape")
	c.Doc("prefetchLines asks for lines ≥ 1 cache lines of 64 bytes from p on.")
	at, lines := c.Load(c.Param("p"), c.GP64()), c.Load(c.Param("lines"), c.GP64())
	c.Label("loop")
	c.PREFETCHT0(operand.Mem{Base: at})
	c.ADDQ(operand.U8(64), at)
	c.DECQ(lines)
	c.JNZ(operand.LabelRef("loop"))
	c.RET()
}
