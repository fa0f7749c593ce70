package cpu

import (
	"github.com/kolmogo/kolmogo/engine/cpu/simd"
	"github.com/kolmogo/kolmogo/op"
)

// rowGrain is the number of rows of a product that stay together: a multiple of every micro-kernel's height.
const rowGrain = 48

// matmulKernel: one matrix product is split over its rows or, where it is a long sum of small matrices, over the sum; several
// are split over the batch.
func matmulKernel[T simd.Float](a args[T], o op.MatMulOp) kernel {
	batch, m, n, k := o.Sizes(a.dims[0], a.dims[1])
	switch {
	case batch != 1:
		return batchKernel(a, o, batch, m, n, k)
	case o.TransA != o.TransB && m > gramBlock && a.same:
		return gramKernel(a, n, k, o.TransB)
	case o.TransA && !o.TransB && k > 0 && (k >= 2*partialLength(m, n, k) || n == 1 && m >= 16):
		return longSumKernel(a, m, n, k)
	case n == 1 && !o.TransA && k >= 16:
		return dotKernel(a, m, k)
	}
	lda, ldb := a.dims[0].At(-1), a.dims[1].At(-1)
	work := workspaces[T](a.pool, simd.GemmWork(m, n, k))
	x, y := a.in[0], a.in[1]
	step := 1 // distance of consecutive rows of op(A)
	if !o.TransA {
		step = lda
	}
	body := func(w, lo, hi int) {
		from, to := lo-a.base[w][0], lo-a.base[w][2]
		a.k.Gemm(hi-lo, n, k, tail(x, from*step), lda, o.TransA, y, ldb, o.TransB, a.out[to*n:(to+hi-lo)*n], n, a.add, work[w])
	}
	grain, local := rowGrain, []int{k}
	if o.TransA {
		local = nil
	}
	if m < 2*rowGrain*a.pool.workers { // few rows, usually with a long sum: share them out finely
		grain = 8
	}
	return kernel{items: m, grain: grain, body: body, in: local, out: []int{n}, base: a.base}
}

// batchKernel multiplies pairs of matrices.
func batchKernel[T simd.Float](a args[T], o op.MatMulOp, batch, m, n, k int) kernel {
	lda, ldb := a.dims[0].At(-1), a.dims[1].At(-1)
	work := workspaces[T](a.pool, simd.GemmWork(m, n, k))
	body := func(w, lo, hi int) {
		for b := lo; b < hi; b++ {
			x, y, c := a.in[0][b*m*k:(b+1)*m*k], a.in[1][b*k*n:(b+1)*k*n], a.out[b*m*n:(b+1)*m*n]
			a.k.Gemm(m, n, k, x, lda, o.TransA, y, ldb, o.TransB, c, n, a.add, work[w])
		}
	}
	return kernel{items: batch, body: body, in: []int{m * k, k * n}, out: []int{m * n}}
}

// partialLength is the length of the partial sums of an m × n product over k: long enough for the partial results to be a small part of
// what is read, and to be few.
func partialLength(m, n, k int) int { return min(max(8*m*n/max(m+n, 1), k/128, 256), 4096) }

// longSumKernel: C = Aᵀ·B for A [k, m], B [k, n] with k much longer than m and n, the gradient of a layer's weights: partial sums over
// fixed parts of k, added in order.
func longSumKernel[T simd.Float](a args[T], m, n, k int) kernel {
	size := chunk(k, partialLength(m, n, k))
	chunks := (k + size - 1) / size
	partial := make([]T, chunks*m*n)
	work := workspaces[T](a.pool, max(simd.GemmWork(m, n, size), simd.GemmWork(n, m, size)))
	body := func(w, lo, hi int) {
		for c := lo; c < hi; c++ {
			rows := min(size, k-c*size)
			p, q := (c-a.base[w][0])*size, (c-a.base[w][1])*size
			x, y, sum := a.in[0][p*m:(p+rows)*m], a.in[1][q*n:(q+rows)*n], partial[c*m*n:(c+1)*m*n]
			if n == 1 {
				a.k.Gemm(1, m, rows, y, rows, false, x, m, false, sum, m, false, work[w]) // its transpose
				continue
			}
			a.k.Gemm(m, n, rows, x, m, true, y, n, false, sum, n, false, work[w])
		}
	}
	reduce := func(_, lo, hi int) {
		out := a.out[lo:hi]
		if !a.add {
			copy(out, partial[lo:hi])
		} else {
			a.k.Add(out, out, partial[lo:hi])
		}
		for c := 1; c < chunks; c++ {
			a.k.Add(out, out, partial[c*m*n+lo:c*m*n+hi])
		}
	}
	after := func() { a.pool.split(m*n, 1024, reduce) }
	return kernel{items: chunks, body: body, after: after, in: []int{size * m, size * n}, base: a.base}
}

// dotKernel: y = A·b for one column b.
func dotKernel[T simd.Float](a args[T], m, k int) kernel {
	var sums [][]T
	if a.add {
		sums = workspaces[T](a.pool, rowGrain)
	}
	body := func(w, lo, hi int) {
		b := a.in[1][:k]
		x, out := a.in[0][(lo-a.base[w][0])*k:], a.out[lo-a.base[w][2]:]
		if rows := hi - lo; !a.add {
			a.k.Gemv(out[:rows], x[:rows*k], k, b)
			return
		}
		for i := 0; i < hi-lo; i += rowGrain {
			to := min(hi-lo, i+rowGrain)
			y := sums[w][:to-i]
			a.k.Gemv(y, x[i*k:to*k], k, b)
			a.k.Add(out[i:to], out[i:to], y)
		}
	}
	return kernel{items: m, grain: 1 + sumChunk/k, body: body, in: []int{k}, out: []int{1}, base: a.base}
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

// cmatmulKernel multiplies pairs of complex matrices of two planes.
func cmatmulKernel[T simd.Float](a args[T], o op.CMatMulOp) kernel {
	batch, m, n, k := o.Sizes(a.dims[0], a.dims[1])
	lda, ldb := a.dims[0].At(-1), a.dims[1].At(-1)
	work := workspaces[T](a.pool, simd.CGemmWork(m, n, k))
	body := func(w, lo, hi int) {
		for b := lo; b < hi; b++ {
			x, y, c := planes(a.in[0], b, m*k), planes(a.in[1], b, k*n), planes(a.out, b, m*n)
			a.k.CGemm(m, n, k, x, lda, o.AdjA, y, ldb, o.AdjB, c, n, false, work[w])
		}
	}
	return kernel{items: batch, body: body, in: []int{2 * m * k, 2 * k * n}, out: []int{2 * m * n}}
}

// planes is matrix b of several of size elements, each a real and an imaginary plane.
func planes[T simd.Float](x []T, b, size int) simd.Planar[T] {
	return simd.Planar[T]{Re: x[2*b*size : (2*b+1)*size], Im: x[(2*b+1)*size : (2*b+2)*size]}
}
