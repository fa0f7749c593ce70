package constraint

import "github.com/kolmogo/kolmogo/op"

// Project returns the point of A·z = b that is nearest to y: z = y − Aᵀ(A·Aᵀ)⁻¹(A·y − b), by the QR factors of Aᵀ. Shapes: y [S, N],
// a [K, N] with independent rows, b [S, K] → [S, N]. Rows that depend on each other give NaN, and op.Broken of the factors says so.
func Project(y, a, b op.Value) op.Value {
	q, r := op.QR(op.Transpose(a, 1, 0))
	miss := op.Sub(op.MatMul(y, a, false, true), b) // [S, K]
	t := op.TriangularSolve(r, op.Transpose(miss, 1, 0), true, true)
	return op.Sub(y, op.MatMul(t, q, true, true))
}

// LeastSquares returns w = argmin ‖A·w − b‖² + ridge·‖w‖², the constraint A·w = b as far as it can be met, by one QR factorisation. Shapes:
// a [S, M, N], b [S, M] → [S, N]. Columns that depend on each other, without a ridge, give NaN.
func LeastSquares(a, b op.Value, ridge float64) op.Value {
	if !a.Valid() || !b.Valid() {
		return a
	}
	d := a.Dims()
	s, n := d.At(0), d.At(2)
	b = op.ReshapeTo(b, b.Dims().Append(1))
	if ridge > 0 {
		a = op.Concat(1, a, op.BroadcastTo(diagonal(a, n, ridge), op.Of(s, n, n)))
		zero := a.Graph().Scalar(a.Dtype(), 0)
		b = op.Concat(1, b, op.BroadcastTo(op.ReshapeTo(zero, op.Of(1, 1, 1)), op.Of(s, n, 1)))
	}
	return op.ReshapeTo(op.LeastSquares(a, b), op.Of(s, n))
}
