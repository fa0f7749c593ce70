package cpu

import (
	"github.com/kolmogo/kolmogo/engine/cpu/simd"
	"github.com/kolmogo/kolmogo/op"
)

// normalizeKernel: y = (x − μ)/√(σ² + ε). 5 operations an element.
func normalizeKernel[T simd.Float](a args[T], o op.NormalizeOp) kernel {
	g, ok := groupsOf(a.dims[0], o.Over)
	switch {
	case !ok:
		return scatteredKernel(a, o.Over, o.Epsilon)
	case g.rows() <= simd.MostRow:
		n := g.rows()
		return rowsKernel(g, 2, func(from, to int) { a.k.NormalizeRows(a.out[from:to], a.in[0][from:to], n, T(o.Epsilon)) })
	}
	return blockKernel(newNormalizer(a, g, o.Epsilon))
}

// normalizeGradKernel: dx = s·(dy − mean(dy) − x̂·mean(x̂·dy)), with s = 1/√(σ² + ε) and x̂ = s(x − μ). 11 operations an element.
func normalizeGradKernel[T simd.Float](a args[T], o op.NormalizeGradOp) kernel {
	g, ok := groupsOf(a.dims[0], o.Over)
	switch {
	case !ok:
		return scatteredKernel(a, o.Over, o.Epsilon)
	case g.rows() <= simd.MostRow:
		n := g.rows()
		return rowsKernel(g, 3, func(from, to int) {
			a.k.NormalizeGradRows(a.out[from:to], a.in[0][from:to], a.in[1][from:to], n, T(o.Epsilon))
		})
	}
	return blockKernel(newNormalizer(a, g, o.Epsilon))
}

// groups is the layout [A, N, K, M] of a normalisation over N and M: one group for each index of A and K.
type groups struct{ a, n, k, m int }

// groupsOf joins neighbouring axes that are alike, both summed over or both not; false where that leaves another pattern.
func groupsOf(d op.Dims, over op.Axes) (groups, bool) {
	size, at := [5]int{1, 1, 1, 1, 1}, 0
	for i := range d.Rank() {
		if d.At(i) == 1 {
			continue
		}
		if over.Has(i) != (at%2 == 1) {
			at++
		}
		size[at] *= d.At(i)
		if at == 4 {
			return groups{}, false
		}
	}
	return groups{size[0], size[1], size[2], size[3]}, true
}

// rows is the length of the rows of memory that are the groups; more than any row has where they are none.
func (g groups) rows() int {
	if g.k > 1 {
		return simd.MostRow + 1
	}
	return g.n * g.m
}

// rowsKernel calls f for elements from … to, whole rows of them, of a number of operands.
func rowsKernel(g groups, operands int, f func(from, to int)) kernel {
	n := g.rows()
	span := []int{n, n}[:operands-1]
	return kernel{items: g.a, grain: 1 + normGrain/n, body: func(_, lo, hi int) { f(lo*n, hi*n) }, in: span, out: []int{n}}
}

const normGrain = 1 << 12 // elements that are worth a worker's while

// blockKernel normalises blocks [N, K, M], one for each index of A: a worker its own, or where they are few all workers the chunks
// of each. The results are the same, for the chunks are.
func blockKernel[T simd.Float](z *normalizer[T]) kernel {
	all := z.blocks * z.chunks
	if z.blocks >= 4*z.pool.workers || z.pool.workers == 1 || z.chunks == 1 {
		body := func(w, lo, hi int) {
			for i := lo; i < hi; i++ {
				for c := i * z.chunks; c < (i+1)*z.chunks; c++ {
					z.measure(w, c)
				}
				z.join(i)
				for c := (i+1)*z.chunks - 1; c >= i*z.chunks; c-- { // the last are still in the cache
					z.apply(c)
				}
			}
		}
		return kernel{items: z.blocks, body: body, in: []int{z.size, z.size}[:len(z.in)], out: []int{z.size}}
	}
	measure := func(w, lo, hi int) {
		for c := lo; c < hi; c++ {
			z.measure(w, c)
		}
	}
	apply := func(_, lo, hi int) {
		for c := hi - 1; c >= lo; c-- {
			z.apply(c)
		}
	}
	after := func() {
		for i := range z.blocks {
			z.join(i)
		}
		z.pool.split(all, 1, apply)
	}
	return kernel{items: all, body: measure, after: after}
}
