package cpu

import "github.com/kolmogo/kolmogo/engine/cpu/simd"

// dotAllKernel is Σ x·y by partial sums.
func dotAllKernel[T simd.Float](a args[T]) kernel {
	n := a.dims[0].Size()
	size := chunk(n, sumChunk)
	chunks := (n + size - 1) / size
	partial := make([]T, chunks)
	body := func(w, lo, hi int) {
		for c := lo; c < hi; c++ {
			count := min(size, n-c*size)
			x, y := a.in[0][(c-a.base[w][0])*size:], a.in[1][(c-a.base[w][1])*size:]
			partial[c] = a.k.Dot(x[:count], y[:count])
		}
	}
	after := func() { a.out[0] = a.k.Sum(partial) }
	return kernel{items: chunks, body: body, after: after, in: []int{size, size}, base: a.base}
}
