package op

import "math"

// LeastPivot is how small a pivot of the damped normal equations may be, relative to its diagonal entry, before a step is found from the rows
// themselves: below it Cholesky's factor has lost all but three digits.
const LeastPivot = 0x1p-43

// conditioned reports whether Cholesky's factor l of a is of use.
func conditioned(l, a []float64, n int) bool {
	for k := range n {
		if p := l[k*(n+1)]; !(p*p > LeastPivot*a[k*(n+1)]) {
			return false
		}
	}
	return true
}

// orthogonalStep returns δ = argmin ‖J·δ − r‖² + Ridge·‖δ − w‖² + λ·δᵀ·diag(h)·δ at w by the QR factors of the stacked rows, whose condition
// number is the root of that of the normal equations; nil where they depend on each other, to rounding.
func (o FitOp) orthogonalStep(rows []Rows, in []Array, sample int, w, h []float64, lambda float64) []float64 {
	n := len(w)
	var a, b []float64
	for _, r := range rows {
		reg, _ := r.at(in, sample, w)
		for i := range in[0].Dims.len[1] {
			a, b = append(a, r.jacobian(in, reg, sample, i, n)...), append(b, reg[r.Formula.Value][i])
		}
		in = in[r.Variables():]
	}
	for k := range n {
		for _, d := range []float64{o.Ridge, lambda * h[k*(n+1)]} {
			row := make([]float64, n)
			row[k] = math.Sqrt(d)
			a = append(a, row...)
		}
		b = append(b, math.Sqrt(o.Ridge)*w[k], 0)
	}
	m := len(b)
	qr := NewArray(Of(m+n, n))
	QROp{}.Eval(qr, Array{Of(m, n), a})
	q, r := qr.Data[:m*n], qr.Data[m*n:]
	step := make([]float64, n)
	for k := n - 1; k >= 0; k-- {
		for i, x := range b {
			step[k] += q[i*n+k] * x
		}
		for l := k + 1; l < n; l++ {
			step[k] -= r[k*n+l] * step[l]
		}
		step[k] /= r[k*(n+1)]
	}
	if !AllFinite(step) {
		return nil
	}
	return step
}
