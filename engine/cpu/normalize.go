package cpu

import (
	"github.com/kolmogo/kolmogo/engine/cpu/simd"
	"github.com/kolmogo/kolmogo/op"
)

// normalizeKernel: y = (x − μ)/√(σ² + ε). Three passes over a block of groups: the means; x − μ and the variances; the result.
// Items are blocks. 5 operations an element; all but the first reading of x is from the cache where a block fits it.
func normalizeKernel[T simd.Float](a args[T], o op.NormalizeOp, g groups) kernel {
	return blockKernel(a, g, func(z *normalizer[T], y []T, in [][]T) {
		x := in[0]
		z.average(x)
		z.sum(len(x), 1, func(from, n int) {
			d := y[from : from+n]
			z.Sub(d, x[from:from+n], z.mean[:n])
			z.addProducts(0, d, d)
		})
		z.expand(z.scale, func(g int) float64 { return z.deviation(g, o.Epsilon) })
		z.pieces(len(x), func(from, n int) { z.Mul(y[from:from+n], y[from:from+n], z.scale[:n]) })
	})
}

// normalizeGradKernel: dx = s·(dy − mean(dy) − x̂·mean(x̂·dy)), with s = 1/√(σ² + ε) and x̂ = s(x − μ). As normalizeKernel, the other
// means being taken with the variance. 11 operations an element.
func normalizeGradKernel[T simd.Float](a args[T], o op.NormalizeGradOp, g groups) kernel {
	return blockKernel(a, g, func(z *normalizer[T], dx []T, in [][]T) {
		x, dy := in[0], in[1]
		z.average(x)
		z.sum(len(x), 3, func(from, n int) {
			d, y := dx[from:from+n], dy[from:from+n]
			z.Sub(d, x[from:from+n], z.mean[:n])
			z.addProducts(0, d, d)
			z.Add(z.acc[1][:n], z.acc[1][:n], y)
			z.addProducts(2, d, y)
		})
		z.expand(z.scale, func(g int) float64 { return z.deviation(g, o.Epsilon) })
		z.expand(z.shift, func(g int) float64 { return z.total[1][g] })
		z.expand(z.slope, func(g int) float64 {
			s := z.deviation(g, o.Epsilon)
			return s * s * z.total[2][g]
		})
		z.pieces(len(x), func(from, n int) {
			d := dx[from : from+n]
			z.Mul(d, d, z.slope[:n])
			z.Add(d, d, z.shift[:n])
			z.Sub(d, dy[from:from+n], d)
			z.Mul(d, d, z.scale[:n])
		})
	})
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

const (
	normPiece = 512  // elements that a loop handles at once: the operands of a pass stay in the first-level cache
	normFlush = 64   // pieces added in T before they go to float64
	normShort = 1024 // rows shorter than this are transposed,
	normRows  = 64   // so many at a time
)

// blockKernel runs f on blocks of whole groups. A block is [N, K, M], one index of A; where the groups are short rows (K = 1) it is
// some of them, transposed, so that the loops run across groups.
func blockKernel[T simd.Float](a args[T], g groups, f func(z *normalizer[T], out []T, in [][]T)) kernel {
	size, rows := g.n*g.k*g.m, g.a
	transposed := g.k == 1 && size < normShort
	workers := make([]*normalizer[T], a.pool.workers)
	for w := range workers {
		workers[w] = &normalizer[T]{Kernels: a.k, in: make([][]T, len(a.in))}
		if transposed {
			workers[w].prepare(size, normRows, 1)
			for i := range a.in {
				workers[w].in[i] = make([]T, size*normRows)
			}
			workers[w].out = make([]T, size*normRows)
		} else {
			workers[w].prepare(g.n, g.k, g.m)
		}
	}
	if !transposed {
		body := func(w, lo, hi int) {
			z := workers[w]
			for i := lo; i < hi; i++ {
				for j, x := range a.in {
					z.in[j] = x[i*size : (i+1)*size]
				}
				f(z, a.out[i*size:(i+1)*size], z.in)
			}
		}
		return kernel{items: rows, body: body, in: []int{size, size}, out: []int{size}}
	}
	body := func(w, lo, hi int) {
		z := workers[w]
		for i := lo; i < hi; i++ {
			from, n := i*normRows*size, min(normRows, rows-i*normRows)
			for j, x := range a.in {
				a.k.Transpose(z.in[j], normRows, x[from:], size, n, size)
			}
			f(z, z.out, z.in)
			a.k.Transpose(a.out[from:], size, z.out, normRows, size, n)
		}
	}
	span := size * normRows
	return kernel{items: (rows + normRows - 1) / normRows, body: body, in: []int{span, span}, out: []int{span}}
}
