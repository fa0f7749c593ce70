package op

import (
	"math"
)

// FitOp: w = argmin E(w), E = ½ Σ_i r_i(w)² + ½ Ridge·‖w‖², for each of S samples by Levenberg and Marquardt's method: a constraint r = 0
// that is solved as far as the fields allow. Shapes: start [S, N], then for each block of Rows (see ParseRows) its fields [S, M, N] and
// its data [S, M] → [S, N+FitReport]: w, then E, the iterations, 1 if the solve converged, and the last damping.
//
// An iteration solves (H + λ·diag H)·δ = −g with g = Jᵀr + Ridge·w and H = JᵀJ + Ridge, and takes w + δ where E falls: then λ is divided
// by ten, otherwise multiplied by it. The solve has converged when a step with λ ≤ 1 promises to lower E by no more than Tolerance·E. A
// sample whose E is not finite at the start keeps it. Where the damped H is so badly conditioned that its factor has no digits left (see
// LeastPivot), the step is that of the QR factors of the rows.
//
// Gradient, of w alone, by the implicit function theorem: v = A⁻¹·dw, and the derivative of −vᵀg in the fields and data; A is the full
// Hessian of E or, with GaussNewton, H. A sample that has not converged is damped by its last λ; see FitAdjointOp. The start has none.
// Source: Levenberg 1944; Marquardt 1963; Chalapathi, Du, Krishnapriyan 2024 (arXiv 2402.13412), §3.
type FitOp struct {
	Rows          string
	Tolerance     float64
	Damping       float64 // the first λ
	Ridge         float64
	MaxIterations int
	GaussNewton   bool // in the gradient
}

// FitReport is the number of columns behind the unknowns in what a FitOp returns.
const FitReport = 4

// rounding is what E is off by, relative: a smaller decrease cannot be seen, and a smaller increase is none.
const rounding = 0x1p-50

// Limits of the damping: below the first it is no more divided, above the last a solve ends.
const (
	LeastDamping = 1e-15
	MostDamping  = 1e15
)

// Fit solves for w; see FitOp. It returns w [S, N] and the report [S, FitReport].
func Fit(o FitOp, in ...Value) (w, report Value) {
	out := Apply(o, in...)
	if !out.Valid() {
		return out, out
	}
	n := in[0].Dims().At(1)
	return SliceAxis(out, 1, 0, n), SliceAxis(out, 1, n, FitReport)
}

// Shape implements Op.
func (o FitOp) Shape(in ...Dims) (Dims, error) {
	if _, err := fitOf("fit", o.Rows, in, 0); err != nil {
		return Dims{}, err
	}
	return in[0].With(1, in[0].len[1]+FitReport), nil
}

// FitState is the state of one sample's solve.
type FitState struct {
	E, Lambda  float64
	Iterations int
	Converged  bool
	Over       bool
}

// Start returns the state of a sample with the objective e at the start.
func (o FitOp) Start(e float64) FitState {
	return FitState{E: e, Lambda: o.Damping, Over: math.IsNaN(e) || math.IsInf(e, 0) || o.MaxIterations < 1}
}

// Refuse is the state after a step that could not be computed.
func (o FitOp) Refuse(s FitState) FitState {
	s.Iterations++
	s.Lambda *= 10
	s.Over = s.Iterations >= o.MaxIterations || s.Lambda > MostDamping
	return s
}

// Judge is the state after a step that promised to lower E by gain and led to e; taken says whether it is taken.
func (o FitOp) Judge(s FitState, gain, e float64) (next FitState, taken bool) {
	next = o.Refuse(s)
	next.Converged = gain <= math.Max(o.Tolerance, rounding)*s.E && s.Lambda <= 1
	next.Over = next.Over || next.Converged
	if taken = e <= s.E*(1+rounding); taken {
		next.E, next.Lambda = e, math.Max(s.Lambda/10, LeastDamping)
		next.Over = next.Converged || next.Iterations >= o.MaxIterations
	}
	if next.Converged {
		next.Lambda = s.Lambda
	}
	return next, taken
}

// Report writes the state behind the unknowns.
func (s FitState) Report(dst []float64) {
	dst[0], dst[1], dst[2], dst[3] = s.E, float64(s.Iterations), 0, s.Lambda
	if s.Converged {
		dst[2] = 1
	}
}

