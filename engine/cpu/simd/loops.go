package simd

import "fmt"

// mapped is the loop dst[i] = f(x[i]) in double precision.
func mapped[T Float](f func(float64) float64) func(dst, x []T) {
	return func(dst, x []T) {
		checkLengths(len(dst), len(x))
		for i, v := range x {
			dst[i] = T(f(float64(v)))
		}
	}
}

// mapped2 is the loop value[i], slope[i] = f(x[i]), g(x[i]) in double precision.
func mapped2[T Float](f, g func(float64) float64) func(value, slope, x []T) {
	return func(value, slope, x []T) {
		checkLengths(len(value), len(slope), len(x))
		for i, v := range x {
			value[i], slope[i] = T(f(float64(v))), T(g(float64(v)))
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

func mulAdd[T Float](dst, x, y []T) {
	checkLengths(len(dst), len(x), len(y))
	for i, v := range x {
		dst[i] += T(v * y[i])
	}
}

func mulSub[T Float](dst, x, y []T) {
	checkLengths(len(dst), len(x), len(y))
	for i, v := range x {
		dst[i] -= T(v * y[i])
	}
}

func mulComplex[T Float](z, x, y Planar[T]) {
	checkLengths(len(z.Re), len(z.Im), len(x.Re), len(x.Im), len(y.Re), len(y.Im))
	for i, v := range x.Re {
		w := x.Im[i]
		z.Re[i], z.Im[i] = T(v*y.Re[i])-T(w*y.Im[i]), T(v*y.Im[i])+T(w*y.Re[i])
	}
}

func tanhBack[T Float](dst, x, y []T) {
	checkLengths(len(dst), len(x), len(y))
	for i, v := range x {
		dst[i] = v * (1 - T(y[i]*y[i]))
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
