package main

import (
	"fmt"

	"github.com/mmcloughlin/avo/attr"
	"github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// transpose emits the square transpositions in 256-bit registers, 8×8 of float32 and 4×4 of float64: dst[j, i] =
// src[i, j] for a strip of `blocks` squares side by side in src, one below the other in dst. Strides are in bytes.
func transpose(c *build.Context) {
	each(c, func(s isa) {
		if s.masked() {
			return
		}
		n := s.lanes()
		name := "transpose" + s.suffix()
		s.Function(name)
		s.Attributes(attr.NOSPLIT)
		s.SignatureExpr(fmt.Sprintf("func(dst *%s, dstRow int, src *%s, srcRow, blocks int)", s.float, s.float))
		s.Pragma("noescape")
		s.Doc(fmt.Sprintf("%s transposes %d×%d blocks; strides in bytes, blocks ≥ 1.", name, n, n))
		load := func(name string) reg.Register { return s.Load(s.Param(name), s.GP64()) }
		dst, dstRow, src, srcRow, blocks := load("dst"), load("dstRow"), load("src"), load("srcRow"), load("blocks")
		row := s.GP64()
		s.Label("loop")
		s.MOVQ(src, row)
		in := make([]reg.VecVirtual, n)
		for i := range in {
			in[i] = s.YMM()
			s.VMOVUPS(operand.Mem{Base: row}, in[i])
			s.ADDQ(srcRow, row)
		}
		out := s.exchangeHalves(s.exchangeQuarters(in))
		for _, v := range out {
			s.VMOVUPS(v, operand.Mem{Base: dst})
			s.ADDQ(dstRow, dst)
		}
		s.ADDQ(operand.U8(s.width), src)
		s.DECQ(blocks)
		s.JNZ(operand.LabelRef("loop"))
		s.VZEROUPPER()
		s.RET()
	})
}

// exchangeQuarters transposes inside the 128-bit halves of the registers, rows taken in groups that fill a half.
func (s isa) exchangeQuarters(in []reg.VecVirtual) []reg.VecVirtual {
	op := func(f func(...operand.Op), x, y reg.VecVirtual) reg.VecVirtual {
		v := s.YMM()
		f(y, x, v)
		return v
	}
	var out []reg.VecVirtual
	if !s.single() {
		for i := 0; i < len(in); i += 2 {
			out = append(out, op(s.VUNPCKLPD, in[i], in[i+1]), op(s.VUNPCKHPD, in[i], in[i+1]))
		}
		return out
	}
	for i := 0; i < len(in); i += 4 {
		l0, h0 := op(s.VUNPCKLPS, in[i], in[i+1]), op(s.VUNPCKHPS, in[i], in[i+1])
		l1, h1 := op(s.VUNPCKLPS, in[i+2], in[i+3]), op(s.VUNPCKHPS, in[i+2], in[i+3])
		out = append(out, op(s.VUNPCKLPD, l0, l1), op(s.VUNPCKHPD, l0, l1), op(s.VUNPCKLPD, h0, h1), op(s.VUNPCKHPD, h0, h1))
	}
	return out
}

// exchangeHalves joins the low halves of the two groups, then the high halves.
func (s isa) exchangeHalves(in []reg.VecVirtual) []reg.VecVirtual {
	n := len(in)
	out := make([]reg.VecVirtual, n)
	for i := range n / 2 {
		out[i], out[i+n/2] = s.YMM(), s.YMM()
		s.VPERM2F128(operand.U8(0x20), in[i+n/2], in[i], out[i])
		s.VPERM2F128(operand.U8(0x31), in[i+n/2], in[i], out[i+n/2])
	}
	return out
}
