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
// one or two vectors. With opmasks, tiles of 4 and 8 rows may have none to two whole vectors and a rest of at most a
// quarter or half of one: 4 or 2 rows share a vector for it. Every variant does the same arithmetic for an element.
// Strides are in bytes.
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
	rest                         reg.Register    // opmask of the rest in every part of a shared vector
	odd, high                    reg.Register    // opmasks of the odd quarters and of the upper half of a vector
	off                          reg.Register    // offset of the sliding mask of the last vector
}

func (g *gemmKernel) emit() {
	name := "gemm" + g.suffix()
	g.Function(name)
	g.Attributes(attr.NOSPLIT)
	f := g.float
	g.SignatureExpr(fmt.Sprintf("func(a *%s, aRow, aStep int, b *%s, bStep int, c *%s, cRow, k, rows, lanes, tiles int, add bool, next *%s, nextAt, nextTile, nextStep int)", f, f, f, f))
	g.Pragma("noescape")
	g.Doc(fmt.Sprintf("%s computes tiles of %s C (+)= A·B of at most %d×%d elements; strides in bytes, k ≥ 1.", name, f, g.maxRows, g.widest()))
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
		g.shared(rows, lanes)
		g.Label("whole")
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

// widest is the number of columns of the widest tile.
func (g *gemmKernel) widest() int {
	if g.masked() {
		return 2*g.lanes() + g.lanes()/2
	}
	return 2 * g.lanes()
}

// shared emits the tiles whose rest of columns shares vectors, and goes to whole for all others.
func (g *gemmKernel) shared(rows, lanes reg.Register) {
	rest, bits := g.GP64(), g.GP64()
	g.TESTQ(operand.U32(3), rows)
	g.JNE(operand.LabelRef("whole"))
	g.MOVQ(lanes, rest)
	g.ANDQ(operand.U8(g.lanes()-1), rest)
	g.JE(operand.LabelRef("whole"))
	g.CMPQ(rest, operand.U8(g.lanes()/2))
	g.JG(operand.LabelRef("whole"))
	g.SUBQ(rest, lanes)
	g.MOVQ(operand.I32(-1), bits)
	g.BZHIQ(rest, bits, bits)
	set := func(k reg.Register, lanes int) {
		g.MOVQ(operand.U32(lanes), bits)
		g.KMOVW(bits.As32(), k)
	}
	g.rest, g.odd, g.high = g.K(), g.K(), g.K()
	for _, share := range []int{4, 2} {
		n, all := g.lanes()/share, 1<<g.lanes()-1
		if share == 4 {
			g.CMPQ(rest, operand.U8(n))
			g.JG(operand.LabelRef("half"))
		} else {
			g.Label("half")
		}
		g.IMUL3Q(operand.U32(all/(1<<n-1)), bits, bits)
		g.KMOVW(bits.As32(), g.rest)
		set(g.high, all&^(all>>(g.lanes()/2)))
		if share == 4 {
			set(g.odd, all/(1<<n+1)<<n)
		}
		for vecs := 2; vecs >= 0; vecs-- {
			narrower := fmt.Sprintf("narrower%dx%d", vecs, share)
			if vecs > 0 {
				g.CMPQ(lanes, operand.U8(vecs*g.lanes()))
				g.JNE(operand.LabelRef(narrower))
			}
			four := fmt.Sprintf("four%dx%d", vecs, share)
			g.CMPQ(rows, operand.U8(4))
			g.JE(operand.LabelRef(four))
			g.tile(8, vecs, share, false)
			g.Label(four)
			g.tile(4, vecs, share, false)
			if vecs > 0 {
				g.Label(narrower)
			}
		}
	}
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
			g.tile(r, vecs, 0, partial)
			if r > 1 {
				g.Label(skip)
			}
		}
	}
}

