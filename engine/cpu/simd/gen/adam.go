package main

import (
	"fmt"

	"github.com/mmcloughlin/avo/attr"
	"github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// adam emits the update of Kernels.Adam, every product and sum rounded.
func adam(c *build.Context) {
	programs(c, "adam", func(p *program) {
		fn := "adam" + p.suffix()
		p.Function(fn)
		p.Attributes(attr.NOSPLIT)
		p.SignatureExpr(fmt.Sprintf("func(p2, m2, v2, p, m, v, d *%[1]s, n int, beta1, rest1, beta2, rest2, correct1, correct2, eps, rate, decay %[1]s)", p.float))
		p.Pragma("noescape")
		p.Doc(fmt.Sprintf("%s computes one Adam update of n elements.", fn))
		names := []string{"p2", "m2", "v2", "p", "m", "v", "d"}
		var at [7]reg.Register
		for i, name := range names {
			at[i] = p.Load(p.Param(name), p.GP64())
		}
		n := p.Load(p.Param("n"), p.GP64())
		var num [9]vector
		for i, name := range []string{"beta1", "rest1", "beta2", "rest2", "correct1", "correct2", "eps", "rate", "decay"} {
			m, err := p.Param(name).Resolve()
			if err != nil {
				panic(err)
			}
			num[i] = p.vec()
			pick(p.isa, p.VBROADCASTSS, p.VBROADCASTSD)(m.Addr, num[i])
		}
		p.Label("loop")
		p.CMPQ(n, operand.U8(p.lanes()))
		p.JL(operand.LabelRef("tail"))
		var in [4]vector
		for i := range in {
			in[i] = p.vec()
			p.mov(operand.Mem{Base: at[3+i]}, in[i])
		}
		p.adamStep(num, in, func(i int, v vector) { p.mov(v, operand.Mem{Base: at[i]}) })
		for _, r := range at {
			p.ADDQ(operand.U8(p.width), r)
		}
		p.SUBQ(operand.U8(p.lanes()), n)
		p.JMP(operand.LabelRef("loop"))
		p.Label("tail")
		p.TESTQ(n, n)
		p.JE(operand.LabelRef("done"))
		rest := p.first(n)
		for i := range in {
			in[i] = p.vec()
			rest.load(operand.Mem{Base: at[3+i]}, in[i])
		}
		p.adamStep(num, in, func(i int, v vector) { rest.store(v, operand.Mem{Base: at[i]}) })
		p.Label("done")
		p.VZEROUPPER()
		p.RET()
	})
}

// adamStep stores the new parameter, mean and mean square of one vector, as results 0, 1 and 2.
func (p *program) adamStep(num [9]vector, in [4]vector, store func(int, vector)) {
	beta1, rest1, beta2, rest2, correct1, correct2, eps, lr, decay := num[0], num[1], num[2], num[3], num[4], num[5], num[6], num[7], num[8]
	par, m, v, d := in[0], in[1], in[2], in[3]
	zero := p.vec()
	p.zero(zero)
	times := func(x, a vector) vector { return p.add(p.mul(x, a), zero) } // as Affine(x, a, 0)
	m2 := p.add(times(m, beta1), times(d, rest1))
	store(1, m2)
	v2 := p.add(times(v, beta2), times(p.mul(d, d), rest2))
	store(2, v2)
	root := p.add(p.out(pick(p.isa, p.VSQRTPS, p.VSQRTPD), p.mul(v2, correct2)), eps)
	step := p.mul(p.div(p.mul(m2, correct1), root), lr)
	store(0, p.sub(p.sub(par, p.mul(par, decay)), step))
}
