package op

import "fmt"

// CMatMulOp: C = op(A)·op(B) of complex matrices, op being the conjugate transpose where its flag is set. Axis −3 holds
// (real, imaginary). Shapes: A [.., 2, M, K] (AdjA: [.., 2, K, M]), B [.., 2, K, N] (AdjB: [.., 2, N, K]), C [.., 2, M, N]; leading
// axes are equal. Under the inner product Re⟨·,·⟩ gradients are products of the same kind: dA = dC·Bᴴ, dB = Aᴴ·dC.
// It is the mode mixing of a Fourier layer: [k.., 2, batch, in]·[k.., 2, in, out].
type CMatMulOp struct{ AdjA, AdjB bool }

// CMatMul returns the complex matrix product of a and b, each conjugate-transposed where asked.
func CMatMul(a, b Value, adjA, adjB bool) Value { return Apply(CMatMulOp{adjA, adjB}, a, b) }

// Sizes returns the sizes of one product, C [m, n] summed over k, and the number of products.
func (o CMatMulOp) Sizes(a, b Dims) (batch, m, n, k int) {
	pairs, m, n, k := MatMulOp{o.AdjA, o.AdjB}.Sizes(a, b)
	return pairs / 2, m, n, k
}

// Shape implements Op.
func (o CMatMulOp) Shape(in ...Dims) (Dims, error) {
	d, err := MatMulOp{o.AdjA, o.AdjB}.Shape(in...)
	if err != nil {
		return Dims{}, fmt.Errorf("complex %w", err)
	}
	if d.n < 3 || d.At(-3) != 2 {
		return Dims{}, fmt.Errorf("complex matmul: shapes %v and %v: axis −3 must hold (real, imaginary)", in[0], in[1])
	}
	return d, nil
}

// Eval implements Op.
func (o CMatMulOp) Eval(out Array, in ...Array) {
	batch, m, n, k := o.Sizes(in[0].Dims, in[1].Dims)
	ai, ak, sa := k, 1, 1.0
	if o.AdjA {
		ai, ak, sa = 1, m, -1
	}
	bk, bj, sb := n, 1, 1.0
	if o.AdjB {
		bk, bj, sb = 1, k, -1
	}
	for p := range batch {
		a, b, c := in[0].Data[2*p*m*k:], in[1].Data[2*p*k*n:], out.Data[2*p*m*n:]
		for i := range m {
			for j := range n {
				re, im := 0.0, 0.0
				for l := range k {
					x, y := i*ai+l*ak, l*bk+j*bj
					ar, aim := a[x], sa*a[m*k+x]
					br, bim := b[y], sb*b[k*n+y]
					re += ar*br - aim*bim
					im += ar*bim + aim*br
				}
				c[i*n+j], c[m*n+i*n+j] = re, im
			}
		}
	}
}

// Grad implements Op.
func (o CMatMulOp) Grad(in []Value, _, dC Value) []Value {
	a, b := in[0], in[1]
	var dA, dB Value
	if o.AdjA {
		dA = CMatMul(b, dC, o.AdjB, true)
	} else {
		dA = CMatMul(dC, b, false, !o.AdjB)
	}
	if o.AdjB {
		dB = CMatMul(dC, a, true, o.AdjA)
	} else {
		dB = CMatMul(a, dC, !o.AdjA, false)
	}
	return []Value{dA, dB}
}

// LinearIn implements Linear.
func (CMatMulOp) LinearIn(int) bool { return true }

// FLOPs counts four real products.
func (o CMatMulOp) FLOPs(_ Dims, in ...Dims) int64 {
	batch, m, n, k := o.Sizes(in[0], in[1])
	return 8 * int64(batch) * int64(m) * int64(n) * int64(k)
}
