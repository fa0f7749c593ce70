package op

import (
	"fmt"
	"math"
)

// QROp: A = Q·R for each leading index, with QᵀQ = 1 and R upper triangular with a positive diagonal, the one below the other.
// Shapes: A [.., M, N], M ≥ N → [.., M+N, N]. A matrix whose columns depend on each other, to rounding, breaks down: its Q and R are
// NaN throughout, and Broken says so.
//
// Gradient, with the lower triangle of M mirrored to the upper one: dA = (dQ + Q·mirror(M))·R⁻ᵀ, M = R·dRᵀ − dQᵀ·Q.
// Source: Walter and Lehmann, Algorithmic differentiation of linear algebra functions (2010).
type QROp struct{}

// QR returns the factors of a [.., M, N] with M ≥ N: q [.., M, N] and r [.., N, N].
func QR(a Value) (q, r Value) {
	qr := Apply(QROp{}, a)
	if !qr.Valid() {
		return qr, qr
	}
	d := a.Dims()
	return SliceAxis(qr, d.n-2, 0, d.At(-2)), SliceAxis(qr, d.n-2, d.At(-2), d.At(-1))
}

// LeastSquares returns X = argmin ‖A·X − B‖ for a [.., M, N] of full rank and b [.., M, K], by QR.
func LeastSquares(a, b Value) Value {
	q, r := QR(a)
	return TriangularSolve(r, MatMul(q, b, true, false), true, false)
}

// Shape implements Op.
func (QROp) Shape(in ...Dims) (Dims, error) {
	if err := arity("qr", in, 1); err != nil {
		return Dims{}, err
	}
	d := in[0]
	if d.n < 2 || d.At(-2) < d.At(-1) {
		return Dims{}, fmt.Errorf("qr: shape %v: want matrices [.., M, N] with M ≥ N", d)
	}
	return d.With(-2, d.At(-2)+d.At(-1)), nil
}

// Eval implements Op: Gram–Schmidt, each column twice.
func (QROp) Eval(out Array, in ...Array) {
	m, n := in[0].Dims.At(-2), in[0].Dims.At(-1)
	for p := range in[0].Dims.Span(0, in[0].Dims.n-2) {
		a, q, r := in[0].Data[p*m*n:], out.Data[p*(m+n)*n:], out.Data[(p*(m+n)+m)*n:(p+1)*(m+n)*n]
		clear(r)
		for j := range n {
			before := 0.0
			for i := range m {
				q[i*n+j] = a[i*n+j]
				before = math.Hypot(before, a[i*n+j])
			}
			for range 2 {
				for k := range j {
					s := 0.0
					for i := range m {
						s += q[i*n+k] * q[i*n+j]
					}
					r[k*n+j] += s
					for i := range m {
						q[i*n+j] -= s * q[i*n+k]
					}
				}
			}
			for i := range m {
				r[j*n+j] = math.Hypot(r[j*n+j], q[i*n+j])
			}
			if !(r[j*n+j] > float64(m)*0x1p-52*before) {
				for i := range (m + n) * n {
					q[i] = math.NaN()
				}
				break
			}
			for i := range m {
				q[i*n+j] /= r[j*n+j]
			}
		}
	}
}

// Grad implements Op.
func (QROp) Grad(in []Value, qr, dQR Value) []Value {
	d := in[0].Dims()
	part := func(v Value, start, n int) Value { return SliceAxis(v, d.n-2, start, n) }
	q, r := part(qr, 0, d.At(-2)), part(qr, d.At(-2), d.At(-1))
	dQ, dR := part(dQR, 0, d.At(-2)), Triangle(part(dQR, d.At(-2), d.At(-1)), 1, true)
	m := Sub(MatMul(r, dR, false, true), MatMul(dQ, q, true, false))
	mirror := Add(Triangle(m, 1, false), transposed(Triangle(m, 0, false)))
	left := Add(dQ, MatMul(q, mirror, false, false))
	return []Value{transposed(TriangularSolve(r, transposed(left), true, false))}
}

// FLOPs counts those of Householder's reflections.
func (QROp) FLOPs(_ Dims, in ...Dims) int64 {
	m, n := int64(in[0].At(-2)), int64(in[0].At(-1))
	return int64(in[0].Span(0, in[0].n-2)) * 4 * m * n * n
}
