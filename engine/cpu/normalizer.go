package cpu

import (
	"math"

	"github.com/kolmogo/kolmogo/engine/cpu/simd"
)

// normChunk is the number of elements whose moments are taken together: its operands stay in the second-level cache between the mean
// and the squares. It is fixed, so that results do not depend on the threads.
const normChunk = 1 << 15

// normWide is the number of columns of which loops see several rows at once; rows longer than that are worth calls of their own.
const normWide = 1 << 10

// normalizer normalises blocks [N, K, M], group k having the elements [:, k, :] of its block; with two inputs it computes the
// gradient. It sees a block as a matrix of as many columns as make whole rows [K, M] and fill vectors, and that in chunks of rows.
// Every pass over memory is one over a chunk: the moments, and once those of all chunks are joined, the result.
type normalizer[T simd.Float] struct {
	pool                 *pool
	simd                 *simd.Kernels[T]
	in                   [][]T
	out                  []T
	eps                  float64
	blocks, size         int // of them, and the elements of one
	k, m, width          int // K, M, and the columns
	chunks, chunk, lines int // of a block, the elements of one, and those that a loop takes at once

	moments []moments    // [block, chunk, k]
	numbers []columns[T] // of each block's result
	workers []columns[T] // of each worker's chunk
}

// moments are those of a group's elements in a chunk: their number and mean, Σ(x − mean)², Σ dy and Σ(x − mean)·dy.
type moments struct{ count, mean, squares, dy, product float64 }

// columns are the numbers of the columns of a matrix: mean, 1/√(σ² + ε) and what a gradient takes off; or sums in their place.
type columns[T simd.Float] struct{ mean, scale, shift, slope []T }

func newNormalizer[T simd.Float](a args[T], g groups, eps float64) *normalizer[T] {
	z := &normalizer[T]{pool: a.pool, simd: a.k, in: a.in, out: a.out, eps: eps, blocks: g.a, size: g.n * g.k * g.m, k: g.k, m: g.m}
	row := g.k * g.m
	if g.k == 1 { // one group: any number of columns will do
		z.m, row = 1, 1
	}
	z.width = row * max(1, 64/row)
	z.chunk = z.width * max(1, normChunk/z.width)
	z.chunks = (z.size + z.chunk - 1) / z.chunk
	z.lines = z.chunk
	if z.width > normWide {
		z.lines = z.width
	}
	z.moments = make([]moments, z.blocks*z.chunks*z.k)
	z.numbers, z.workers = make([]columns[T], z.blocks), make([]columns[T], a.pool.workers)
	for _, list := range [][]columns[T]{z.numbers, z.workers} {
		for i := range list {
			all := make([]T, 4*z.width)
			list[i] = columns[T]{all[:z.width], all[z.width : 2*z.width], all[2*z.width : 3*z.width], all[3*z.width:]}
		}
	}
	return z
}

// measure takes the moments of a chunk.
func (z *normalizer[T]) measure(worker, chunk int) {
	from, to := z.extent(chunk)
	s := z.workers[worker]
	group := z.moments[chunk*z.k : (chunk+1)*z.k]
	count := float64((to - from) / z.k)
	clear(s.scale)
	z.parts(from, to, func(from, to, n int) { z.simd.AddColumns(s.scale[:n], z.in[0][from:to]) })
	for g := range group {
		group[g] = moments{count: count, mean: z.total(s.scale, g) / count}
		z.spread(s.mean, g, group[g].mean)
	}
	z.fill(s.mean)
	clear(s.scale)
	if len(z.in) == 1 {
		z.parts(from, to, func(from, to, n int) { z.simd.AddSquares(s.scale[:n], z.in[0][from:to], s.mean[:n]) })
	} else {
		clear(s.shift)
		clear(s.slope)
		z.parts(from, to, func(from, to, n int) {
			z.simd.AddProducts(s.scale[:n], s.shift[:n], s.slope[:n], z.in[0][from:to], z.in[1][from:to], s.mean[:n])
		})
	}
	for g := range group {
		group[g].squares = z.total(s.scale, g)
		if len(z.in) == 2 {
			group[g].dy, group[g].product = z.total(s.shift, g), z.total(s.slope, g)
		}
	}
}

