package main

import (
	"fmt"

	"github.com/mmcloughlin/avo/attr"
	"github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// peakFLOPs is simd.PeakFLOPs.
const peakFLOPs = 1024

// peak emits loops of fused multiply-adds between registers, twelve independent chains of s ← s·x + x.
func peak(c *build.Context) {
	each(c, func(s isa) {
		name := "peak" + s.suffix()
		s.Function(name)
		s.Attributes(attr.NOSPLIT)
		s.SignatureExpr("func(n int)")
		s.Doc(fmt.Sprintf("%s does n·%d operations on %s; n ≥ 1.", name, peakFLOPs, s.float))
		n := s.Load(s.Param("n"), s.GP64())
		x := s.vec()
		s.zero(x)
		chains := make([]reg.VecVirtual, 12)
		for i := range chains {
			chains[i] = s.vec()
			s.zero(chains[i])
		}
		s.Label("loop")
		for i := range peakFLOPs / 2 / s.lanes() {
			v := chains[i%len(chains)]
			pick(s, s.VFMADD213PS, s.VFMADD213PD)(x, x, v)
		}
		s.DECQ(n)
		s.JNZ(operand.LabelRef("loop"))
		s.VZEROUPPER()
		s.RET()
	})
}