// tile emits the loop over the tiles of r rows by vecs vectors, and a rest of columns for which `share` rows share one
// (0: no rest), and returns.
func (g *gemmKernel) tile(r, vecs, share int, partial bool) {
	id := fmt.Sprintf("%dx%dr%d%v", r, vecs, share, partial)
	acc, rest := make([][]reg.VecVirtual, r), []reg.VecVirtual(nil)
	g.Label("tile" + id)
	for i := range acc {
		for range vecs {
			acc[i] = append(acc[i], g.vec())
			g.zero(acc[i][len(acc[i])-1])
		}
		if share > 0 && i%share == 0 {
			rest = append(rest, g.vec())
			g.zero(rest[len(rest)-1])
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
		for j := range max(1, vecs) {
			g.PREFETCHT0(operand.Mem{Base: pc, Disp: j * g.width})
		}
		g.ADDQ(g.cRow, pc)
	}

	g.Label("loop" + id)
	x := g.vec()
	b := make([]reg.VecVirtual, vecs)
	for j := range b {
		b[j] = g.vec()
		g.edge(j, share, partial && j == vecs-1, x).load(operand.Mem{Base: pb, Disp: j * g.width}, b[j])
	}
	var bRest reg.VecVirtual
	if share > 0 {
		bRest = g.vec()
		g.repeat(operand.Mem{Base: pb, Disp: vecs * g.width}, share, bRest)
	}
	var together []reg.VecVirtual // elements of A of the rows that share a vector
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
		g.spread(m, x, vecs == 2 && share == 0)
		for j := range b {
			pick(g.isa, g.VFMADD231PS, g.VFMADD231PD)(b[j], x, acc[i][j])
		}
		if together = append(together, x); len(together) == share {
			pick(g.isa, g.VFMADD231PS, g.VFMADD231PD)(bRest, g.blend(together), rest[i/share])
			together = nil
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
				g.update(v, g.vec(), m, g.edge(j, share, partial && j == vecs-1, x), sum)
			}
			if share > 0 {
				v, y := g.split(rest[i/share], i%share, share)
				g.update(v, y, operand.Mem{Base: g.c, Disp: vecs * g.width}, part{isa: g.isa, k: g.rest}, sum)
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

// update stores v, or the sum of what is there and v, in a part of a row of C.
func (g *gemmKernel) update(v, y reg.Register, m operand.Mem, row part, sum bool) {
	if sum {
		row.load(m, y)
		pick(g.isa, g.VADDPS, g.VADDPD)(y, v, y)
		v = y
	}
	row.store(v, m)
}

// spread loads an element into every lane. Zen 4 takes the integer instruction in half the time of that for floats, which holds up
// tiles of fewer products an element; those of two whole vectors lose by it where their operands come from memory.
func (g *gemmKernel) spread(m operand.Mem, v reg.Register, whole bool) {
	if g.masked() && !whole {
		pick(g.isa, g.VPBROADCASTD, g.VPBROADCASTQ)(m, v)
	} else {
		pick(g.isa, g.VBROADCASTSS, g.VBROADCASTSD)(m, v)
	}
}

// repeat loads the rest of a row of B into every part of v.
func (g *gemmKernel) repeat(m operand.Mem, parts int, v reg.Register) {
	if parts == 4 {
		pick(g.isa, g.VBROADCASTF32X4_Z, g.VBROADCASTF64X2_Z)(m, g.rest, v)
	} else {
		pick(g.isa, g.VBROADCASTF32X8_Z, g.VBROADCASTF64X4_Z)(m, g.rest, v)
	}
}

// blend takes part i from x[i] and overwrites x.
func (g *gemmKernel) blend(x []reg.VecVirtual) reg.Register {
	join := func(x, y reg.VecVirtual, upper reg.Register) {
		pick(g.isa, g.VPBLENDMD, g.VPBLENDMQ)(y, x, upper, x)
	}
	if len(x) == 4 {
		join(x[0], x[1], g.odd)
		join(x[2], x[3], g.odd)
	}
	join(x[0], x[len(x)/2], g.high)
	return x[0]
}

// split returns part i of v in a register of its size, and another register of this size.
func (g *gemmKernel) split(v reg.VecVirtual, i, parts int) (part, other reg.Register) {
	if parts == 4 {
		if i == 0 {
			return v.AsX(), g.XMM()
		}
		x := g.XMM()
		pick(g.isa, g.VEXTRACTF32X4, g.VEXTRACTF64X2)(operand.U8(i), v, x)
		return x, g.XMM()
	}
	if i == 0 {
		return v.AsY(), g.YMM()
	}
	y := g.YMM()
	pick(g.isa, g.VEXTRACTF32X8, g.VEXTRACTF64X4)(operand.U8(i), v, y)
	return y, g.YMM()
}

// edge is what a row of a tile has of vector j: all of it, or for the last, partial vector the lanes of the mask, which is
// brought to tmp.
func (g *gemmKernel) edge(j, share int, last bool, tmp reg.Register) part {
	switch {
	case share > 0:
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
