package main

import (
	"fmt"
	"math"

	"github.com/mmcloughlin/avo/attr"
	"github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// radices emits the passes of a Fourier transform: for each row i and element e, with ω = e^(−2πi/r),
//
//	y_j = w_ij·Σ_l ω^(jl)·x_l  or, in the last pass,  y_j = scale·Σ_l ω^(jl)·x_l,  j, l = 0 … r−1,
//
// x_l being element e at x + i·xStep + l·xJump, real and imaginary parts in planes of their own. Steps are in bytes.
func radices(c *build.Context) {
	programs(c, "radix", func(p *program) {
		for _, r := range []int{2, 3, 4, 5, 8} {
			if r == 8 && !p.masked() {
				continue // sixteen registers are too few
			}
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
	w              reg.Register // twiddle factors (cos, −sin), r − 1 for each row
	k              reg.Register // opmask of the elements at hand
	at, skip       reg.Register // address of the AVX2 mask
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

	if !g.last {
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
	g.transform(false)
	for _, r := range pointers {
		g.ADDQ(operand.U8(g.width), r)
	}
	g.SUBQ(operand.U8(g.lanes()), n)
	g.JMP(operand.LabelRef("loop"))

	g.Label("tail")
	g.TESTQ(n, n)
	g.JE(operand.LabelRef("next"))
	if g.masked() {
		bits := g.GP64()
		g.MOVQ(operand.I32(-1), bits)
		g.BZHIQ(n, bits, bits)
		g.k = g.K()
		g.KMOVW(bits.As32(), g.k)
	} else {
		g.at = n // the mask lies (lanes − n)·size behind its table's start
		g.NEGQ(n)
		g.ADDQ(operand.U8(g.lanes()), n)
		g.skip = g.GP64()
		g.LEAQ(g.masks, g.skip)
	}
	g.transform(true)

	g.Label("next")
	step := g.GP64()
	for _, v := range []string{"x", "y"} {
		g.MOVQ(g.address(v+"Step"), step)
		g.ADDQ(step, g.address(v))
		g.ADDQ(step, g.address(v+"Im"))
	}
	if !g.last {
		g.ADDQ(operand.U8(2*(g.r-1)*g.size), g.w)
	}
	g.DECQ(g.address("rows"))
	g.JNZ(operand.LabelRef("row"))
	g.VZEROUPPER()
	g.RET()
}

// load and store touch only the elements of the row.
func (g *radixKernel) load(m operand.Mem, partial bool) vector {
	v := g.vec()
	switch {
	case partial && g.masked():
		pick(g.isa, g.VMOVUPS_Z, g.VMOVUPD_Z)(m, g.k, v)
	case partial:
		g.mov(operand.Mem{Base: g.skip, Index: g.at, Scale: uint8(g.size)}, v)
		pick(g.isa, g.VMASKMOVPS, g.VMASKMOVPD)(m, v, v)
	default:
		g.mov(m, v)
	}
	return v
}

func (g *radixKernel) store(v vector, m operand.Mem, partial bool) {
	switch {
	case partial && g.masked():
		pick(g.isa, g.VMOVUPS, g.VMOVUPD)(v, g.k, m)
	case partial:
		mask := g.reg(operand.Mem{Base: g.skip, Index: g.at, Scale: uint8(g.size)})
		pick(g.isa, g.VMASKMOVPS, g.VMASKMOVPD)(v, mask, m)
	default:
		g.mov(v, m)
	}
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
func (g *radixKernel) put(j int, re, im vector, partial bool) {
	switch {
	case g.last:
		scale := g.repeated(g.address("scale"))
		re, im = g.mul(re, scale), g.mul(im, scale)
	case j > 0:
		cos := g.repeated(operand.Mem{Base: g.w, Disp: 2 * (j - 1) * g.size})
		a, b := g.mul(re, cos), g.mul(im, cos)
		sin := g.repeated(operand.Mem{Base: g.w, Disp: (2*j - 1) * g.size})
		g.program.emit(pick(g.isa, g.VFNMADD231PS, g.VFNMADD231PD), pick(g.isa, g.VFNMADD231PS_BCST, g.VFNMADD231PD_BCST), sin, im, a)
		g.program.emit(pick(g.isa, g.VFMADD231PS, g.VFMADD231PD), pick(g.isa, g.VFMADD231PS_BCST, g.VFMADD231PD_BCST), sin, re, b)
		re, im = a, b
	}
	g.store(re, g.y.branch(j), partial)
	g.store(im, g.yIm.branch(j), partial)
}

// number is a complex number in each lane.
type number struct{ re, im vector }

func (g *radixKernel) get(l int, partial bool) number {
	return number{g.load(g.x.branch(l), partial), g.load(g.xIm.branch(l), partial)}
}
func (g *radixKernel) plus(a, b number) number  { return number{g.add(a.re, b.re), g.add(a.im, b.im)} }
func (g *radixKernel) minus(a, b number) number { return number{g.sub(a.re, b.re), g.sub(a.im, b.im)} }

// minusI is a − i·b, plusI a + i·b.
func (g *radixKernel) minusI(a, b number) number { return number{g.add(a.re, b.im), g.sub(a.im, b.re)} }
func (g *radixKernel) plusI(a, b number) number  { return number{g.sub(a.re, b.im), g.add(a.im, b.re)} }

func (g *radixKernel) transform(partial bool) {
	get := func(l int) number { return g.get(l, partial) }
	put := func(j int, v number) { g.put(j, v.re, v.im, partial) }
	switch g.r {
	case 2:
		a, b := get(0), get(1)
		put(0, g.plus(a, b))
		put(1, g.minus(a, b))
	case 4:
		y := g.four(get(0), get(1), get(2), get(3))
		for j, v := range y {
			put(j, v)
		}
	case 8: // y_j = even_j + ω^j·odd_j
		even := g.four(get(0), get(2), get(4), get(6))
		odd := g.four(get(1), get(3), get(5), get(7))
		put(0, g.plus(even[0], odd[0]))
		put(4, g.minus(even[0], odd[0]))
		put(2, g.minusI(even[2], odd[2]))
		put(6, g.plusI(even[2], odd[2]))
		half := g.num(math.Sqrt2 / 2)
		for j := 1; j < 4; j += 2 {
			o := odd[j] // ω·o = (o − i·o)/√2, ω³·o = −(o + i·o)/√2
			turned := g.minusI(o, o)
			if j == 3 {
				turned = g.plusI(o, o)
			}
			re, im := g.mul(turned.re, half), g.mul(turned.im, half)
			a, b := g.plus(even[j], number{re, im}), g.minus(even[j], number{re, im})
			if j == 3 {
				a, b = b, a
			}
			put(j, a)
			put(j+4, b)
		}
	default:
		g.odd(get, put)
	}
}

// four is the transform of four numbers.
func (g *radixKernel) four(x0, x1, x2, x3 number) [4]number {
	a, b := g.plus(x0, x2), g.minus(x0, x2)
	c, d := g.plus(x1, x3), g.minus(x1, x3)
	return [4]number{g.plus(a, c), g.minusI(b, d), g.minus(a, c), g.plusI(b, d)}
}

// odd is the transform of an odd number r of numbers: with t_l = x_l + x_{r−l} and u_l = x_l − x_{r−l},
// y_±j = (x₀ + Σ_l cos(2πjl/r)·t_l) ∓ i·Σ_l sin(2πjl/r)·u_l.
func (g *radixKernel) odd(get func(int) number, put func(int, number)) {
	h := (g.r - 1) / 2
	t, u := make([]number, h+1), make([]number, h+1)
	for l := 1; l <= h; l++ {
		a, b := get(l), get(g.r-l)
		t[l], u[l] = g.plus(a, b), g.minus(a, b)
	}
	sum := get(0)
	for l := 1; l <= h; l++ {
		sum = g.plus(sum, t[l])
	}
	put(0, sum)
	for j := 1; j <= h; j++ {
		a := get(0)
		var b number
		for l := 1; l <= h; l++ {
			cos, sin := math.Cos(2*math.Pi*float64(j*l)/float64(g.r)), math.Sin(2*math.Pi*float64(j*l)/float64(g.r))
			a = number{g.fma(t[l].re, g.num(cos), a.re), g.fma(t[l].im, g.num(cos), a.im)}
			if l == 1 {
				b = number{g.mul(u[l].re, g.num(sin)), g.mul(u[l].im, g.num(sin))}
			} else {
				b = number{g.fma(u[l].re, g.num(sin), b.re), g.fma(u[l].im, g.num(sin), b.im)}
			}
		}
		put(j, g.minusI(a, b))
		put(g.r-j, g.plusI(a, b))
	}
}
