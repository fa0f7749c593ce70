package main

import (
	"fmt"

	"github.com/mmcloughlin/avo/attr"
	"github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/operand"
)

// arithmetic emits the loops whose elements are rounded exactly as Go rounds them, and the partial sums.
func arithmetic(c *build.Context) {
	programs(c, "arith", func(p *program) {
		p.loop("add", "dst = x + y", 2, nil, func(in, _ []vector) vector { return p.add(in[0], in[1]) })
		p.loop("sub", "dst = x − y", 2, nil, func(in, _ []vector) vector { return p.sub(in[0], in[1]) })
		p.loop("mul", "dst = x·y", 2, nil, func(in, _ []vector) vector { return p.mul(in[0], in[1]) })
		p.loop("div", "dst = x/y", 2, nil, func(in, _ []vector) vector { return p.div(in[0], in[1]) })
		p.loop("mulAdd", "dst = x·y + z", 3, nil, func(in, _ []vector) vector { return p.add(p.mul(in[0], in[1]), in[2]) })
		p.loop("mulSub", "dst = z − x·y", 3, nil, func(in, _ []vector) vector { return p.sub(in[2], p.mul(in[0], in[1])) })
		p.run(signature{"mulComplex", "z = x·y of complex numbers", []string{"z", "zIm"}, []string{"x", "xIm", "y", "yIm"}, nil, false}, func(in, _ []vector) []vector {
			x, xIm, y, yIm := in[0], in[1], in[2], in[3]
			return []vector{p.sub(p.mul(x, y), p.mul(xIm, yIm)), p.add(p.mul(x, yIm), p.mul(xIm, y))}
		})
		p.loop("axpy", "dst = a·x + y", 2, []string{"a"}, func(in, s []vector) vector { return p.add(p.mul(in[0], s[0]), in[1]) })
		p.loop("scale", "dst = a·x", 1, []string{"a"}, func(in, s []vector) vector { return p.mul(in[0], s[0]) })
		p.loop("shift", "dst = x + b", 1, []string{"b"}, func(in, s []vector) vector { return p.add(in[0], s[0]) })
		p.loop("affine", "dst = a·x + b", 1, []string{"a", "b"}, func(in, s []vector) vector { return p.add(p.mul(in[0], s[0]), s[1]) })
		p.loop("tanhBack", "dst = x·(1 − y²)", 2, nil, func(in, _ []vector) vector {
			return p.mul(in[0], p.sub(p.reg(p.num(1)), p.mul(in[1], in[1])))
		})
		p.loop("sqrt", "dst = √x", 1, nil, func(in, _ []vector) vector {
			return p.out(pick(p.isa, p.VSQRTPS, p.VSQRTPD), in[0])
		})
		p.loop("relu", "dst = max(x, 0)", 1, nil, func(in, _ []vector) vector { return p.atLeast(in[0], 0) })
		p.partial("sum", "x", 1)
		p.partial("dot", "x·y", 2)
	})
}

// partial emits name(lane, x[, y], blocks): lane[i] += Σ_b x[b·L + i](·y[b·L + i]) for the L = 256/size lanes.
func (p *program) partial(name, term string, inputs int) {
	fn := name + p.suffix()
	p.Function(fn)
	p.Attributes(attr.NOSPLIT)
	names := []string{"x", "y"}[:inputs]
	sig := "func(lane"
	for _, v := range names {
		sig += ", " + v
	}
	p.SignatureExpr(sig + " *" + p.float + ", blocks int)")
	p.Pragma("noescape")
	p.Doc(fmt.Sprintf("%s adds %s to its lane, %d elements a block; blocks ≥ 1.", fn, term, 256/p.size))
	lane := p.Load(p.Param("lane"), p.GP64())
	x := p.Load(p.Param("x"), p.GP64())
	y := x
	if inputs == 2 {
		y = p.Load(p.Param("y"), p.GP64())
	}
	blocks := p.Load(p.Param("blocks"), p.GP64())
	acc := make([]vector, 256/p.width)
	for i := range acc {
		acc[i] = p.reg(operand.Mem{Base: lane, Disp: i * p.width})
	}
	p.Label("loop")
	for i := range acc {
		at := func(m operand.Mem) operand.Mem { m.Disp = i * p.width; return m }
		if inputs == 2 {
			v := p.mul(p.reg(at(operand.Mem{Base: x})), at(operand.Mem{Base: y}))
			pick(p.isa, p.VADDPS, p.VADDPD)(v, acc[i], acc[i])
			continue
		}
		pick(p.isa, p.VADDPS, p.VADDPD)(at(operand.Mem{Base: x}), acc[i], acc[i])
	}
	p.ADDQ(operand.U32(256), x)
	if inputs == 2 {
		p.ADDQ(operand.U32(256), y)
	}
	p.DECQ(blocks)
	p.JNZ(operand.LabelRef("loop"))
	for i := range acc {
		p.mov(acc[i], operand.Mem{Base: lane, Disp: i * p.width})
	}
	p.VZEROUPPER()
	p.RET()
}