// join makes the numbers of a block from the moments of its chunks: Σ(x − μ)² = Σ_c Σ(x − μ_c)² + n_c(μ_c − μ)², and so for the products.
// Source: Chan, Golub & LeVeque 1983, The American Statistician 37(3), eq. 1.5.
func (z *normalizer[T]) join(block int) {
	s := z.numbers[block]
	list := z.moments[block*z.chunks*z.k : (block+1)*z.chunks*z.k]
	for g := range z.k {
		var all moments
		for c := g; c < len(list); c += z.k {
			all.count += list[c].count
			all.mean += list[c].count * list[c].mean
		}
		all.mean /= all.count
		for c := g; c < len(list); c += z.k {
			d := list[c].mean - all.mean
			all.squares += list[c].squares + list[c].count*d*d
			all.dy += list[c].dy
			all.product += list[c].product + d*list[c].dy
		}
		scale := 1 / math.Sqrt(all.squares/all.count+z.eps)
		z.spread(s.mean, g, all.mean)
		z.spread(s.scale, g, scale)
		z.spread(s.shift, g, all.dy/all.count)
		z.spread(s.slope, g, scale*scale*all.product/all.count)
	}
	for _, v := range [][]T{s.mean, s.scale, s.shift, s.slope} {
		z.fill(v)
	}
}

// apply computes the result of a chunk.
func (z *normalizer[T]) apply(chunk int) {
	from, to := z.extent(chunk)
	s := z.numbers[chunk/z.chunks]
	z.parts(from, to, func(from, to, n int) {
		out, x := z.out[from:to], z.in[0][from:to]
		if len(z.in) == 1 {
			z.simd.Standardize(out, x, s.mean[:n], s.scale[:n])
			return
		}
		z.simd.StandardizeGrad(out, x, z.in[1][from:to], s.mean[:n], s.scale[:n], s.shift[:n], s.slope[:n])
	})
}

// extent is where a chunk's elements begin and end.
func (z *normalizer[T]) extent(chunk int) (from, to int) {
	block, c := chunk/z.chunks, chunk%z.chunks
	return block*z.size + c*z.chunk, block*z.size + min(z.size, (c+1)*z.chunk)
}

// parts calls f for the elements from … to, rows of n columns each: the whole rows, and what is left as a shorter one.
func (z *normalizer[T]) parts(from, to int, f func(from, to, n int)) {
	rest := (to - from) % z.width
	for ; from < to-rest; from += z.lines {
		f(from, min(from+z.lines, to-rest), z.width)
	}
	if rest > 0 {
		f(to-rest, to, rest)
	}
}

// total is the sum of the columns of a group, four partial sums at a time.
func (z *normalizer[T]) total(sums []T, g int) float64 {
	var total [4]float64
	for at := g * z.m; at < len(sums); at += z.k * z.m {
		row := sums[at : at+z.m]
		for ; len(row) >= 4; row = row[4:] {
			total[0] += float64(row[0])
			total[1] += float64(row[1])
			total[2] += float64(row[2])
			total[3] += float64(row[3])
		}
		for i, v := range row {
			total[i] += float64(v)
		}
	}
	return (total[0] + total[1]) + (total[2] + total[3])
}

// spread repeats a number of a group over the elements that the first row [K, M] has of it, and fill that row over all columns.
func (z *normalizer[T]) spread(dst []T, g int, value float64) {
	v := T(value)
	for i := range z.m {
		dst[g*z.m+i] = v
	}
}

func (z *normalizer[T]) fill(dst []T) {
	for n := z.k * z.m; n < len(dst); n *= 2 {
		copy(dst[n:], dst[:n])
	}
}
