package main

import (
	"fmt"

	"github.com/mmcloughlin/avo/attr"
	"github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// gemv emits y[i] = Σ_j a[i, j]·b[j] for rows of n elements, four at a time as long as there are four. The products of a row go to one
// accumulator a lane, so the order of a sum depends on n alone.
func gemv(c *build.Context) {
	programs(c, "gemv", func(p *program) {
		fn := "gemv" + p.suffix()
		p.Function(fn)
		p.Attributes(attr.NOSPLIT)
		p.SignatureExpr(fmt.Sprintf("func(y, a *%[1]s, row int, b *%[1]s, rows, n int)", p.float))
		p.Pragma("noescape")
		p.Doc(fmt.Sprintf("%s computes the products of rows of a, row bytes apart, with b; rows ≥ 1, n ≥ 1.", fn))
		y, a, row := p.Load(p.Param("y"), p.GP64()), p.Load(p.Param("a"), p.GP64()), p.Load(p.Param("row"), p.GP64())
		rows := p.Load(p.Param("rows"), p.GP64())
		for _, together := range []int{4, 1} {
			p.gemvRows(y, a, row, rows, together)
		}
		p.VZEROUPPER()
		p.RET()
	})
}

// gemvRows does groups of rows while there are enough.
func (p *program) gemvRows(y, a, row, rows reg.Register, together int) {
	label := func(s string) string { return fmt.Sprintf("%s%d", s, together) }
	p.Label(label("rows"))
	p.CMPQ(rows, operand.U8(together))
	p.JL(operand.LabelRef(label("done")))
	at := make([]reg.Register, together)
	acc := make([]vector, together)
	for i := range at {
		at[i] = p.GP64()
		p.MOVQ(a, at[i])
		p.ADDQ(row, a)
		acc[i] = p.vec()
		p.zero(acc[i])
	}
	b, n := p.Load(p.Param("b"), p.GP64()), p.Load(p.Param("n"), p.GP64())
	p.Label(label("loop"))
	p.CMPQ(n, operand.U8(p.lanes()))
	p.JL(operand.LabelRef(label("tail")))
	x := p.reg(operand.Mem{Base: b})
	for i := range at {
		pick(p.isa, p.VFMADD231PS, p.VFMADD231PD)(operand.Mem{Base: at[i]}, x, acc[i])
		p.ADDQ(operand.U8(p.width), at[i])
	}
	p.ADDQ(operand.U8(p.width), b)
	p.SUBQ(operand.U8(p.lanes()), n)
	p.JMP(operand.LabelRef(label("loop")))
	p.Label(label("tail"))
	p.TESTQ(n, n)
	p.JE(operand.LabelRef(label("fold")))
	rest := p.first(n)
	load := func(base reg.Register) vector {
		v := p.vec()
		rest.load(operand.Mem{Base: base}, v)
		return v
	}
	x = load(b)
	for i := range at {
		pick(p.isa, p.VFMADD231PS, p.VFMADD231PD)(load(at[i]), x, acc[i])
	}
	p.Label(label("fold"))
	for i := range acc {
		s := p.foldLanes(acc[i])
		pick(p.isa, p.VMOVSS, p.VMOVSD)(s, operand.Mem{Base: y, Disp: i * p.size})
	}
	p.ADDQ(operand.U8(together*p.size), y)
	p.SUBQ(operand.U8(together), rows)
	p.JMP(operand.LabelRef(label("rows")))
	p.Label(label("done"))
}

// foldLanes adds the halves of a vector until one element is left.
func (p *program) foldLanes(v vector) reg.Register {
	add := pick(p.isa, p.VADDPS, p.VADDPD)
	y := reg.Register(v)
	if p.masked() {
		half := p.YMM()
		p.VEXTRACTF64X4(operand.U8(1), v, half)
		sum := p.YMM()
		add(v.(reg.Vec).AsY(), half, sum)
		y = sum
	}
	half, x := p.XMM(), p.XMM()
	p.VEXTRACTF128(operand.U8(1), y, half)
	add(y.(reg.Vec).AsX(), half, x)
	shuffled := p.XMM()
	p.VPERMILPD(operand.U8(1), x, shuffled)
	pairs := p.XMM()
	add(x, shuffled, pairs)
	if !p.single() {
		return pairs
	}
	swapped, last := p.XMM(), p.XMM()
	p.VMOVSHDUP(pairs, swapped)
	add(pairs, swapped, last)
	return last
}
