package cpu

import (
	"math"

	"github.com/kolmogo/kolmogo/engine/cpu/simd"
)

// softmaxKernel: y_i = exp(x_i − max x)/Σ_j exp(x_j − max x) along the last axis. Items are rows. One exponential and 4 operations an
// element.
func softmaxKernel[T simd.Float](a args[T]) kernel {
	n := a.to.At(-1)
	body := func(_, lo, hi int) { a.k.SoftmaxRows(a.out[lo*n:hi*n], a.in[0][lo*n:hi*n], n) }
	if n > simd.MostRow {
		body = func(_, lo, hi int) {
			for ; lo < hi; lo++ {
				x, y := a.in[0][lo*n:(lo+1)*n], a.out[lo*n:(lo+1)*n]
				a.k.Shift(y, x, -largest(x))
				a.k.Exp(y, y)
				a.k.Scale(y, y, 1/a.k.Sum(y))
			}
		}
	}
	return kernel{items: a.to.Size() / n, grain: 1 + normGrain/n, body: body, in: []int{n}, out: []int{n}}
}

// largest is the maximum of the numbers of x that are not NaN, −∞ if there are none.
func largest[T simd.Float](x []T) T {
	top := T(math.Inf(-1))
	for _, v := range x {
		if v > top {
			top = v
		}
	}
	return top
}
