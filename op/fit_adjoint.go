package op

import (
	"fmt"
	"math"
	"strings"
)

// FitAdjointOp: v = A⁻¹·dw at the result of a FitOp, with A = JᵀJ + Σ_i r_i ∇²r_i + Ridge, the Hessian of the objective, or JᵀJ + Ridge with
// GaussNewton. Where the solve did not converge, A has λ·diag(JᵀJ + Ridge) added, λ being the last damping; where A is not positive
// definite then, the second derivatives are left out; and v is zero where that, or w, is no use either.
// Shapes: a FitOp's result [S, N+FitReport], fields and data as its own, dw [S, N] → [S, N]. It has no gradient rule.
type FitAdjointOp struct {
	Rows        string
	Ridge       float64
	GaussNewton bool
}

// blockOf is one block of rows.
func blockOf(rows string, b int) string { return strings.Split(rows, ";")[b] }

// Shape implements Op.
func (o FitAdjointOp) Shape(in ...Dims) (Dims, error) {
	given := in
	if len(in) > 0 && in[0].n == 2 && in[0].len[1] >= FitReport {
		given = append([]Dims{in[0].With(1, in[0].len[1]-FitReport)}, in[1:]...)
	}
	if _, err := fitOf("fitadjoint", o.Rows, given, 1); err != nil {
		return Dims{}, fmt.Errorf("%w (inputs %v)", err, in)
	}
	if last := in[len(in)-1]; last != given[0] || len(given) == 0 {
		return Dims{}, fmt.Errorf("fitadjoint: shapes %v: want the cotangent of the unknowns %v last", in, given[0])
	}
	return given[0], nil
}

// Eval implements Op.
func (o FitAdjointOp) Eval(out Array, in ...Array) {
	rows, err := ParseRows(o.Rows, true)
	if err != nil {
		panic(err.Error())
	}
	n := out.Dims.len[1]
	for b := range out.Dims.len[0] {
		fit := in[0].Data[b*(n+FitReport) : (b+1)*(n+FitReport)]
		w, v := fit[:n], out.Data[b*n:(b+1)*n]
		_, h, _ := normalEquations(rows, in[1:], b, w, o.Ridge)
		full := append([]float64{}, h...)
		o.curvature(full, rows, in[1:], b, w)
		dw := in[len(in)-1].Data[b*n : (b+1)*n]
		var x []float64
		for _, a := range [][]float64{full, h} {
			if fit[n+2] != 1 {
				for k := range n {
					a[k*(n+1)] += fit[n+3] * h[k*(n+1)]
				}
			}
			if x == nil {
				x, _ = solvePositive(a, dw, n)
			}
		}
		clear(v)
		if AllFinite(x) {
			copy(v, x)
		}
	}
}

// curvature adds Σ r_i ∇²r_i to h, unless it is left out.
func (o FitAdjointOp) curvature(h []float64, rows []Rows, in []Array, sample int, w []float64) {
	n := len(w)
	for _, r := range rows {
		m := in[0].Dims.len[1]
		reg, _ := r.at(in, sample, w)
		for i := 0; i < m && !o.GaussNewton; i++ {
			for j, row := range r.Second[:r.Fields] {
				for l, d := range row[:r.Fields] {
					if d < 0 {
						continue
					}
					c := reg[r.Formula.Value][i] * reg[d][i]
					for k := range n {
						for q := range n {
							h[k*n+q] += c * in[j].Data[(sample*m+i)*n+k] * in[l].Data[(sample*m+i)*n+q]
						}
					}
				}
			}
		}
		in = in[r.Variables():]
	}
}

// AllFinite reports whether there are no NaN and no infinities in x.
func AllFinite(x []float64) bool {
	for _, v := range x {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return false
		}
	}
	return true
}

// Grad implements Op: there is no rule.
func (o FitAdjointOp) Grad(in []Value, _, _ Value) []Value { return make([]Value, len(in)) }
