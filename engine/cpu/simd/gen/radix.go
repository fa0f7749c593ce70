package main

import (
	"fmt"

	"github.com/mmcloughlin/avo/attr"
	"github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// radices emits the passes of a Fourier transform: for each row i and element e, with ω = e^(−2πi/r),
//
//	y_j = w_ij·Σ_l ω^(jl)·x_l  or, in the last pass,  y_j = scale·Σ_l ω^(jl)·x_l,  j, l = 0 … r−1,
//
// x_l being element e at x + i·xStep + l·xJump, real and imaginary parts in planes of their own. Steps are in bytes. Every product and
// every sum is rounded: data that is generated with these passes is the same on every machine.
func radices(c *build.Context) {
	programs(c, "radix", func(p *program) {
		for _, r := range []int{2, 3, 4, 5, 8} {
			for _, last := range []bool{false, true} {
				(&radixKernel{program: p, r: r, last: last}).emit()
			}
		}
	})
}

type radixKernel struct {
	*program
	r    int
	last bool

	x, xIm, y, yIm side
	row            part         // the elements at hand
	w              reg.Register // twiddle factors (cos, −sin), r − 1 for each row; nil where no register is left for their address
}

// side is one plane: element e of branch l.
type side struct{ base, jump, jump3, far reg.Register }

// branch is the address of branch l: base + l·jump, or from the fifth on far + (l−4)·jump.
func (s side) branch(l int) operand.Mem {
	m := operand.Mem{Base: s.base}
	if l >= 4 && s.far != nil {
		m.Base = s.far
		l -= 4
	}
	switch l {
	case 1, 2, 4:
		m.Index, m.Scale = s.jump, uint8(l)
	case 3:
		m.Index, m.Scale = s.jump3, 1
	}
	return m
}

func (g *radixKernel) emit() {
	name := fmt.Sprintf("radix%d", g.r)
	extra := "w *" + g.float
	if g.last {
		name, extra = name+"Last", "scale "+g.float
	}
	name += g.suffix()
	g.Function(name)
	g.Attributes(attr.NOSPLIT)
	g.SignatureExpr(fmt.Sprintf("func(y, yIm *%s, yStep, yJump int, x, xIm *%s, xStep, xJump int, %s, rows, n int)", g.float, g.float, extra))
	g.Pragma("noescape")
	g.Doc(fmt.Sprintf("%s does %d-point transforms of n elements in each of rows; steps in bytes, rows ≥ 1, n ≥ 1.", name, g.r))

	if !g.last && (g.r < 8 || g.masked()) {
		g.w = g.Load(g.Param("w"), g.GP64())
	}
	xJump, yJump := g.Load(g.Param("xJump"), g.GP64()), g.Load(g.Param("yJump"), g.GP64())
	x3, y3 := g.GP64(), g.GP64()
	g.LEAQ(operand.Mem{Base: xJump, Index: xJump, Scale: 2}, x3)
	g.LEAQ(operand.Mem{Base: yJump, Index: yJump, Scale: 2}, y3)

	g.Label("row")
	g.x, g.xIm = side{jump: xJump, jump3: x3}, side{jump: xJump, jump3: x3}
	g.y, g.yIm = side{jump: yJump, jump3: y3}, side{jump: yJump, jump3: y3}
	var pointers []reg.Register
	for _, v := range []struct {
		name string
		s    *side
	}{{"x", &g.x}, {"xIm", &g.xIm}, {"y", &g.y}, {"yIm", &g.yIm}} {
		v.s.base = g.Load(g.Param(v.name), g.GP64())
		pointers = append(pointers, v.s.base)
		if g.r > 5 {
			v.s.far = g.GP64()
			g.LEAQ(operand.Mem{Base: v.s.base, Index: v.s.jump, Scale: 4}, v.s.far)
			pointers = append(pointers, v.s.far)
		}
	}
	n := g.Load(g.Param("n"), g.GP64())

	g.Label("loop")
	g.CMPQ(n, operand.U8(g.lanes()))
	g.JL(operand.LabelRef("tail"))
	g.row = part{isa: g.isa}
	g.transform()
	for _, r := range pointers {
		g.ADDQ(operand.U8(g.width), r)
	}
	g.SUBQ(operand.U8(g.lanes()), n)
	g.JMP(operand.LabelRef("loop"))

	g.Label("tail")
	g.TESTQ(n, n)
	g.JE(operand.LabelRef("next"))
	g.row = g.first(n)
	g.transform()

	g.Label("next")
	step := g.GP64()
	for _, v := range []string{"x", "y"} {
		g.MOVQ(g.address(v+"Step"), step)
		g.ADDQ(step, g.address(v))
		g.ADDQ(step, g.address(v+"Im"))
	}
	if !g.last {
		var w operand.Op = g.w
		if g.w == nil {
			w = g.address("w")
		}
		g.ADDQ(operand.U8(2*(g.r-1)*g.size), w)
	}
	g.DECQ(g.address("rows"))
	g.JNZ(operand.LabelRef("row"))
	g.VZEROUPPER()
	g.RET()
}

// repeated is one number in memory as the operand of arithmetic.
func (g *radixKernel) repeated(m operand.Mem) operand.Op {
	if g.masked() {
		return constant{m}
	}
	v := g.vec()
	pick(g.isa, g.VBROADCASTSS, g.VBROADCASTSD)(m, v)
	return v
}

// put stores y_j, multiplied by its twiddle factor or by the scale.
func (g *radixKernel) put(j int, v number) {
	re, im := v.re, v.im
	switch {
	case g.last:
		scale := g.repeated(g.address("scale"))
		re, im = g.mul(re, scale), g.mul(im, scale)
	case j > 0:
		w := g.w
		if w == nil {
			w = g.Load(g.Param("w"), g.GP64())
		}
		cos := g.repeated(operand.Mem{Base: w, Disp: 2 * (j - 1) * g.size})
		a, b := g.mul(re, cos), g.mul(im, cos)
		sin := g.repeated(operand.Mem{Base: w, Disp: (2*j - 1) * g.size})
		re, im = g.sub(a, g.mul(im, sin)), g.add(b, g.mul(re, sin))
	}
	g.row.store(re, g.y.branch(j))
	g.row.store(im, g.yIm.branch(j))
}
