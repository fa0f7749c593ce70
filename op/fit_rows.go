package op

import (
	"fmt"
	"strings"
)

// Rows is a block of residuals r_i = ρ(f_i0 … f_i(J−1), d_i0 … d_i(C−1)) with J fields f_ij = Σ_k F_j[i, k]·w_k, which are linear in the
// unknowns, and C columns of data d_ij.
type Rows struct {
	Fields, Data int
	Formula      *Formula
	First        []int   // for each variable, the instruction that makes ∂ρ/∂x; −1: zero
	Second       [][]int // and those that make ∂²ρ/∂x∂y; nil unless asked for
}

// ParseRows reads blocks of rows separated by semicolons, each "J C formula" with the fields as the formula's variables x0 … x(J−1) and
// the data as those behind them. second asks for the second derivatives.
func ParseRows(text string, second bool) ([]Rows, error) {
	var list []Rows
	for _, part := range strings.Split(text, ";") {
		var r Rows
		part = strings.TrimSpace(part)
		if _, err := fmt.Sscanf(part, "%d %d", &r.Fields, &r.Data); err != nil || r.Fields < 1 || r.Data < 0 {
			return nil, fmt.Errorf("op: rows %q: want the number of fields, that of data columns, and a formula", part)
		}
		words := strings.Fields(part)
		var err error
		if r.Formula, err = ParseFormula(strings.Join(words[2:], " "), r.Variables()); err != nil {
			return nil, err
		}
		for v := range r.Variables() {
			r.First = append(r.First, r.Formula.Derivative(r.Formula.Value, v))
		}
		for _, d := range r.First {
			row := make([]int, r.Variables())
			for v := range row {
				if row[v] = -1; d >= 0 && second {
					row[v] = r.Formula.Derivative(d, v)
				}
			}
			r.Second = append(r.Second, row)
		}
		list = append(list, r)
	}
	return list, nil
}

// Variables is the number of the formula's variables.
func (r Rows) Variables() int { return r.Fields + r.Data }

// Linear reports whether ρ is a linear function of the fields, with coefficients that may depend on the data, plus one of the data.
func (r Rows) Linear() bool {
	for _, row := range r.Second[:r.Fields] {
		for _, d := range row[:r.Fields] {
			if d >= 0 {
				return false
			}
		}
	}
	return true
}

// fitOf parses rows and checks the inputs that belong to them: start [S, N], then for each block its fields [S, M, N] and its data
// [S, M], and behind those as many of shape [S, ..] as rest says.
func fitOf(name, text string, in []Dims, rest int) ([]Rows, error) {
	rows, err := ParseRows(text, false)
	if err != nil {
		return nil, err
	}
	want := 1 + rest
	for _, r := range rows {
		want += r.Variables()
	}
	if err := arity(name, in, want); err != nil {
		return nil, err
	}
	fail := func() error {
		return fmt.Errorf("%s: shapes %v: want unknowns [S, N], then for each block of %q its fields [S, M, N] and its data [S, M]", name, in, text)
	}
	if in[0].n != 2 {
		return nil, fail()
	}
	s, n := in[0].len[0], in[0].len[1]
	at := 1
	for _, r := range rows {
		m := Of(s, 0, n)
		if in[at].n == 3 {
			m = Of(s, in[at].len[1], n)
		}
		for j := range r.Variables() {
			d := m
			if j >= r.Fields {
				d = m.Cut(0, 2)
			}
			if in[at] != d {
				return nil, fail()
			}
			at++
		}
	}
	return rows, nil
}

// rowsAt evaluates one block at one sample: reg[i] has the values of instruction i at every row; x are the variables.
func (r Rows) at(in []Array, sample int, w []float64) (reg, x [][]float64) {
	m, n := in[0].Dims.len[1], in[0].Dims.len[2]
	for j, a := range in[:r.Variables()] {
		if j >= r.Fields {
			x = append(x, a.Data[sample*m:(sample+1)*m])
			continue
		}
		f := make([]float64, m)
		for i := range f {
			for k, c := range w {
				f[i] += a.Data[(sample*m+i)*n+k] * c
			}
		}
		x = append(x, f)
	}
	for range r.Formula.Code {
		reg = append(reg, make([]float64, m))
	}
	r.Formula.Run(reg, x, m)
	return reg, x
}

// FitRowsOp is the derivative of vᵀg, g = Σ r_i ∇r_i the gradient of a fit at w, in what the rows of one block are made of, row by row:
// with p_ij = Σ_k F_j[i, k]·v_k, q = Σ_j ρ_j·p_j and s_l = ρ_l·q + r·Σ_j ρ_jl·p_j, the numbers s_0, r·ρ_0, s_1, r·ρ_1, … of the fields and then
// s_l of the data columns. Then ∂(vᵀg)/∂F_l[i, k] = s_l·w_k + r·ρ_l·v_k. Shapes: w [S, N], fields [S, M, N].., data [S, M].., v [S, N] →
// [S, M, 2J+C]. Rows is one block of ParseRows. It has no gradient rule.
type FitRowsOp struct{ Rows string }

// Shape implements Op.
func (o FitRowsOp) Shape(in ...Dims) (Dims, error) {
	rows, err := fitOf("fitrows", o.Rows, in, 1)
	if err != nil {
		return Dims{}, err
	}
	if len(rows) != 1 || in[len(in)-1] != in[0] {
		return Dims{}, fmt.Errorf("fitrows: shapes %v: want one block of rows and v like w", in)
	}
	return in[1].With(2, 2*rows[0].Fields+rows[0].Data), nil
}

// Eval implements Op.
func (o FitRowsOp) Eval(out Array, in ...Array) {
	rows, err := ParseRows(o.Rows, true)
	if err != nil {
		panic(err.Error())
	}
	r := rows[0]
	s, m, n := in[1].Dims.len[0], in[1].Dims.len[1], in[1].Dims.len[2]
	w, v, width := in[0], in[len(in)-1], out.Dims.len[2]
	for b := range s {
		reg, _ := r.at(in[1:], b, w.Data[b*n:(b+1)*n])
		p := make([]float64, r.Fields)
		for i := range m {
			for j := range p {
				p[j] = 0
				for k := range n {
					p[j] += in[1+j].Data[(b*m+i)*n+k] * v.Data[b*n+k]
				}
			}
			at := func(k int) float64 {
				if k < 0 {
					return 0
				}
				return reg[k][i]
			}
			r.Cotangent(out.Data[(b*m+i)*width:(b*m+i+1)*width], p, at)
		}
	}
}

// Cotangent writes the numbers of one row, of which value(i) is what instruction i made, to dst.
func (r Rows) Cotangent(dst, p []float64, value func(i int) float64) {
	q := 0.0
	for j, x := range p {
		q += value(r.First[j]) * x
	}
	res := value(r.Formula.Value)
	for l := range r.Variables() {
		s := value(r.First[l]) * q
		for j, x := range p {
			s += res * value(r.Second[j][l]) * x
		}
		if l < r.Fields {
			dst[2*l], dst[2*l+1] = s, res*value(r.First[l])
		} else {
			dst[r.Fields+l] = s
		}
	}
}

// Grad implements Op: there is no rule.
func (o FitRowsOp) Grad(in []Value, _, _ Value) []Value { return make([]Value, len(in)) }

// FLOPs counts those of the fields at w and at v.
func (FitRowsOp) FLOPs(_ Dims, in ...Dims) (n int64) {
	for _, d := range in {
		if d.n == 3 {
			n += 4 * int64(d.Size())
		}
	}
	return n
}
