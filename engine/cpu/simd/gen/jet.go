package main

import (
	"fmt"
	"slices"

	"github.com/mmcloughlin/avo/attr"
	"github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// What simd.JetTerm looks like in memory: its number of factors and coefficient, then slices, of which the address comes first.
const (
	jetDegree, jetC, jetFactor, jetOut, jetTerm = 0, 8, 16, 16 + 24*jetFactors, 16 + 24*jetFactors + 24
	jetFactors                                  = 5
)

// jets emits Kernels.TanhJet and Kernels.SineJet on pointers: a vector of elements, two with AVX-512, goes through all terms while the
// function's derivatives there stay in registers.
func jets(c *build.Context) {
	programs(c, "jet", func(p *program) {
		p.jet("tanhJet", "z and, unless it is nil, b", "z", "b", p.tanhDerivatives)
		p.jet("sineJet", "sines and cosines", "s", "c", p.sineDerivatives)
	})
}

// derivatives makes f, f' .. f⁽ᵏ⁾ for an order k in a register, of the two operands of a jet.
type derivatives func(label func(string) string, load func(reg.Register) vector, x, y, order reg.Register) [jetFactors + 1]vector

// jetSpared is what is left to constants where two vectors go together.
const jetSpared = 5

// jet emits name(terms, count, x, y, at, n, order): elements at .. at + n − 1 of the results of count ≥ 1 terms, n ≥ 1, from the operands' first n.
func (p *program) jet(name, of, x, y string, derive derivatives) {
	fn := name + p.suffix()
	p.Function(fn)
	p.Attributes(attr.NOSPLIT)
	p.SignatureExpr(fmt.Sprintf("func(terms *byte, count int, %[2]s, %[3]s *%[1]s, at, n, order int)", p.float, x, y))
	p.Pragma("noescape")
	p.Doc(fmt.Sprintf("%s computes n elements from at on of the results of terms with derivatives up to an order, from n elements of %s.", fn, of))
	first, end := p.Load(p.Param("terms"), p.GP64()), p.Load(p.Param("count"), p.GP64())
	p.IMUL3Q(operand.U32(jetTerm), end, end)
	p.ADDQ(first, end)
	px, py := p.Load(p.Param(x), p.GP64()), p.Load(p.Param(y), p.GP64())
	at, n, order := p.Load(p.Param("at"), p.GP64()), p.Load(p.Param("n"), p.GP64()), p.Load(p.Param("order"), p.GP64())
	j := jetLoop{program: p, first: first, end: end, x: px, y: py, at: at, order: order, derive: derive}
	p.hoisted = nil
	together := 1
	if p.masked() {
		together = 2
		p.hoist(jetSpared, func() { j.vectors("draft", 1, part{isa: p.isa}) })
	}
	for ; together > 0; together-- {
		label := func(s string) string { return fmt.Sprint(s, together) }
		p.Label(label("loop"))
		p.CMPQ(n, operand.U8(together*p.lanes()))
		p.JL(operand.LabelRef(label("end")))
		j.vectors(label("whole"), together, part{isa: p.isa})
		p.ADDQ(operand.U32(together*p.width), px)
		p.TESTQ(py, py) // an operand that is missing stays so
		p.JE(operand.LabelRef(label("still")))
		p.ADDQ(operand.U32(together*p.width), py)
		p.Label(label("still"))
		p.ADDQ(operand.U8(together*p.lanes()), at)
		p.SUBQ(operand.U8(together*p.lanes()), n)
		p.JMP(operand.LabelRef(label("loop")))
		p.Label(label("end"))
	}
	p.TESTQ(n, n)
	p.JE(operand.LabelRef("done"))
	j.vectors("rest", 1, p.first(n))
	p.Label("done")
	p.VZEROUPPER()
	p.RET()
}

// jetLoop is the registers of the loop over vectors.
type jetLoop struct {
	*program
	first, end, x, y, at, order reg.Register
	derive                      derivatives
}

// vectors does a number of vectors, or some lanes of one.
func (j *jetLoop) vectors(name string, number int, lanes part) {
	p := j.program
	label := func(s string) string { return name + s }
	load := func(m operand.Mem) vector {
		v := p.vec()
		lanes.load(m, v)
		return v
	}
	element := func(base reg.Register, i int) operand.Mem {
		return operand.Mem{Base: base, Index: j.at, Scale: uint8(p.size), Disp: i * p.width}
	}
	f, sum := make([][jetFactors + 1]vector, number), make([]vector, number)
	for i := range number {
		own := func(s string) string { return label(fmt.Sprint(s, i)) }
		f[i] = j.derive(own, func(base reg.Register) vector { return load(operand.Mem{Base: base, Disp: i * p.width}) }, j.x, j.y, j.order)
		sum[i] = p.vec()
		p.zero(sum[i])
	}
	term, k := p.GP64(), p.GP64()
	p.MOVQ(j.first, term)
	p.Label(label("Term"))
	p.MOVQ(operand.Mem{Base: term, Disp: jetDegree}, k)
	c := p.vec()
	pick(p.isa, p.VBROADCASTSS, p.VBROADCASTSD)(operand.Mem{Base: term, Disp: jetC}, c)
	for d := 1; d <= jetFactors; d++ {
		p.CMPQ(k, operand.U8(d))
		p.JE(operand.LabelRef(label(fmt.Sprint("Degree", d))))
		if d == 1 {
			p.JL(operand.LabelRef(label("Degree0")))
		}
	}
	p.JMP(operand.LabelRef(label("Next")))
	for _, d := range []int{0, 3, 4, 5, 2, 1} {
		p.Label(label(fmt.Sprint("Degree", d)))
		if d == 0 { // a negative one is no term
			p.TESTQ(k, k)
			p.JNE(operand.LabelRef(label("Next")))
		}
		t := slices.Repeat([]vector{c}, number)
		for l := range d {
			x := p.GP64()
			p.MOVQ(operand.Mem{Base: term, Disp: jetFactor + 24*l}, x)
			for i := range t {
				if lanes.k == nil && lanes.mask == nil {
					t[i] = p.mul(t[i], element(x, i))
				} else {
					t[i] = p.mul(t[i], load(element(x, i)))
				}
			}
		}
		for i := range t {
			pick(p.isa, p.VFMADD231PS, p.VFMADD231PD)(f[i][d], t[i], sum[i])
		}
		if d != 1 {
			p.JMP(operand.LabelRef(label("Next")))
		}
	}
	p.Label(label("Next"))
	out := p.GP64()
	p.MOVQ(operand.Mem{Base: term, Disp: jetOut}, out)
	p.TESTQ(out, out)
	p.JE(operand.LabelRef(label("More")))
	for i := range sum {
		lanes.store(sum[i], element(out, i))
		p.zero(sum[i])
	}
	p.Label(label("More"))
	p.ADDQ(operand.U32(jetTerm), term)
	p.CMPQ(term, j.end)
	p.JCS(operand.LabelRef(label("Term")))
}

// tanhDerivatives: y = tanh(z + b), f' = 1 − y², f” = −2y f', f”' = (6y² − 2) f', f”” = (16 − 24y²) y f',
// f⁽⁵⁾ = (16 − 120y² + 120y⁴) f'.
func (p *program) tanhDerivatives(label func(string) string, load func(reg.Register) vector, z, b, order reg.Register) (f [jetFactors + 1]vector) {
	x := load(z)
	p.TESTQ(b, b)
	p.JE(operand.LabelRef(label("Plain")))
	pick(p.isa, p.VADDPS, p.VADDPD)(load(b), x, x)
	p.Label(label("Plain"))
	y := p.tanh(x)
	q := p.mul(y, y)
	f[0], f[1] = y, p.sub(p.reg(p.num(1)), q)
	for i := 2; i < len(f); i++ {
		f[i] = p.vec()
		p.zero(f[i])
	}
	ready := operand.LabelRef(label("Ready"))
	for k, make := range []func() vector{
		2: func() vector { return p.mul(p.mul(y, p.num(-2)), f[1]) },
		3: func() vector { return p.mul(p.fma(q, p.num(6), p.num(-2)), f[1]) },
		4: func() vector { return p.mul(p.mul(p.fma(q, p.num(-24), p.num(16)), y), f[1]) },
		5: func() vector { return p.mul(p.horner(q, 16, -120, 120), f[1]) },
	} {
		if make != nil {
			p.CMPQ(order, operand.U8(k))
			p.JL(ready)
			p.mov(make(), f[k])
		}
	}
	p.Label(label("Ready"))
	return f
}

// sineDerivatives: f = s, f' = c, f” = −s, …
func (p *program) sineDerivatives(_ func(string) string, load func(reg.Register) vector, s, c, _ reg.Register) (f [jetFactors + 1]vector) {
	sin, cos := load(s), load(c)
	minus, turned := p.neg(sin), p.neg(cos)
	return [...]vector{sin, cos, minus, turned, sin, cos}
}
