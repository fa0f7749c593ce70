package main

import (
	"fmt"

	"github.com/mmcloughlin/avo/attr"
	"github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// gemm emits the micro-kernels of the matrix product. One call computes `tiles` tiles of `rows` × `lanes`
// elements, one below the other:
//
//	C[i, j] (+)= Σ_p A[i, p]·B[p, j],  p = 0 … k−1 in this order, one fused multiply-add each, starting from +0.
//
// A is read element by element through a row and a step stride, so a transposed A needs no copy; a row of B is
// one or two vectors. Every variant (number of rows, one or two vectors, masked or not) does the same
// arithmetic for an element. Strides are in bytes.
func gemm(c *build.Context) {
	masks := slidingMask(c, "gemmMask")
	each(c, func(s isa) {
		maxRows := 6
		if s.masked() {
			maxRows = 8
		}
		g := gemmKernel{isa: s, masks: masks, maxRows: maxRows}
		g.emit()
	})
}

type gemmKernel struct {
	isa
	masks   operand.Mem
	maxRows int

	a, aRow, aRow3, aStep, aTile reg.Register
	bStep, c, cRow               reg.Register
	k                            [2]reg.Register // opmasks of the two vectors
	off                          reg.Register    // offset of the sliding mask of the last vector
}

func (g *gemmKernel) emit() {
	name := "gemm" + g.suffix()
	g.Function(name)
	g.Attributes(attr.NOSPLIT)
	f := g.float
	g.SignatureExpr(fmt.Sprintf("func(a *%s, aRow, aStep int, b *%s, bStep int, c *%s, cRow, k, rows, lanes, tiles int, add bool, next *%s, nextAt, nextTile, nextStep int)", f, f, f, f))
	g.Pragma("noescape")
	g.Doc(fmt.Sprintf("%s computes tiles of %s C (+)= A·B of at most %d×%d elements; strides in bytes, k ≥ 1.", name, f, g.maxRows, 2*g.lanes()))
	load := func(name string) reg.Register { return g.Load(g.Param(name), g.GP64()) }
	g.a, g.aRow, g.aStep = load("a"), load("aRow"), load("aStep")
	g.bStep, g.c, g.cRow = load("bStep"), load("c"), load("cRow")
	rows, lanes := load("rows"), load("lanes")
	g.aRow3 = g.GP64()
	g.LEAQ(operand.Mem{Base: g.aRow, Index: g.aRow, Scale: 2}, g.aRow3)
	g.aTile = g.GP64()
	g.MOVQ(rows, g.aTile)
	g.IMULQ(g.aRow, g.aTile)

	if g.masked() {
		bits := g.GP64()
		g.MOVQ(operand.I32(-1), bits)
		g.BZHIQ(lanes, bits, bits)
		for i := range g.k {
			g.k[i] = g.K()
			g.KMOVW(bits.As32(), g.k[i])
			g.SHRQ(operand.U8(g.lanes()), bits)
		}
	}
	g.CMPQ(lanes, operand.U8(g.lanes()))
	g.JLE(operand.LabelRef("one"))
	g.variants(2, rows, lanes)
	g.Label("one")
	g.variants(1, rows, lanes)
}

// variants emits the tiles of every number of rows for a width of vecs vectors.
func (g *gemmKernel) variants(vecs int, rows, lanes reg.Register) {
	for _, partial := range []bool{false, true} {
		if g.masked() && partial {
			continue // opmasks serve both
		}
		next := fmt.Sprintf("partial%d", vecs)
		if !g.masked() && !partial {
			g.CMPQ(lanes, operand.U8(vecs*g.lanes()))
			g.JNE(operand.LabelRef(next))
		}
		if partial {
			g.Label(next)
			g.off = g.GP64()
			g.MOVQ(operand.U32(vecs*g.lanes()), g.off)
			g.SUBQ(lanes, g.off)
		}
		for r := g.maxRows; r >= 1; r-- {
			skip := fmt.Sprintf("not%dx%d%v", r, vecs, partial)
			if r > 1 {
				g.CMPQ(rows, operand.U8(r))
				g.JNE(operand.LabelRef(skip))
			}
			g.tile(r, vecs, partial)
			if r > 1 {
				g.Label(skip)
			}
		}
	}
}

// tile emits the loop over the tiles of r rows by vecs vectors and returns.
func (g *gemmKernel) tile(r, vecs int, partial bool) {
	id := fmt.Sprintf("%dx%d%v", r, vecs, partial)
	acc := make([][]reg.VecVirtual, r)
	for i := range acc {
		for range vecs {
			acc[i] = append(acc[i], g.vec())
		}
	}
	g.Label("tile" + id)
	for i := range acc {
		for _, v := range acc[i] {
			g.zero(v)
		}
	}
	pa, pa4, k := g.GP64(), g.GP64(), g.GP64()
	pb := g.Load(g.Param("b"), g.GP64())
	g.Load(g.Param("k"), k)
	g.MOVQ(g.a, pa)
	pc := g.GP64()
	g.MOVQ(g.c, pc)
	if r > 4 {
		g.LEAQ(operand.Mem{Base: g.a, Index: g.aRow, Scale: 4}, pa4)
	}

	// While the tile is summed, fetch its part of C and what will be wanted next.
	ahead := g.Load(g.Param("next"), g.GP64())
	nextAt, _ := g.Param("nextAt").Resolve()
	g.ADDQ(nextAt.Addr, ahead)
	for range acc {
		for j := range vecs {
			g.PREFETCHT0(operand.Mem{Base: pc, Disp: j * g.width})
		}
		g.ADDQ(g.cRow, pc)
	}

	g.Label("loop" + id)
	x := g.vec()
	b := make([]reg.VecVirtual, vecs)
	for j := range b {
		b[j] = g.vec()
		g.edge(j, partial && j == vecs-1, x).load(operand.Mem{Base: pb, Disp: j * g.width}, b[j])
	}
	for i := range acc {
		base := pa
		if i >= 4 {
			base = pa4
		}
		m := operand.Mem{Base: base}
		switch i % 4 {
		case 1:
			m.Index, m.Scale = g.aRow, 1
		case 2:
			m.Index, m.Scale = g.aRow, 2
		case 3:
			m.Index, m.Scale = g.aRow3, 1
		}
		if g.masked() {
			x = g.vec()
		}
		pick(g.isa, g.VBROADCASTSS, g.VBROADCASTSD)(m, x)
		for j := range b {
			pick(g.isa, g.VFMADD231PS, g.VFMADD231PD)(b[j], x, acc[i][j])
		}
	}
	g.ADDQ(g.aStep, pa)
	if r > 4 {
		g.ADDQ(g.aStep, pa4)
	}
	g.ADDQ(g.bStep, pb)
	g.PREFETCHT0(operand.Mem{Base: ahead})
	nextStep, _ := g.Param("nextStep").Resolve()
	g.ADDQ(nextStep.Addr, ahead)
	g.DECQ(k)
	g.JNZ(operand.LabelRef("loop" + id))

	add := g.Load(g.Param("add"), g.GP8())
	g.TESTB(add, add)
	g.JNZ(operand.LabelRef("add" + id))
	for _, sum := range []bool{false, true} {
		if sum {
			g.Label("add" + id)
		}
		for i := range acc {
			for j, v := range acc[i] {
				m := operand.Mem{Base: g.c, Disp: j * g.width}
				row := g.edge(j, partial && j == vecs-1, b[0])
				if sum {
					y := g.vec()
					row.load(m, y)
					pick(g.isa, g.VADDPS, g.VADDPD)(y, v, v)
				}
				row.store(v, m)
			}
			g.ADDQ(g.cRow, g.c)
		}
		if !sum {
			g.JMP(operand.LabelRef("next" + id))
		}
	}
	g.Label("next" + id)
	g.ADDQ(g.aTile, g.a)
	step := g.Load(g.Param("nextTile"), g.GP64())
	g.ADDQ(step, nextAt.Addr)
	tiles, _ := g.Param("tiles").Resolve()
	g.DECQ(tiles.Addr)
	g.JNZ(operand.LabelRef("tile" + id))
	g.VZEROUPPER()
	g.RET()
}

// edge is what a row of a tile has of vector j: all of it, or for the last, partial vector the lanes of the mask, which is
// brought to tmp.
func (g *gemmKernel) edge(j int, last bool, tmp reg.Register) part {
	switch {
	case g.masked():
		return part{isa: g.isa, k: g.k[j]}
	case last:
		return part{isa: g.isa, mask: func() reg.Register {
			p := g.GP64()
			g.LEAQ(g.masks, p)
			g.mov(operand.Mem{Base: p, Index: g.off, Scale: uint8(g.size)}, tmp)
			return tmp
		}}
	}
	return part{isa: g.isa}
}