// Eval implements Op.
func (o FitOp) Eval(out Array, in ...Array) {
	rows, err := ParseRows(o.Rows, false)
	if err != nil {
		panic(err.Error())
	}
	n := in[0].Dims.len[1]
	for b := range in[0].Dims.len[0] {
		w := append([]float64{}, in[0].Data[b*n:(b+1)*n]...)
		e, h, g := normalEquations(rows, in[1:], b, w, o.Ridge)
		s := o.Start(e)
		for !s.Over {
			damped := append([]float64{}, h...)
			for k := range n {
				damped[k*(n+1)] += s.Lambda * h[k*(n+1)]
			}
			step, good := solvePositive(damped, g, n)
			if !good {
				step = o.orthogonalStep(rows, in[1:], b, w, h, s.Lambda)
			}
			if step == nil {
				s = o.Refuse(s)
				continue
			}
			trial := make([]float64, n)
			gain := 0.0 // gᵀδ − ½ δᵀHδ for w − δ
			for k := range n {
				trial[k] = w[k] - step[k]
				gain += g[k] * step[k]
				for l := range n {
					gain -= step[k] * h[k*n+l] * step[l] / 2
				}
			}
			e, h2, g2 := normalEquations(rows, in[1:], b, trial, o.Ridge)
			var taken bool
			if s, taken = o.Judge(s, gain, e); taken {
				w, h, g = trial, h2, g2
			}
		}
		row := out.Data[b*(n+FitReport) : (b+1)*(n+FitReport)]
		copy(row, w)
		s.Report(row[n:])
	}
}

// normalEquations returns E, H = JᵀJ + ridge and g = Jᵀr + ridge·w of one sample.
func normalEquations(rows []Rows, in []Array, sample int, w []float64, ridge float64) (e float64, h, g []float64) {
	n := len(w)
	h, g = make([]float64, n*n), make([]float64, n)
	for k, x := range w {
		e += ridge * x * x / 2
		g[k] = ridge * x
		h[k*(n+1)] = ridge
	}
	for _, r := range rows {
		m := in[0].Dims.len[1]
		reg, _ := r.at(in, sample, w)
		for i := range m {
			res := reg[r.Formula.Value][i]
			row := r.jacobian(in, reg, sample, i, n)
			e += res * res / 2
			for k := range n {
				g[k] += row[k] * res
				for l := range n {
					h[k*n+l] += row[k] * row[l]
				}
			}
		}
		in = in[r.Variables():]
	}
	return e, h, g
}

// jacobian is ∇r_i.
func (r Rows) jacobian(in []Array, reg [][]float64, sample, i, n int) []float64 {
	row := make([]float64, n)
	for j, d := range r.First[:r.Fields] {
		if d < 0 {
			continue
		}
		m := in[j].Dims.len[1]
		for k := range row {
			row[k] += reg[d][i] * in[j].Data[(sample*m+i)*n+k]
		}
	}
	return row
}

// solvePositive returns A⁻¹·b for a positive definite A, nil if it is not, and whether A is well conditioned.
func solvePositive(a, b []float64, n int) (x []float64, good bool) {
	l := make([]float64, n*n)
	choleskyDefinition(l, a, n)
	if n > 0 && math.IsNaN(l[0]) {
		return nil, false
	}
	y, t := NewArray(Of(n, 1)), NewArray(Of(n, 1))
	TriangularSolveOp{}.Eval(t, Array{Of(n, n), l}, Array{Of(n, 1), b})
	TriangularSolveOp{Trans: true}.Eval(y, Array{Of(n, n), l}, t)
	return y.Data, conditioned(l, a, n)
}

// Grad implements Op.
func (o FitOp) Grad(in []Value, out, dOut Value) []Value {
	n := in[0].Dims().At(1)
	w := SliceAxis(out, 1, 0, n)
	adjoint := append(append([]Value{out}, in[1:]...), SliceAxis(dOut, 1, 0, n))
	v := Apply(FitAdjointOp{Rows: o.Rows, Ridge: o.Ridge, GaussNewton: o.GaussNewton}, adjoint...)
	grads := []Value{{}}
	rows, err := ParseRows(o.Rows, false)
	if err != nil || !v.Valid() {
		return make([]Value, len(in))
	}
	s := in[0].Dims().At(0)
	pair := Concat(1, ReshapeTo(w, Of(s, 1, n)), ReshapeTo(v, Of(s, 1, n)))
	at := 1
	for b, r := range rows {
		args := append(append([]Value{w}, in[at:at+r.Variables()]...), v)
		c := Apply(FitRowsOp{blockOf(o.Rows, b)}, args...)
		for j := range r.Fields {
			grads = append(grads, Neg(MatMul(SliceAxis(c, 2, 2*j, 2), pair, false, false)))
		}
		for j := range r.Data {
			grads = append(grads, Neg(ReshapeTo(SliceAxis(c, 2, 2*r.Fields+j, 1), in[at+r.Fields+j].Dims())))
		}
		at += r.Variables()
	}
	return grads
}

// Differentiable implements Selective: the start is not.
func (FitOp) Differentiable(input int) bool { return input > 0 }

// FLOPs counts those of as many iterations as there may be.
func (o FitOp) FLOPs(_ Dims, in ...Dims) int64 {
	rows, err := ParseRows(o.Rows, false)
	if err != nil {
		return 0
	}
	n, total, at := int64(in[0].len[1]), int64(0), 1
	for _, r := range rows {
		size := int64(in[at].Size())
		total += size * (4*int64(r.Fields) + 2*n)
		at += r.Variables()
	}
	return int64(o.MaxIterations) * (total + int64(in[0].len[0])*n*n*n/3)
}
