package main

import (
	"fmt"
	"strings"

	"github.com/mmcloughlin/avo/attr"
	"github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// columns emits the loops over matrices of which every column has numbers of its own; every product and sum is rounded.
func columns(c *build.Context) {
	programs(c, "column", func(p *program) {
		p.columns(columnLoop{name: "addColumns", doc: "sum_j += Σ_i x_ij", sums: []string{"sum"}, in: []string{"x"}},
			func(in, _ []vector) (out, terms []vector) { return nil, in })
		p.columns(columnLoop{name: "addSquares", doc: "sum_j += Σ_i (x_ij − m_j)²", sums: []string{"sum"}, numbers: []string{"m"}, in: []string{"x"}},
			func(in, num []vector) (out, terms []vector) {
				d := p.sub(in[0], num[0])
				return nil, []vector{p.mul(d, d)}
			})
		p.columns(columnLoop{name: "addProducts", doc: "squares_j += Σ_i (x_ij − m_j)², sums_j += Σ_i y_ij, products_j += Σ_i (x_ij − m_j)·y_ij",
			sums: []string{"squares", "sums", "products"}, numbers: []string{"m"}, in: []string{"x", "y"}},
			func(in, num []vector) (out, terms []vector) {
				d := p.sub(in[0], num[0])
				return nil, []vector{p.mul(d, d), in[1], p.mul(d, in[1])}
			})
		p.columns(columnLoop{name: "standardize", doc: "y_ij = (x_ij − m_j)·s_j", numbers: []string{"m", "s"}, out: []string{"y"}, in: []string{"x"}},
			func(in, num []vector) (out, terms []vector) {
				return []vector{p.mul(p.sub(in[0], num[0]), num[1])}, nil
			})
		p.columns(columnLoop{name: "standardizeGrad", doc: "dx_ij = s_j·((dy_ij − shift_j) − (x_ij − m_j)·slope_j)",
			numbers: []string{"m", "s", "shift", "slope"}, out: []string{"dx"}, in: []string{"x", "dy"}},
			func(in, num []vector) (out, terms []vector) {
				d := p.mul(p.sub(in[0], num[0]), num[3])
				return []vector{p.mul(p.sub(p.sub(in[1], num[2]), d), num[1])}, nil
			})
	})
}

// columnLoop names the numbers of a column that a loop adds to and that it reads, and the matrices that it writes and reads.
type columnLoop struct {
	name, doc              string
	sums, numbers, out, in []string
}

// columns emits the loop name(sums, numbers, out, in, n, rows): body gives the results of an element and what it adds to the
// sums of its column. Strips of several vectors keep the numbers of their columns in registers.
func (p *program) columns(l columnLoop, body func(in, numbers []vector) (out, terms []vector)) {
	fn := l.name + p.suffix()
	p.Function(fn)
	p.Attributes(attr.NOSPLIT)
	all := append(append(append(append([]string{}, l.sums...), l.numbers...), l.out...), l.in...)
	p.SignatureExpr(fmt.Sprintf("func(%s *%s, n, rows int)", strings.Join(all, ", "), p.float))
	p.Pragma("noescape")
	p.Doc(fmt.Sprintf("%s computes %s for rows × n matrices; rows, n ≥ 1.", fn, l.doc))
	at := map[string]reg.Register{}
	for _, v := range all {
		at[v] = p.Load(p.Param(v), p.GP64())
	}
	n, rows := p.Load(p.Param("n"), p.GP64()), p.Load(p.Param("rows"), p.GP64())
	stride, left, offset := p.GP64(), p.GP64(), p.GP64()
	p.MOVQ(n, stride)
	p.SHLQ(operand.U8(pick(p.isa, 2, 3)), stride)

	strip := func(label string, vectors int, lanes part) {
		load := func(m operand.Mem) vector {
			v := p.vec()
			lanes.load(m, v)
			return v
		}
		registers := func(names []string) (v [][]vector) {
			for i := range vectors {
				v = append(v, nil)
				for _, name := range names {
					v[i] = append(v[i], load(operand.Mem{Base: at[name], Disp: i * p.width}))
				}
			}
			return v
		}
		sums, numbers := registers(l.sums), registers(l.numbers)
		p.XORQ(offset, offset)
		p.MOVQ(rows, left)
		p.Label(label)
		for i := range vectors {
			element := func(name string) operand.Mem {
				return operand.Mem{Base: at[name], Index: offset, Scale: 1, Disp: i * p.width}
			}
			var in []vector
			for _, name := range l.in {
				in = append(in, load(element(name)))
			}
			out, terms := body(in, numbers[i])
			for j, v := range out {
				lanes.store(v, element(l.out[j]))
			}
			for j, v := range terms {
				pick(p.isa, p.VADDPS, p.VADDPD)(v, sums[i][j], sums[i][j])
			}
		}
		p.ADDQ(stride, offset)
		p.DECQ(left)
		p.JNZ(operand.LabelRef(label))
		for i := range vectors {
			for j, name := range l.sums {
				lanes.store(sums[i][j], operand.Mem{Base: at[name], Disp: i * p.width})
			}
		}
		for _, name := range all {
			p.ADDQ(operand.I32(vectors*p.width), at[name])
		}
	}

	vectors := 4
	if !p.masked() && len(l.sums)+len(l.numbers) > 2 {
		vectors = 2
	}
	p.Label("wide")
	p.CMPQ(n, operand.I32(vectors*p.lanes()))
	p.JL(operand.LabelRef("narrow"))
	strip("wideRow", vectors, part{isa: p.isa})
	p.SUBQ(operand.I32(vectors*p.lanes()), n)
	p.JMP(operand.LabelRef("wide"))

	p.Label("narrow")
	p.TESTQ(n, n)
	p.JE(operand.LabelRef("done"))
	count := p.GP64()
	p.MOVQ(operand.U32(p.lanes()), count)
	p.CMPQ(n, count)
	p.CMOVQLT(n, count)
	strip("narrowRow", 1, p.first(count))
	p.SUBQ(count, n)
	p.JMP(operand.LabelRef("narrow"))
	p.Label("done")
	p.VZEROUPPER()
	p.RET()
}
