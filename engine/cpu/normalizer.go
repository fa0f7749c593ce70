package cpu

import (
	"math"

	"github.com/kolmogo/kolmogo/engine/cpu/simd"
)

// normalizer takes means over the groups of a block [N, K, M], group k having the elements [:, k, :]. It sees the block as pieces of
// whole rows [K, M]; what belongs to a group is repeated for each of its elements in a piece.
type normalizer[T simd.Float] struct {
	*simd.Kernels[T]
	in       [][]T // the block's operands
	out      []T
	m, width int     // M, and the elements of a row
	piece    int     // elements of a piece
	count    float64 // elements of a group
	acc      [3][]T  // sums over pieces, element by element
	total    [3][]float64
	product  []T

	mean, scale, shift, slope []T // of each element's group
}

func (z *normalizer[T]) prepare(n, k, m int) {
	z.m, z.width, z.count = m, k*m, float64(n*m)
	if k == 1 { // one group: any cut into pieces will do
		z.m, z.width = 1, 1
	}
	z.piece = z.width * max(1, normPiece/z.width)
	for i := range z.acc {
		z.acc[i], z.total[i] = make([]T, z.piece), make([]float64, k)
	}
	for _, p := range []*[]T{&z.product, &z.mean, &z.scale, &z.shift, &z.slope} {
		*p = make([]T, z.piece)
	}
}

// pieces calls f for each piece of a block of size elements.
func (z *normalizer[T]) pieces(size int, f func(from, n int)) {
	for from := 0; from < size; from += z.piece {
		f(from, min(z.piece, size-from))
	}
}

// sum leaves in total the means over the groups of what add adds, piece by piece, to the first accumulators.
func (z *normalizer[T]) sum(size, sums int, add func(from, n int)) {
	for i := range sums {
		clear(z.acc[i])
		clear(z.total[i])
	}
	part := normFlush * z.piece
	for start := 0; start < size; start += part {
		for from := start; from < min(start+part, size); from += z.piece {
			add(from, min(z.piece, size-from))
		}
		for i := range sums {
			z.fold(z.acc[i], z.total[i])
			clear(z.acc[i])
		}
	}
	for i := range sums {
		for g := range z.total[i] {
			z.total[i][g] /= z.count
		}
	}
}

// fold adds an accumulator to the groups' totals.
func (z *normalizer[T]) fold(acc []T, total []float64) {
	for rows := z.piece / z.width; rows > 1; {
		half := rows / 2
		n := half * z.width
		z.Add(acc[:n], acc[:n], acc[(rows-half)*z.width:rows*z.width])
		rows -= half
	}
	for g := range total {
		for _, v := range acc[g*z.m : (g+1)*z.m] {
			total[g] += float64(v)
		}
	}
}

// average puts the means of x into mean.
func (z *normalizer[T]) average(x []T) {
	z.sum(len(x), 1, func(from, n int) { z.Add(z.acc[0][:n], z.acc[0][:n], x[from:from+n]) })
	z.expand(z.mean, func(g int) float64 { return z.total[0][g] })
}

// addProducts adds x·y to accumulator i.
func (z *normalizer[T]) addProducts(i int, x, y []T) {
	p, acc := z.product[:len(x)], z.acc[i][:len(x)]
	z.Mul(p, x, y)
	z.Add(acc, acc, p)
}

// deviation is 1/√(σ² + ε) of group g, the first total being σ².
func (z *normalizer[T]) deviation(g int, eps float64) float64 {
	return 1 / math.Sqrt(z.total[0][g]+eps)
}

// expand repeats a number of each group over the elements of a piece.
func (z *normalizer[T]) expand(dst []T, value func(g int) float64) {
	for g := range z.total[0] {
		v := T(value(g))
		for i := range z.m {
			dst[g*z.m+i] = v
		}
	}
	for n := z.width; n < len(dst); n *= 2 {
		copy(dst[n:], dst[:n])
	}
}
