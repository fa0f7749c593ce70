package constraint

import (
	"fmt"

	"github.com/kolmogo/kolmogo/op"
)

// Gaussian is an uncertain prediction: mean [S, N] and covariance, either [S, N, N] or, where it is diagonal, the variances [S, N].
type Gaussian struct{ Mean, Cov op.Value }

// Diagonal reports whether Cov holds variances.
func (p Gaussian) Diagonal() bool { return p.Cov.Dims().Rank() == 2 }

// Full returns the same with its covariance in full.
func (p Gaussian) Full() Gaussian {
	if !p.Diagonal() {
		return p
	}
	n := p.Mean.Dims().At(1)
	return Gaussian{p.Mean, op.Mul(diagonal(p.Mean, n, 1), op.ReshapeTo(p.Cov, p.Cov.Dims().With(1, 1).Append(n)))}
}

// Condition returns the prediction given b = G·u + noise, noise of K independent rows with the given variances:
//
//	mean′ = mean − Σ·Gᵀ·M⁻¹·(G·mean − b),   Σ′ = Σ − Σ·Gᵀ·M⁻¹·G·Σ,   M = diag(noise) + G·Σ·Gᵀ.
//
// Without noise the mean meets the rows exactly, to rounding. Shapes: rows G [S, K, N], b and noise [S, K]. A diagonal covariance stays
// so: what is returned then is the diagonal of Σ′. Rows that contradict or repeat each other give NaN.
// Source: Hansen et al. 2023 (arXiv 2302.11002), eq. 8.
func (p Gaussian) Condition(rows, b, noise op.Value) Gaussian {
	d := rows.Dims()
	if !rows.Valid() || d.Rank() != 3 || p.Mean.Dims() != op.Of(d.At(0), d.At(2)) {
		rows.Fail(fmt.Errorf("constraint: rows of shape %v for a prediction of shape %v: want [S, K, N]", d, p.Mean.Dims()))
		return p
	}
	s, k, n := d.At(0), d.At(1), d.At(2)
	var spread op.Value // G·Σ [S, K, N]
	if p.Diagonal() {
		spread = op.Mul(rows, op.ReshapeTo(p.Cov, op.Of(s, 1, n)))
	} else {
		spread = op.MatMul(rows, p.Cov, false, false)
	}
	m := op.Add(op.MatMul(spread, rows, false, true), op.Mul(diagonal(rows, k, 1), op.ReshapeTo(noise, op.Of(s, 1, k))))
	l := op.Cholesky(m)
	gain := op.TriangularSolve(l, spread, false, false) // L⁻¹GΣ
	miss := op.Sub(op.MatMul(rows, op.ReshapeTo(p.Mean, op.Of(s, n, 1)), false, false), op.ReshapeTo(b, op.Of(s, k, 1)))
	step := op.MatMul(gain, op.TriangularSolve(l, miss, false, false), true, false)
	mean := op.Sub(p.Mean, op.ReshapeTo(step, op.Of(s, n)))
	if p.Diagonal() {
		return Gaussian{mean, op.Sub(p.Cov, op.SumOver(op.Mul(gain, gain), op.AxisSet(1)))}
	}
	return Gaussian{mean, op.Sub(p.Cov, op.MatMul(gain, gain, true, false))}
}

// ConditionMean is Condition of the mean as if every point were as uncertain as any other, the nearest that meets the rows: the
// covariance stays what it is.
func (p Gaussian) ConditionMean(rows, b op.Value) Gaussian {
	ones := op.Affine(op.Scale(p.Mean, 0), 1, 1)
	even := Gaussian{p.Mean, ones}.Condition(rows, b, op.Scale(b, 0))
	return Gaussian{even.Mean, p.Cov}
}

// Smooth returns the prediction given that its second differences u_(i−1) − 2u_i + u_(i+1) are zero up to noise whose variance is what the
// prediction itself says of them, if neighbours were correlated by alpha:
//
//	c_− + 4c + c_+ − 4α√(c_− c) + 2α²√(c_− c_+) − 4α√(c c_+)   with the variances c_−, c, c_+ of i−1, i and i+1.
func (p Gaussian) Smooth(alpha float64) Gaussian {
	s, n := p.Mean.Dims().At(0), p.Mean.Dims().At(1)
	if n < 3 {
		return p
	}
	data := make([]float64, (n-2)*n)
	for i := range n - 2 {
		data[i*n+i], data[i*n+i+1], data[i*n+i+2] = 1, -2, 1
	}
	rows := op.BroadcastTo(constant(p.Mean, "differences", op.Of(1, n-2, n), data), op.Of(s, n-2, n))
	variance := p.Variance()
	c := func(i int) op.Value { return op.SliceAxis(variance, 1, i, n-2) }
	root := func(i, j int) op.Value { return op.Sqrt(op.Mul(c(i), c(j))) }
	noise := op.Add(op.Add(c(0), op.Scale(c(1), 4)), c(2))
	noise = op.Sub(noise, op.Scale(op.Add(root(0, 1), root(1, 2)), 4*alpha))
	noise = op.Add(noise, op.Scale(root(0, 2), 2*alpha*alpha))
	return p.Full().Condition(rows, op.Scale(op.SliceAxis(p.Mean, 1, 0, n-2), 0), noise)
}

// Variance returns the variances [S, N].
func (p Gaussian) Variance() op.Value {
	if p.Diagonal() {
		return p.Cov
	}
	return op.SumOver(op.Mul(p.Cov, diagonal(p.Cov, p.Mean.Dims().At(1), 1)), op.AxisSet(2))
}

// Bound returns argmin (y − mean)ᵀΣ⁻¹(y − mean) over y ≥ 0 or, with decreasing, over y_0 ≥ y_1 ≥ … ≥ 0.
func (p Gaussian) Bound(decreasing bool) op.Value {
	full := p.Full()
	s, n := p.Mean.Dims().At(0), p.Mean.Dims().At(1)
	steps := make([]float64, n*n) // y = T·z with z ≥ 0
	for i := range n {
		for j := i; j < n && (j == i || decreasing); j++ {
			steps[i*n+j] = 1
		}
	}
	t := op.BroadcastTo(constant(p.Mean, "steps", op.Of(1, n, n), steps), op.Of(s, n, n))
	l := op.Cholesky(full.Cov)
	white := op.TriangularSolve(l, op.Concat(2, t, op.ReshapeTo(p.Mean, op.Of(s, n, 1))), false, false)
	z := op.NonnegativeLeastSquares(op.SliceAxis(white, 2, 0, n), op.ReshapeTo(op.SliceAxis(white, 2, n, 1), op.Of(s, n)))
	return op.ReshapeTo(op.MatMul(t, op.ReshapeTo(z, op.Of(s, n, 1)), false, false), op.Of(s, n))
}
