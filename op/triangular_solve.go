package op

import "fmt"

// TriangularSolveOp: X with op(T)·X = B for each leading index, op being the transpose where Trans is set. T is lower triangular, with
// Upper upper triangular: the other triangle is not read. Shapes: T [.., N, N], B [.., N, K] → X [.., N, K].
// A zero on the diagonal gives infinities and NaN.
//
// Gradients: dB = op(T)⁻ᵀ·dX and dT = −dB·Xᵀ (Trans: −X·dBᵀ), the triangle of it that is read.
type TriangularSolveOp struct{ Upper, Trans bool }

// TriangularSolve solves op(t)·X = b for a triangular t.
func TriangularSolve(t, b Value, upper, trans bool) Value {
	return Apply(TriangularSolveOp{upper, trans}, t, b)
}

// Shape implements Op.
func (TriangularSolveOp) Shape(in ...Dims) (Dims, error) {
	if err := arity("triangularsolve", in, 2); err != nil {
		return Dims{}, err
	}
	t, b := in[0], in[1]
	if t.n < 2 || b.n != t.n || t.At(-1) != t.At(-2) || t.Cut(0, t.n-1) != b.Cut(0, b.n-1) {
		return Dims{}, fmt.Errorf("triangularsolve: shapes %v and %v: want square matrices and as many right-hand sides [.., N, K]", t, b)
	}
	return b, nil
}

// Forward reports whether the unknowns are found from the first to the last.
func (o TriangularSolveOp) Forward() bool { return o.Upper == o.Trans }

// Eval implements Op.
func (o TriangularSolveOp) Eval(out Array, in ...Array) {
	n, k := out.Dims.At(-2), out.Dims.At(-1)
	row, col := n, 1
	if o.Trans {
		row, col = 1, n
	}
	for p := range out.Dims.Span(0, out.Dims.n-2) {
		t, x := in[0].Data[p*n*n:], out.Data[p*n*k:(p+1)*n*k]
		copy(x, in[1].Data[p*n*k:])
		for s := range n {
			i := s
			if !o.Forward() {
				i = n - 1 - s
			}
			for r := range s {
				j := r
				if !o.Forward() {
					j = n - 1 - r
				}
				for c := range k {
					x[i*k+c] -= t[i*row+j*col] * x[j*k+c]
				}
			}
			for c := range k {
				x[i*k+c] /= t[i*row+i*col]
			}
		}
	}
}

// Grad implements Op.
func (o TriangularSolveOp) Grad(in []Value, x, dX Value) []Value {
	dB := Apply(TriangularSolveOp{o.Upper, !o.Trans}, in[0], dX)
	dT := MatMul(dB, x, false, true)
	if o.Trans {
		dT = MatMul(x, dB, false, true)
	}
	return []Value{Neg(Triangle(dT, 1, o.Upper)), dB}
}

// LinearIn implements Linear.
func (TriangularSolveOp) LinearIn(input int) bool { return input == 1 }

// FLOPs counts multiplications and additions.
func (TriangularSolveOp) FLOPs(out Dims, in ...Dims) int64 {
	return int64(out.Size()) * int64(in[0].At(-1))
}
