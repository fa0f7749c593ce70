package cpu

import (
	"github.com/kolmogo/kolmogo/engine/cpu/simd"
	"github.com/kolmogo/kolmogo/op"
)

// rowGrain is the number of rows of a product that stay together: a multiple of every micro-kernel's height.
const rowGrain = 48

// matmulKernel: one matrix product is split over its rows, several over the batch.
func matmulKernel[T simd.Float](a args[T], o op.MatMulOp) kernel {
	batch, m, n, k := o.Sizes(a.dims[0], a.dims[1])
	lda, ldb := a.dims[0].At(-1), a.dims[1].At(-1)
	work := workspaces[T](a.pool, simd.GemmWork(m, n, k))
	x, y, out := a.in[0], a.in[1], a.out
	step := 1 // distance of consecutive rows of op(A)
	if !o.TransA {
		step = lda
	}
	if batch == 1 {
		body := func(w, lo, hi int) {
			a.k.Gemm(hi-lo, n, k, tail(x, lo*step), lda, o.TransA, y, ldb, o.TransB, out[lo*n:hi*n], n, false, work[w])
		}
		grain := rowGrain
		if m < 2*rowGrain*a.pool.workers { // few rows, usually with a long sum: share them out finely
			grain = 8
		}
		return kernel{items: m, grain: grain, body: body}
	}
	body := func(w, lo, hi int) {
		for b := lo; b < hi; b++ {
			a.k.Gemm(m, n, k, x[b*m*k:(b+1)*m*k], lda, o.TransA, y[b*k*n:(b+1)*k*n], ldb, o.TransB, out[b*m*n:(b+1)*m*n], n, false, work[w])
		}
	}
	return kernel{items: batch, body: body}
}

// tail is s from position i on, also where i is past the end (an empty product).
func tail[T any](s []T, i int) []T { return s[min(i, len(s)):] }

// workspaces gives each worker room for n elements.
func workspaces[T simd.Float](p *pool, n int) [][]T {
	w := make([][]T, p.workers)
	for i := range w {
		w[i] = make([]T, n)
	}
	return w
}

// cmatmulKernel multiplies complex matrices as four real products of their planes, one matrix after another. The sign of an
// imaginary part (a conjugate, i² = −1) is applied to a copy of the smaller operand's plane.
func cmatmulKernel[T simd.Float](a args[T], o op.CMatMulOp) kernel {
	batch, m, n, k := o.Sizes(a.dims[0], a.dims[1])
	lda, ldb := a.dims[0].At(-1), a.dims[1].At(-1)
	gemm := simd.GemmWork(m, n, k)
	work := workspaces[T](a.pool, gemm+m*k)
	// re = Ar·Br − (sa·sb) Ai·Bi, im = sb Ar·Bi + sa Ai·Br: with A' = conj or not, both signs go to the planes of A
	sa, sb := T(1), T(1)
	if o.AdjA {
		sa = -1
	}
	if o.AdjB {
		sb = -1
	}
	body := func(w, lo, hi int) {
		tmp, ws := work[w][gemm:], work[w][:gemm]
		for b := lo; b < hi; b++ {
			x, y, c := a.in[0][2*b*m*k:2*(b+1)*m*k], a.in[1][2*b*k*n:2*(b+1)*k*n], a.out[2*b*m*n:2*(b+1)*m*n]
			xr, xi, yr, yi, re, im := x[:m*k], x[m*k:], y[:k*n], y[k*n:], c[:m*n], c[m*n:]
			a.k.Gemm(m, n, k, xr, lda, o.AdjA, yr, ldb, o.AdjB, re, n, false, ws)
			a.k.Scale(tmp, xi, -sa*sb)
			a.k.Gemm(m, n, k, tmp, lda, o.AdjA, yi, ldb, o.AdjB, re, n, true, ws)
			p, q := xr, xi
			if sb < 0 {
				a.k.Scale(tmp, xr, -1)
				p = tmp
			}
			a.k.Gemm(m, n, k, p, lda, o.AdjA, yi, ldb, o.AdjB, im, n, false, ws)
			if sa < 0 {
				a.k.Scale(tmp, xi, -1)
				q = tmp
			}
			a.k.Gemm(m, n, k, q, lda, o.AdjA, yr, ldb, o.AdjB, im, n, true, ws)
		}
	}
	return kernel{items: batch, body: body}
}
