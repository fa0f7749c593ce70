package cpu

import (
	"math"

	"github.com/kolmogo/kolmogo/engine/cpu/simd"
)

const (
	softmaxBlock = 1024 // elements whose exponentials are taken at once, or one row
	softmaxShort = 32   // rows shorter than this are not worth calls of their own
)

// softmaxKernel: y_i = exp(x_i − max x)/Σ_j exp(x_j − max x) along the last axis, one or more rows at a time. Items are rows.
// One exponential and 4 operations an element.
func softmaxKernel[T simd.Float](a args[T]) kernel {
	n := a.to.At(-1)
	rows := max(1, softmaxBlock/n)
	body := func(_, lo, hi int) {
		for ; lo < hi; lo += rows {
			x, y := a.in[0][lo*n:min(lo+rows, hi)*n], a.out[lo*n:min(lo+rows, hi)*n]
			for r := 0; r < len(x); r += n {
				below(a.k, y[r:r+n], x[r:r+n])
			}
			a.k.Exp(y, y)
			for r := 0; r < len(x); r += n {
				share(a.k, y[r:r+n])
			}
		}
	}
	return kernel{items: a.to.Size() / n, grain: rows, body: body, in: []int{n}, out: []int{n}}
}

// below: y = x − max x.
func below[T simd.Float](k *simd.Kernels[T], y, x []T) {
	top := largest(x)
	if len(x) >= softmaxShort {
		k.Shift(y, x, -top)
		return
	}
	for i, v := range x {
		y[i] = v - top
	}
}

// share: y/Σ y.
func share[T simd.Float](k *simd.Kernels[T], y []T) {
	if len(y) >= softmaxShort {
		k.Scale(y, y, 1/k.Sum(y))
		return
	}
	var sum T
	for _, v := range y {
		sum += v
	}
	for i := range y {
		y[i] /= sum
	}
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
