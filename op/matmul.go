package op

import "fmt"

// MatMulOp: C = op(A)·op(B) for each leading index, op being the transpose of the last two axes where its flag is set.
// Shapes: A [.., M, K] (TransA: [.., K, M]), B [.., K, N] (TransB: [.., N, K]), C [.., M, N]; leading axes are equal.
// Gradients are products of the same kind: without flags dA = dC·Bᵀ, dB = Aᵀ·dC.
type MatMulOp struct{ TransA, TransB bool }

// MatMul returns the matrix product of a and b, each transposed in its last two axes where asked. A b of rank two multiplies
// every matrix of a (without transA); then all rows of a form one matrix.
func MatMul(a, b Value, transA, transB bool) Value {
	da, db := a.Dims(), b.Dims()
	if db.n == 2 && da.n > 2 && !transA {
		rows := Of(da.Span(0, da.n-1), da.At(-1))
		c := Apply(MatMulOp{false, transB}, ReshapeTo(a, rows), b)
		if !c.Valid() {
			return c
		}
		return ReshapeTo(c, da.With(-1, c.Dims().At(-1)))
	}
	return Apply(MatMulOp{transA, transB}, a, b)
}

// Sizes returns the sizes of one product, C [m, n] summed over k, and the number of products.
func (o MatMulOp) Sizes(a, b Dims) (batch, m, n, k int) {
	m, k, n = a.At(-2), a.At(-1), b.At(-1)
	if o.TransA {
		m, k = k, m
	}
	if o.TransB {
		n = b.At(-2)
	}
	return a.Span(0, a.n-2), m, n, k
}

// Shape implements Op.
func (o MatMulOp) Shape(in ...Dims) (Dims, error) {
	if err := arity("matmul", in, 2); err != nil {
		return Dims{}, err
	}
	a, b := in[0], in[1]
	if a.n < 2 || a.n != b.n || a.Cut(0, a.n-2) != b.Cut(0, b.n-2) {
		return Dims{}, fmt.Errorf("matmul: shapes %v and %v: want two matrices with equal leading axes", a, b)
	}
	_, m, n, k := o.Sizes(a, b)
	other := b.At(-2)
	if o.TransB {
		other = b.At(-1)
	}
	if k != other {
		return Dims{}, fmt.Errorf("matmul: shapes %v and %v (transposed: %t, %t) have inner lengths %d and %d", a, b, o.TransA, o.TransB, k, other)
	}
	return a.With(-2, m).With(-1, n), nil
}

// Eval implements Op.
func (o MatMulOp) Eval(out Array, in ...Array) {
	batch, m, n, k := o.Sizes(in[0].Dims, in[1].Dims)
	ai, ak := k, 1
	if o.TransA {
		ai, ak = 1, m
	}
	bk, bj := n, 1
	if o.TransB {
		bk, bj = 1, k
	}
	for p := range batch {
		a, b := in[0].Data[p*m*k:], in[1].Data[p*k*n:]
		for i := range m {
			for j := range n {
				s := 0.0
				for l := range k {
					s += a[i*ai+l*ak] * b[l*bk+j*bj]
				}
				out.Data[(p*m+i)*n+j] = s
			}
		}
	}
}

// Grad implements Op.
func (o MatMulOp) Grad(in []Value, _, dC Value) []Value {
	a, b := in[0], in[1]
	var dA, dB Value
	if o.TransA {
		dA = MatMul(b, dC, o.TransB, true)
	} else {
		dA = MatMul(dC, b, false, !o.TransB)
	}
	if o.TransB {
		dB = MatMul(dC, a, true, o.TransA)
	} else {
		dB = MatMul(a, dC, !o.TransA, false)
	}
	return []Value{dA, dB}
}

// LinearIn implements Linear.
func (MatMulOp) LinearIn(int) bool { return true }

// FLOPs counts multiplications and additions.
func (o MatMulOp) FLOPs(_ Dims, in ...Dims) int64 {
	batch, m, n, k := o.Sizes(in[0], in[1])
	return 2 * int64(batch) * int64(m) * int64(n) * int64(k)
}
