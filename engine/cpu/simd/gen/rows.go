package main

import (
	"fmt"
	"math"
	"strings"

	"github.com/mmcloughlin/avo/attr"
	"github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// rows emits the loops over matrices of which every row is a group of its own. Sums run over the lanes of 256 bytes that package
// simd's sums have, and are folded in halves; every product and sum is rounded.
func rows(c *build.Context) {
	ones := c.StaticGlobal("rowsLanes") // 256 bytes of set bits, then as many of zeros
	c.DataAttributes(attr.RODATA | attr.NOPTR)
	for i := range 64 {
		c.AddDatum(8*i, operand.U64([]uint64{1<<64 - 1, 0}[i/32]))
	}
	programs(c, "rows", func(p *program) {
		r := &rowLoop{program: p, ones: ones}
		r.run("normalizeRows", "y = (x − μ)/√(σ² + ε) for every row", []string{"y"}, []string{"x"}, []string{"share", "eps"}, r.normalize)
		r.run("normalizeGradRows", "dx = s·((dy − mean dy) − (x − μ)·s²·mean((x − μ)·dy)), s = 1/√(σ² + ε), for every row",
			[]string{"dx"}, []string{"x", "dy"}, []string{"share", "eps"}, r.normalizeGrad)
		r.run("softmaxRows", "y = e^(x − max x)/Σ e^(x − max x) for every row", []string{"y"}, []string{"x"}, nil, r.softmax)
	})
}

// rowLoop is the row at hand: whole blocks of 256 bytes, then a part of one.
type rowLoop struct {
	*program
	ones         operand.Mem
	dst, src     []reg.Register
	blocks, rest reg.Register
	parts        []part // the rest's lanes, vector by vector
	labels       int
}

// normalize: the means first, then the squares of what is left.
func (r *rowLoop) normalize() {
	m := r.repeat(r.mean(r.sum(func(at place) vector { return at.input(0) })))
	s := r.repeat(r.inverseDeviation(r.sum(func(at place) vector {
		d := r.sub(at.input(0), m)
		return r.mul(d, d)
	})))
	r.sweep(func(at place) { at.write(r.mul(r.sub(at.input(0), m), s)) })
}

func (r *rowLoop) normalizeGrad() {
	m := r.repeat(r.mean(r.sum(func(at place) vector { return at.input(0) })))
	var d, y vector // of the place at hand
	first := func(at place) {
		d, y = r.sub(at.input(0), m), at.input(1)
	}
	sums := r.sums(first,
		func() vector { return r.mul(d, d) },
		func() vector { return y },
		func() vector { return r.mul(d, y) })
	one := r.inverseDeviation(sums[0])
	s, shift := r.repeat(one), r.repeat(r.mean(sums[1]))
	mul := pick(r.isa, r.VMULSS, r.VMULSD)
	slope := r.XMM()
	mul(one, one, slope)
	mul(r.mean(sums[2]), slope, slope)
	slopes := r.repeat(slope)
	r.sweep(func(at place) {
		d := r.mul(r.sub(at.input(0), m), slopes)
		at.write(r.mul(r.sub(r.sub(at.input(1), shift), d), s))
	})
}

// softmax takes the maximum of what is not NaN.
func (r *rowLoop) softmax() {
	least := r.reg(r.num(math.Inf(-1)))
	acc := r.accumulators(least)
	larger := pick(r.isa, r.VMAXPS, r.VMAXPD) // its second operand where one is NaN
	r.sweep(func(at place) { larger(acc[at.i], at.within(at.input(0), least), acc[at.i]) })
	top := r.repeat(r.fold(acc, larger))
	var sum reg.Register
	exp := func(at place) vector {
		e := r.exp(r.sub(at.input(0), top))
		at.write(e)
		return e
	}
	if r.masked() {
		sum = r.sum(exp)
	} else { // too few registers for both
		r.sweep(func(at place) { exp(at) })
		sum = r.sum(place.result)
	}
	share := r.XMM()
	pick(r.isa, r.VDIVSS, r.VDIVSD)(sum, r.one(), share)
	shares := r.repeat(share)
	r.sweep(func(at place) { at.write(r.mul(at.result(), shares)) })
}

// place is a vector of the row: number i of a block, or what the row has of it.
type place struct {
	*rowLoop
	part
	offset reg.Register
	i      int
}

func (at place) mem(base reg.Register) operand.Mem {
	return operand.Mem{Base: base, Index: at.offset, Scale: 1, Disp: at.i * at.width}
}

func (at place) input(i int) vector   { return at.read(at.src[i]) }
func (at place) result() vector       { return at.read(at.dst[0]) }
func (at place) write(v reg.Register) { at.store(v, at.mem(at.dst[0])) }

func (at place) read(base reg.Register) vector {
	v := at.vec()
	at.load(at.mem(base), v)
	return v
}

// within is v in the row and other beyond.
func (at place) within(v, other vector) vector {
	w := at.vec()
	switch {
	case at.k != nil:
		pick(at.isa, at.VBLENDMPS, at.VBLENDMPD)(v, other, at.k, w)
	case at.mask != nil:
		pick(at.isa, at.VBLENDVPS, at.VBLENDVPD)(at.mask(), v, other, w)
	default:
		return v
	}
	return w
}

// keep is v in the row and 0 beyond.
func (at place) keep(v vector) vector {
	w := at.vec()
	switch {
	case at.k != nil:
		pick(at.isa, at.VMOVAPS_Z, at.VMOVAPD_Z)(v, at.k, w)
	case at.mask != nil:
		pick(at.isa, at.VANDPS, at.VANDPD)(at.mask(), v, w)
	default:
		return v
	}
	return w
}

// sweep calls body for every vector of the row.
func (r *rowLoop) sweep(body func(at place)) {
	r.labels++
	whole, rest, done := fmt.Sprintf("whole%d", r.labels), fmt.Sprintf("rest%d", r.labels), fmt.Sprintf("done%d", r.labels)
	offset, left := r.GP64(), r.GP64()
	r.XORQ(offset, offset)
	r.MOVQ(r.blocks, left)
	r.TESTQ(left, left)
	r.JE(operand.LabelRef(rest))
	r.Label(whole)
	for i := range 256 / r.width {
		body(place{r, part{isa: r.isa}, offset, i})
	}
	r.ADDQ(operand.U32(256), offset)
	r.DECQ(left)
	r.JNZ(operand.LabelRef(whole))
	r.Label(rest)
	r.TESTQ(r.rest, r.rest)
	r.JE(operand.LabelRef(done))
	for i := range 256 / r.width {
		if i > 0 {
			r.CMPQ(r.rest, operand.I32(i*r.lanes()))
			r.JLE(operand.LabelRef(done))
		}
		body(place{r, r.parts[i], offset, i})
	}
	r.Label(done)
}

// accumulators are the lanes, each with the number in start.
func (r *rowLoop) accumulators(start vector) []vector {
	acc := make([]vector, 256/r.width)
	for i := range acc {
		acc[i] = r.vec()
		r.mov(start, acc[i])
	}
	return acc
}

// sums are the sums of several terms over the row, in one sweep where registers allow it; first is called before them at each place.
func (r *rowLoop) sums(first func(at place), terms ...func() vector) []reg.Register {
	if !r.masked() && len(terms) > 1 {
		return append(r.sums(first, terms[0]), r.sums(first, terms[1:]...)...)
	}
	add, nothing := pick(r.isa, r.VADDPS, r.VADDPD), r.vec()
	r.zero(nothing)
	acc := make([][]vector, len(terms))
	for j := range acc {
		acc[j] = r.accumulators(nothing)
	}
	r.sweep(func(at place) {
		first(at)
		for j, term := range terms {
			add(at.keep(term()), acc[j][at.i], acc[j][at.i])
		}
	})
	total := make([]reg.Register, len(terms))
	for j := range total {
		total[j] = r.fold(acc[j], add)
	}
	return total
}

func (r *rowLoop) sum(term func(at place) vector) reg.Register {
	var here place
	return r.sums(func(at place) { here = at }, func() vector { return term(here) })[0]
}

// fold joins the upper half of the lanes with the lower until one is left.
func (r *rowLoop) fold(acc []vector, join instruction) reg.Register {
	for h := len(acc) / 2; h > 0; h /= 2 {
		for i := range h {
			join(acc[h+i], acc[i], acc[i])
		}
	}
	v := acc[0]
	if r.masked() {
		high := r.YMM()
		r.VEXTRACTF64X4(operand.U8(1), v, high)
		join(high, v.AsY(), v.AsY())
	}
	high, low := r.XMM(), v.AsX()
	r.VEXTRACTF128(operand.U8(1), v.AsY(), high)
	join(high, low, low)
	r.VUNPCKHPD(low, low, high)
	join(high, low, low)
	if r.single() {
		r.VMOVSHDUP(low, high)
		join(high, low, low)
	}
	return low
}

// repeat is a number in every lane.
func (r *rowLoop) repeat(x reg.Register) vector {
	v := r.vec()
	pick(r.isa, r.VBROADCASTSS, r.VBROADCASTSD)(x, v)
	return v
}

// mean is x times the share of an element in its row.
func (r *rowLoop) mean(x reg.Register) reg.Register {
	v := r.XMM()
	pick(r.isa, r.VMULSS, r.VMULSD)(r.address("share"), x, v)
	return v
}

// inverseDeviation is 1/√(σ² + ε) for the sum of the squares.
func (r *rowLoop) inverseDeviation(squares reg.Register) reg.Register {
	v := r.mean(squares)
	pick(r.isa, r.VADDSS, r.VADDSD)(r.address("eps"), v, v)
	pick(r.isa, r.VSQRTSS, r.VSQRTSD)(v, v, v)
	pick(r.isa, r.VDIVSS, r.VDIVSD)(v, r.one(), v)
	return v
}

func (r *rowLoop) one() reg.Register {
	v := r.XMM()
	m := r.num(1).Mem
	if r.single() {
		r.VMOVSS(m, v)
	} else {
		r.VMOVSD(m, v)
	}
	return v
}

// run emits name(out, in, scalars, n, rows), n being the elements of a row.
func (r *rowLoop) run(name, doc string, out, in, scalars []string, body func()) {
	fn := name + r.suffix()
	r.Function(fn)
	r.Attributes(attr.NOSPLIT)
	list := strings.Join(append(append([]string{}, out...), in...), ", ") + " *" + r.float
	if scalars != nil {
		list += ", " + strings.Join(scalars, ", ") + " " + r.float
	}
	r.SignatureExpr("func(" + list + ", n, rows int)")
	r.Pragma("noescape")
	r.Doc(fmt.Sprintf("%s computes %s; rows, n ≥ 1.", fn, doc))
	r.dst, r.src, r.labels = nil, nil, 0
	for _, v := range out {
		r.dst = append(r.dst, r.Load(r.Param(v), r.GP64()))
	}
	for _, v := range in {
		r.src = append(r.src, r.Load(r.Param(v), r.GP64()))
	}
	n, count := r.Load(r.Param("n"), r.GP64()), r.Load(r.Param("rows"), r.GP64())
	lanes := 256 / r.size
	r.blocks, r.rest = r.GP64(), r.GP64()
	r.MOVQ(n, r.blocks)
	r.SHRQ(operand.U8(pick(r.isa, 6, 5)), r.blocks)
	r.MOVQ(n, r.rest)
	r.ANDQ(operand.U32(lanes-1), r.rest)
	stride := r.GP64()
	r.MOVQ(n, stride)
	r.SHLQ(operand.U8(pick(r.isa, 2, 3)), stride)
	r.parts = r.split(lanes)

	r.hoisted = nil
	r.Label("row")
	body()
	for _, p := range append(append([]reg.Register{}, r.dst...), r.src...) {
		r.ADDQ(stride, p)
	}
	r.DECQ(count)
	r.JNZ(operand.LabelRef("row"))
	r.VZEROUPPER()
	r.RET()
}

// split returns the lanes of the part of a block, vector by vector.
func (r *rowLoop) split(lanes int) []part {
	parts := make([]part, 256/r.width)
	if r.masked() {
		bits := r.GP64()
		r.MOVQ(operand.I32(-1), bits)
		r.BZHIQ(r.rest, bits, bits)
		for i := range parts {
			k := r.K()
			r.KMOVW(bits.As32(), k)
			r.SHRQ(operand.U8(r.lanes()), bits)
			parts[i] = part{isa: r.isa, k: k}
		}
		return parts
	}
	at, skip := r.GP64(), r.GP64()
	r.LEAQ(r.ones, at)
	r.MOVQ(operand.U32(lanes), skip)
	r.SUBQ(r.rest, skip)
	for i := range parts {
		parts[i] = part{isa: r.isa, mask: func() reg.Register {
			return r.reg(operand.Mem{Base: at, Index: skip, Scale: uint8(r.size), Disp: i * r.width})
		}}
	}
	return parts
}
