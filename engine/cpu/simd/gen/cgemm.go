package main

import (
	"fmt"

	"github.com/mmcloughlin/avo/attr"
	"github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// cgemm emits the micro-kernels of the product of complex matrices whose real and imaginary parts are matrices of
// their own. One call computes `tiles` tiles of `rows` × `lanes` elements, one below the other:
//
//	re C[i, j] (+)= Σ_p (a·b − a′·b′),  im C[i, j] (+)= ±Σ_p (a·b′ + a′·b),
//	a + i·a′ = A[i, p], b ± i·b′ = B[p, j],  p = 0 … k−1 in this order, one fused multiply-add for each product, from +0.
//
// signB is −0 for the lower sign at b′ and +0 for the upper; signC likewise for the imaginary part. Strides are in bytes.
func cgemm(c *build.Context) {
	masks := slidingMask(c, "cgemmMask")
	each(c, func(s isa) {
		g := cgemmKernel{isa: s, masks: masks, maxRows: 6}
		if s.masked() {
			g.maxRows = 8
		}
		g.emit()
	})
}

type cgemmKernel struct {
	isa
	masks   operand.Mem
	maxRows int

	k     reg.Register // opmask of the lanes
	off   reg.Register // offset of the sliding mask
	signB reg.VecVirtual
	aRow  reg.Register
}

func (g *cgemmKernel) emit() {
	name := "cgemm" + g.suffix()
	g.Function(name)
	g.Attributes(attr.NOSPLIT)
	f := g.float
	g.SignatureExpr(fmt.Sprintf("func(a, aIm *%s, aRow, aStep int, b, bIm *%s, bStep int, c, cIm *%s, cRow, k, rows, lanes, tiles int, signB, signC %s, add bool, next, nextIm *%s, nextAt, nextStep int)", f, f, f, f, f))
	g.Pragma("noescape")
	g.Doc(fmt.Sprintf("%s computes tiles of complex %s C (+)= A·B of at most %d×%d elements; strides in bytes, k ≥ 1.", name, f, g.maxRows, g.lanes()))
	rows, lanes := g.param("rows"), g.param("lanes")
	g.aRow = g.param("aRow")
	g.signB = g.repeated("signB")
	if g.masked() {
		bits := g.GP64()
		g.MOVQ(operand.I32(-1), bits)
		g.BZHIQ(lanes, bits, bits)
		g.k = g.K()
		g.KMOVW(bits.As32(), g.k)
		g.variants(rows, false)
		return
	}
	g.CMPQ(lanes, operand.U8(g.lanes()))
	g.JNE(operand.LabelRef("partial"))
	g.variants(rows, false)
	g.Label("partial")
	g.off = g.GP64()
	g.MOVQ(operand.U32(g.lanes()), g.off)
	g.SUBQ(lanes, g.off)
	g.variants(rows, true)
}

func (g *cgemmKernel) param(name string) reg.Register { return g.Load(g.Param(name), g.GP64()) }

// repeated is a number of the parameters in every lane.
func (g *cgemmKernel) repeated(name string) reg.VecVirtual {
	v := g.vec()
	pick(g.isa, g.VBROADCASTSS, g.VBROADCASTSD)(g.address(name), v)
	return v
}

func (g *cgemmKernel) variants(rows reg.Register, partial bool) {
	for r := g.maxRows; r >= 1; r-- {
		skip := fmt.Sprintf("not%d%v", r, partial)
		if r > 1 {
			g.CMPQ(rows, operand.U8(r))
			g.JNE(operand.LabelRef(skip))
		}
		g.tile(r, partial)
		if r > 1 {
			g.Label(skip)
		}
	}
}

// rowsOf returns the addresses of r rows of A from base on, and the registers that step along them.
func (g *cgemmKernel) rowsOf(name string, r int, aRow3 reg.Register) (rows []operand.Mem, bases []reg.Register) {
	base := g.param(name)
	bases = append(bases, base)
	if r > 4 {
		next := g.GP64()
		g.LEAQ(operand.Mem{Base: base, Index: g.aRow, Scale: 4}, next)
		bases = append(bases, next)
	}
	for i := range r {
		m := operand.Mem{Base: bases[i/4]}
		switch i % 4 {
		case 1:
			m.Index, m.Scale = g.aRow, 1
		case 2:
			m.Index, m.Scale = g.aRow, 2
		case 3:
			m.Index, m.Scale = aRow3, 1
		}
		rows = append(rows, m)
	}
	return rows, bases
}

// tile emits the loop over the tiles of r rows and returns.
func (g *cgemmKernel) tile(r int, partial bool) {
	id := fmt.Sprintf("%d%v", r, partial)
	re, im := make([]reg.VecVirtual, r), make([]reg.VecVirtual, r)
	for i := range r {
		re[i], im[i] = g.vec(), g.vec()
	}
	g.Label("tile" + id)
	for _, name := range []string{"c", "cIm"} {
		c, cRow := g.param(name), g.param("cRow")
		for range r {
			g.PREFETCHT0(operand.Mem{Base: c})
			g.ADDQ(cRow, c)
		}
	}
	for i := range r {
		g.zero(re[i])
		g.zero(im[i])
	}
	aRow3 := g.GP64()
	g.LEAQ(operand.Mem{Base: g.aRow, Index: g.aRow, Scale: 2}, aRow3)
	a, bases := g.rowsOf("a", r, aRow3)
	aIm, basesIm := g.rowsOf("aIm", r, aRow3)
	b, bIm := g.param("b"), g.param("bIm")
	g.SUBQ(b, bIm)
	aStep, bStep, k := g.param("aStep"), g.param("bStep"), g.param("k")

	var next, nextIm, nextStep reg.Register
	if !partial {
		next, nextIm, nextStep = g.param("next"), g.param("nextIm"), g.param("nextStep")
		g.SUBQ(next, nextIm)
		g.ADDQ(g.address("nextAt"), next)
	}

	x, y, t := g.vec(), g.vec(), g.vec()
	g.Label("loop" + id)
	row := g.edge(partial, t)
	row.load(operand.Mem{Base: b}, x)
	row.load(operand.Mem{Base: b, Index: bIm, Scale: 1}, y)
	g.xor(g.signB, y)
	fma := pick(g.isa, g.VFMADD231PS, g.VFMADD231PD)
	fnma := pick(g.isa, g.VFNMADD231PS, g.VFNMADD231PD)
	broadcast := pick(g.isa, g.VBROADCASTSS, g.VBROADCASTSD)
	for i := range r {
		broadcast(a[i], t)
		fma(x, t, re[i])
		fma(y, t, im[i])
	}
	for i := range r {
		broadcast(aIm[i], t)
		fnma(y, t, re[i])
		fma(x, t, im[i])
	}
	if !partial {
		g.PREFETCHT0(operand.Mem{Base: next})
		g.PREFETCHT0(operand.Mem{Base: next, Index: nextIm, Scale: 1})
		g.ADDQ(nextStep, next)
	}
	for _, v := range append(bases, basesIm...) {
		g.ADDQ(aStep, v)
	}
	g.ADDQ(bStep, b)
	g.DECQ(k)
	g.JNZ(operand.LabelRef("loop" + id))

	sign := g.repeated("signC")
	for i := range r {
		g.xor(sign, im[i])
	}
	c, cIm, cRow := g.param("c"), g.param("cIm"), g.param("cRow")
	add := g.Load(g.Param("add"), g.GP8())
	row = g.edge(partial, t)
	g.TESTB(add, add)
	g.JNZ(operand.LabelRef("add" + id))
	for _, sum := range []bool{false, true} {
		if sum {
			g.Label("add" + id)
		}
		for i := range r {
			for _, out := range []struct {
				v reg.VecVirtual
				p reg.Register
			}{{re[i], c}, {im[i], cIm}} {
				m := operand.Mem{Base: out.p}
				if sum {
					row.load(m, x)
					pick(g.isa, g.VADDPS, g.VADDPD)(x, out.v, out.v)
				}
				row.store(out.v, m)
				g.ADDQ(cRow, out.p)
			}
		}
		if !sum {
			g.JMP(operand.LabelRef("next" + id))
		}
	}
	g.Label("next" + id)
	g.MOVQ(c, g.address("c"))
	g.MOVQ(cIm, g.address("cIm"))
	step := g.GP64()
	g.IMUL3Q(operand.U8(r), g.aRow, step)
	g.ADDQ(step, g.address("a"))
	g.ADDQ(step, g.address("aIm"))
	g.DECQ(g.address("tiles"))
	g.JNZ(operand.LabelRef("tile" + id))
	g.VZEROUPPER()
	g.RET()
}

// xor flips the signs of v where those of sign are set.
func (g *cgemmKernel) xor(sign, v reg.Register) {
	if g.masked() {
		g.VPXORD(sign, v, v)
	} else {
		g.VXORPS(sign, v, v)
	}
}

// edge is what a row of a tile has of a vector; for a partial one the mask is brought to tmp, where it stays.
func (g *cgemmKernel) edge(partial bool, tmp reg.Register) part {
	switch {
	case g.masked():
		return part{isa: g.isa, k: g.k}
	case partial:
		p := g.GP64()
		g.LEAQ(g.masks, p)
		g.mov(operand.Mem{Base: p, Index: g.off, Scale: uint8(g.size)}, tmp)
		return part{isa: g.isa, mask: func() reg.Register { return tmp }}
	}
	return part{isa: g.isa}
}
