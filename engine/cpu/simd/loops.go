package simd

import (
	"fmt"
	"math"
)

// mapped is the loop dst[i] = f(x[i]) in double precision.
func mapped[T Float](f func(float64) float64) func(dst, x []T) {
	return func(dst, x []T) {
		checkLengths(len(dst), len(x))
		for i, v := range x {
			dst[i] = T(f(float64(v)))
		}
	}
}

func add[T Float](dst, x, y []T) {
	checkLengths(len(dst), len(x), len(y))
	for i, v := range x {
		dst[i] = v + y[i]
	}
}

func sub[T Float](dst, x, y []T) {
	checkLengths(len(dst), len(x), len(y))
	for i, v := range x {
		dst[i] = v - y[i]
	}
}

func mul[T Float](dst, x, y []T) {
	checkLengths(len(dst), len(x), len(y))
	for i, v := range x {
		dst[i] = v * y[i]
	}
}

func div[T Float](dst, x, y []T) {
	checkLengths(len(dst), len(x), len(y))
	for i, v := range x {
		dst[i] = v / y[i]
	}
}

func axpy[T Float](dst []T, a T, x []T) {
	checkLengths(len(dst), len(x))
	for i, v := range x {
		dst[i] += T(a * v)
	}
}

func scale[T Float](dst, x []T, a T) {
	checkLengths(len(dst), len(x))
	for i, v := range x {
		dst[i] = a * v
	}
}

func shift[T Float](dst, x []T, b T) {
	checkLengths(len(dst), len(x))
	for i, v := range x {
		dst[i] = v + b
	}
}

func affine[T Float](dst, x []T, a, b T) {
	checkLengths(len(dst), len(x))
	for i, v := range x {
		dst[i] = T(a*v) + b
	}
}

func relu[T Float](dst, x []T) {
	checkLengths(len(dst), len(x))
	for i, v := range x {
		if v < 0 {
			v = 0
		}
		dst[i] = v
	}
}

// checkLengths panics unless all slices of an element-wise function have one length.
func checkLengths(n int, others ...int) {
	for _, m := range others {
		if m != n {
			panic(fmt.Sprintf("simd: element-wise operands have lengths %d and %d", n, m))
		}
	}
}

// Sums run over lanes: element i of a chunk goes to lane i mod L, L lanes being 256 bytes; the lanes of a chunk are
// folded in halves and the chunks added in float64. The order is a function of the length alone and the same in every
// implementation, and at most sumChunk/L + log₂ L roundings of type T meet an element.
const (
	sumBytes = 256
	sumChunk = 64 * sumBytes / 4
)

// lanes is a row of partial sums, 64 of float32 or 32 of float64.
type lanes[T Float] [64]T

func laneCount[T Float]() int {
	if T(1)+T(0x1p-30) == 1 {
		return 64
	}
	return 32
}

// fold adds the upper half of the lanes to the lower until one is left.
func (l *lanes[T]) fold(n int) T {
	for n > 1 {
		n /= 2
		for i := range n {
			l[i] += l[n+i]
		}
	}
	return l[0]
}

// add puts element i into lane i mod n.
func (l *lanes[T]) add(x []T, n int) {
	for len(x) > 0 {
		part := x[:min(n, len(x))]
		for i, v := range part {
			l[i] += v
		}
		x = x[len(part):]
	}
}

// addProducts puts product i into lane i mod n.
func (l *lanes[T]) addProducts(x, y []T, n int) {
	for len(x) > 0 {
		m := min(n, len(x))
		for i, v := range x[:m] {
			l[i] += T(v * y[i])
		}
		x, y = x[m:], y[m:]
	}
}

func sum[T Float](x []T) T {
	n := laneCount[T]()
	var total float64
	for len(x) > 0 {
		m := min(len(x), sumChunk)
		var l lanes[T]
		l.add(x[:m], n)
		total += float64(l.fold(n))
		x = x[m:]
	}
	return T(total)
}

func dot[T Float](x, y []T) T {
	checkLengths(len(x), len(y))
	n := laneCount[T]()
	var total float64
	for len(x) > 0 {
		m := min(len(x), sumChunk)
		var l lanes[T]
		l.addProducts(x[:m], y[:m], n)
		total += float64(l.fold(n))
		x, y = x[m:], y[m:]
	}
	return T(total)
}

func generic[T Float]() Kernels[T] {
	return Kernels[T]{
		Name: "go",
		Gemm: tileGo[T]().gemm, Transpose: transpose[T],

		Add: add[T], Sub: sub[T], Mul: mul[T], Div: div[T],
		Axpy: axpy[T], Scale: scale[T], Shift: shift[T], Affine: affine[T],
		Sum: sum[T], Dot: dot[T],

		Sqrt: mapped[T](math.Sqrt), ReLU: relu[T],
		Exp: mapped[T](math.Exp), Log: mapped[T](math.Log), Sin: mapped[T](math.Sin), Cos: mapped[T](math.Cos),
		Tanh: mapped[T](math.Tanh), Sigmoid: mapped[T](sigmoid), Softplus: mapped[T](softplus),
		SiLU: mapped[T](silu), SiLUGrad: mapped[T](siluGrad),
		GELU: mapped[T](gelu), GELUGrad: mapped[T](geluGrad),
		GELUTanh: mapped[T](geluTanh), GELUTanhGrad: mapped[T](geluTanhGrad),
	}
}
