package cpu

import "github.com/kolmogo/kolmogo/engine/cpu/simd"

// gramBlock is the number of columns of a symmetric product that are made at a time, gramSum the number of terms that are added to
// all of them before the next: rows of X that stay in the cache.
const gramBlock, gramSum = 64, 256

// gramKernel: C = Xᵀ·X (or X·Xᵀ with rows set) of n columns summed over k: the lower half, block by block of columns, then the
// mirror image. Columns are paired from both ends, so that every item is as much work.
func gramKernel[T simd.Float](a args[T], n, k int, rows bool) kernel {
	ld := a.dims[0].At(-1)
	blocks := (n + gramBlock - 1) / gramBlock
	work := workspaces[T](a.pool, simd.GemmWork(n, gramBlock, gramSum))
	c := a.out
	if a.add { // to what need not be symmetric
		c = make([]T, n*n)
	}
	column := func(w, b, p int) {
		j := b * gramBlock
		start := p*ld + j
		if rows {
			start = j*ld + p
		}
		x := tail(a.in[0], start)
		a.k.Gemm(n-j, min(gramBlock, n-j), min(gramSum, k-p), x, ld, !rows, x, ld, rows, c[j*n+j:], n, p > 0, work[w])
	}
	body := func(w, lo, hi int) {
		for p := 0; p == 0 || p < k; p += gramSum {
			for i := lo; i < hi; i++ {
				column(w, i, p)
				if j := blocks - 1 - i; j > i {
					column(w, j, p)
				}
			}
		}
	}
	mirror := func(_, lo, hi int) {
		for i := lo; i < hi; i++ {
			for j := i/gramBlock*gramBlock + gramBlock; j < n; j++ {
				c[i*n+j] = c[j*n+i]
			}
		}
	}
	sum := func(_, lo, hi int) { a.k.Add(a.out[lo*n:hi*n], a.out[lo*n:hi*n], c[lo*n:hi*n]) }
	after := func() {
		a.pool.split(n, 64, mirror)
		if a.add {
			a.pool.split(n, 64, sum)
		}
	}
	return kernel{items: (blocks + 1) / 2, body: body, after: after}
}
