package main

import (
	"fmt"

	"github.com/mmcloughlin/avo/attr"
	"github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// butterflies emits sum[r, i] = x[r, i] + y[r, i], diff[r, i] = x[r, i] − y[r, i] for rows r of n elements; the distances of rows are in
// bytes and may be negative.
func butterflies(c *build.Context) {
	programs(c, "butterfly", func(p *program) {
		fn := "butterfly" + p.suffix()
		p.Function(fn)
		p.Attributes(attr.NOSPLIT)
		p.SignatureExpr(fmt.Sprintf("func(sum *%[1]s, sumRow int, diff *%[1]s, diffRow int, x *%[1]s, xRow int, y *%[1]s, yRow, rows, n int)", p.float))
		p.Pragma("noescape")
		p.Doc(fmt.Sprintf("%s computes sum = x + y and diff = x − y for rows of n elements, rows ≥ 1; distances of rows in bytes.", fn))
		names := []string{"sum", "diff", "x", "y"}
		var base, row, at [4]reg.Register
		for i, name := range names {
			base[i] = p.Load(p.Param(name), p.GP64())
			at[i] = p.GP64()
		}
		n := p.Load(p.Param("n"), p.GP64())
		left := p.GP64()
		p.Label("row")
		for i := range base {
			p.MOVQ(base[i], at[i])
		}
		p.MOVQ(n, left)
		p.Label("loop")
		p.CMPQ(left, operand.U8(p.lanes()))
		p.JL(operand.LabelRef("tail"))
		x, y := p.vec(), p.vec()
		p.mov(operand.Mem{Base: at[2]}, x)
		p.mov(operand.Mem{Base: at[3]}, y)
		p.mov(p.add(x, y), operand.Mem{Base: at[0]})
		p.mov(p.sub(x, y), operand.Mem{Base: at[1]})
		for i := range at {
			p.ADDQ(operand.U8(p.width), at[i])
		}
		p.SUBQ(operand.U8(p.lanes()), left)
		p.JMP(operand.LabelRef("loop"))
		p.Label("tail")
		p.TESTQ(left, left)
		p.JE(operand.LabelRef("next"))
		p.butterflyTail(at, left)
		p.Label("next")
		for i, name := range names {
			row[i] = p.Load(p.Param(name+"Row"), p.GP64())
			p.ADDQ(row[i], base[i])
		}
		rows, err := p.Param("rows").Resolve()
		if err != nil {
			panic(err)
		}
		p.DECQ(rows.Addr)
		p.JNZ(operand.LabelRef("row"))
		p.VZEROUPPER()
		p.RET()
	})
}

// butterflyTail does the last, partial vector of a row.
func (p *program) butterflyTail(at [4]reg.Register, left reg.Register) {
	rest := p.first(left)
	in := [2]vector{p.vec(), p.vec()}
	for i, v := range in {
		rest.load(operand.Mem{Base: at[2+i]}, v)
	}
	for i, v := range [2]vector{p.add(in[0], in[1]), p.sub(in[0], in[1])} {
		rest.store(v, operand.Mem{Base: at[i]})
	}
}
