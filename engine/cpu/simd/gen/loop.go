package main

import (
	"fmt"
	"strings"

	"github.com/mmcloughlin/avo/attr"
	"github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// program writes element-wise functions: straight-line code on vectors, run over a slice by loop.
type program struct {
	isa
	masks operand.Mem
	pool  map[uint64]constant // constants of this element size

	tables map[string]operand.Mem

	hoisted map[string]vector // constants and tables in registers, by name
	wants   []want            // what a draft reads

	outside vector // sign bits of elements that the function at hand left to Go; nil where it does all
}

// programs runs emit for every instruction set and element type; constants are shared between them.
func programs(c *build.Context, prefix string, emit func(*program)) {
	masks := slidingMask(c, prefix+"Mask")
	pools := map[int]map[uint64]constant{4: {}, 8: {}}
	each(c, func(s isa) {
		emit(&program{isa: s, masks: masks, pool: pools[s.size], tables: map[string]operand.Mem{}})
	})
}

// loop emits name(dst, x[, y[, z]], [scalars,] n): dst[i] = body(x[i], y[i], z[i]) for i < n. The last, partial vector runs the
// same body on masked loads and stores.
func (p *program) loop(name, doc string, inputs int, scalars []string, body func(in, scalar []vector) vector) {
	p.run(signature{name, doc, []string{"dst"}, []string{"x", "y", "z"}[:inputs], scalars, false},
		func(in, scalar []vector) []vector { return []vector{body(in, scalar)} })
}

// pair is loop for two functions of one operand.
func (p *program) pair(name, doc string, body func(vector) (value, slope vector)) {
	p.run(signature{name, doc, []string{"value", "slope"}, []string{"x"}, nil, false}, func(in, _ []vector) []vector {
		value, slope := body(in[0])
		return []vector{value, slope}
	})
}

// partly is loop for a function of one operand that returns whether it left elements to Go.
func (p *program) partly(name, doc string, body func(vector) vector) {
	p.run(signature{name, doc, []string{"dst"}, []string{"x"}, nil, true},
		func(in, _ []vector) []vector { return []vector{body(in[0])} })
}

// signature names what a loop writes, what it reads element by element, and its scalars.
type signature struct {
	name, doc                string
	outputs, inputs, scalars []string
	partly                   bool
}

func (s signature) expr(float string) string {
	slices := strings.Join(append(append([]string{}, s.outputs...), s.inputs...), ", ")
	sig := fmt.Sprintf("func(%s *%s", slices, float)
	for _, v := range s.scalars {
		sig += fmt.Sprintf(", %s %s", v, float)
	}
	if sig += ", n int)"; s.partly {
		sig += " (outside bool)"
	}
	return sig
}

// spared is the number of registers for constants with AVX-512; the bodies want half of the thirty-two for themselves. AVX2
// reads two vectors a cycle and has no register to spare.
const spared = 16

func (p *program) run(s signature, body func(in, scalar []vector) []vector) {
	fn := s.name + p.suffix()
	p.Function(fn)
	p.Attributes(attr.NOSPLIT)
	p.SignatureExpr(s.expr(p.float))
	p.Pragma("noescape")
	p.Doc(fmt.Sprintf("%s computes %s for n elements.", fn, s.doc))

	pointers := func(names []string) []reg.Register {
		var r []reg.Register
		for _, v := range names {
			r = append(r, p.Load(p.Param(v), p.GP64()))
		}
		return r
	}
	dst, src := pointers(s.outputs), pointers(s.inputs)
	n := p.Load(p.Param("n"), p.GP64())
	var consts []vector
	for _, v := range s.scalars {
		m, err := p.Param(v).Resolve()
		if err != nil {
			panic(err)
		}
		r := p.vec()
		pick(p.isa, p.VBROADCASTSS, p.VBROADCASTSD)(m.Addr, r)
		consts = append(consts, r)
	}
	lanes := p.lanes()
	if s.partly {
		p.outside = p.vec()
		p.zero(p.outside)
	}

	p.hoisted = nil
	if p.masked() {
		p.hoist(spared, func() {
			in := make([]vector, len(src))
			for i := range in {
				in[i] = p.vec()
			}
			body(in, consts)
		})
	}
	p.Label("loop")
	p.CMPQ(n, operand.U8(lanes))
	p.JL(operand.LabelRef("tail"))
	in := make([]vector, len(src))
	for i := range in {
		in[i] = p.vec()
		p.mov(operand.Mem{Base: src[i]}, in[i])
	}
	for i, v := range body(in, consts) {
		p.mov(v, operand.Mem{Base: dst[i]})
	}
	for _, r := range append(src, dst...) {
		p.ADDQ(operand.U8(p.width), r)
	}
	p.SUBQ(operand.U8(lanes), n)
	p.JMP(operand.LabelRef("loop"))

	p.Label("tail")
	p.TESTQ(n, n)
	p.JE(operand.LabelRef("done"))
	rest := p.first(n)
	for i := range in {
		in[i] = p.vec()
		rest.load(operand.Mem{Base: src[i]}, in[i])
	}
	for i, v := range body(in, consts) {
		rest.store(v, operand.Mem{Base: dst[i]})
	}
	p.Label("done")
	if s.partly {
		p.Store(p.anySign(p.outside), p.Return("outside"))
	}
	p.VZEROUPPER()
	p.RET()
}

// anySign is 1 if a sign bit of x is set, else 0.
func (p *program) anySign(x vector) reg.Register {
	if p.masked() {
		k := p.K()
		pick(p.isa, p.VPMOVD2M, p.VPMOVQ2M)(x, k)
		p.KORTESTW(k, k)
	} else {
		r := p.GP32()
		pick(p.isa, p.VMOVMSKPS, p.VMOVMSKPD)(x, r)
		p.TESTL(r, r)
	}
	b := p.GP8()
	p.SETNE(b)
	return b
}
