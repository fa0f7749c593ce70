package op

import (
	"fmt"
	"math"
)

// CholeskyOp: L with L·Lᵀ = (A + Aᵀ)/2, lower triangular with a positive diagonal, for each leading index. Shapes: A [.., N, N] → the
// same. A matrix whose symmetric part is not positive definite, to rounding, breaks down: its L is NaN throughout, and Broken says so.
//
// Gradient, with Φ the lower triangle and half the diagonal: S = L⁻ᵀ·Φ(Lᵀ·dL)·L⁻¹, dA = (S + Sᵀ)/2.
// Source: Murray, Differentiation of the Cholesky decomposition (2016), eq. 10.
type CholeskyOp struct{}

// Cholesky returns the lower Cholesky factor of the symmetric part of a.
func Cholesky(a Value) Value { return Apply(CholeskyOp{}, a) }

// CholeskySolve returns X with L·Lᵀ·X = B for a Cholesky factor l [.., N, N] and b [.., N, K].
func CholeskySolve(l, b Value) Value {
	return TriangularSolve(l, TriangularSolve(l, b, false, false), false, true)
}

// Shape implements Op.
func (CholeskyOp) Shape(in ...Dims) (Dims, error) {
	if err := arity("cholesky", in, 1); err != nil {
		return Dims{}, err
	}
	if d := in[0]; d.n < 2 || d.At(-1) != d.At(-2) {
		return Dims{}, fmt.Errorf("cholesky: shape %v: want square matrices", d)
	}
	return in[0], nil
}

// Eval implements Op.
func (CholeskyOp) Eval(out Array, in ...Array) {
	n := out.Dims.At(-1)
	for p := range out.Dims.Span(0, out.Dims.n-2) {
		choleskyDefinition(out.Data[p*n*n:(p+1)*n*n], in[0].Data[p*n*n:(p+1)*n*n], n)
	}
}

// choleskyDefinition is the factor of one matrix.
func choleskyDefinition(l, a []float64, n int) {
	clear(l)
	for i := range n {
		for j := range i + 1 {
			s := (a[i*n+j] + a[j*n+i]) / 2
			for k := range j {
				s -= l[i*n+k] * l[j*n+k]
			}
			switch {
			case i > j:
				l[i*n+j] = s / l[j*n+j]
			case s > 0 && !math.IsInf(s, 0):
				l[i*n+i] = math.Sqrt(s)
			default:
				for k := range l {
					l[k] = math.NaN()
				}
				return
			}
		}
	}
}

// Grad implements Op.
func (CholeskyOp) Grad(_ []Value, l, dL Value) []Value {
	phi := Triangle(MatMul(l, Triangle(dL, 1, false), true, false), 0.5, false)
	s := TriangularSolve(l, transposed(TriangularSolve(l, phi, false, true)), false, true)
	return []Value{Scale(Add(s, transposed(s)), 0.5)}
}

// FLOPs counts those of the factorisation.
func (CholeskyOp) FLOPs(_ Dims, in ...Dims) int64 {
	n := int64(in[0].At(-1))
	return int64(in[0].Span(0, in[0].n-2)) * (n*n*n/3 + n*n)
}

// transposed exchanges the last two axes.
func transposed(x Value) Value {
	if !x.Valid() {
		return x
	}
	axes := make([]int, x.Dims().n)
	for i := range axes {
		axes[i] = i
	}
	k := len(axes)
	axes[k-1], axes[k-2] = k-2, k-1
	return Transpose(x, axes...)
}
