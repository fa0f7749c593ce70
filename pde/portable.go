package pde

// Portable is [Kernels] in Go.
type Portable[T Float] struct{}

// Real implements [Kernels].
func (Portable[T]) Real(n, bins int) RealFFT[T] { return newRealLines[T](n, bins) }

// Complex implements [Kernels].
func (Portable[T]) Complex(n, first, count int) ComplexFFT[T] {
	return &complexLines[T]{p: newPlan[T](n), first: first, count: count}
}

// Mul implements [Kernels].
func (Portable[T]) Mul(dst, x, y []T) {
	x, y = x[:len(dst)], y[:len(dst)]
	for i, v := range x {
		dst[i] = v * y[i]
	}
}

// MulAdd implements [Kernels].
func (Portable[T]) MulAdd(dst, x, y []T) {
	x, y = x[:len(dst)], y[:len(dst)]
	for i, v := range x {
		dst[i] += T(v * y[i])
	}
}

// MulSub implements [Kernels].
func (Portable[T]) MulSub(dst, x, y []T) {
	x, y = x[:len(dst)], y[:len(dst)]
	for i, v := range x {
		dst[i] -= T(v * y[i])
	}
}

// MulComplex implements [Kernels].
func (Portable[T]) MulComplex(zr, zi, xr, xi, yr, yi []T) {
	n := len(zr)
	zi, xr, xi, yr, yi = zi[:n], xr[:n], xi[:n], yr[:n], yi[:n]
	for i, v := range xr {
		w := xi[i]
		zr[i], zi[i] = T(v*yr[i])-T(w*yi[i]), T(v*yi[i])+T(w*yr[i])
	}
}

// Scale implements [Kernels].
func (Portable[T]) Scale(dst, x []T, a T) { scaled(dst, x, a) }

// Axpy implements [Kernels].
func (Portable[T]) Axpy(dst []T, a T, x []T) { axpy(dst, a, x) }

// Transpose implements [Kernels], by tiles that stay in the first-level cache.
func (Portable[T]) Transpose(dst, src []T, rows, columns int) {
	const tile = 16
	for i0 := 0; i0 < rows; i0 += tile {
		i1 := min(i0+tile, rows)
		for j := range columns {
			out := dst[j*rows+i0 : j*rows+i1]
			at := i0*columns + j
			for i := range out {
				out[i] = src[at]
				at += columns
			}
		}
	}
}

func scaled[T Float](dst, src []T, s T) {
	src = src[:len(dst)]
	for i, v := range src {
		dst[i] = s * v
	}
}

// axpy is y += a x.
func axpy[T Float](y []T, a T, x []T) {
	x = x[:len(y)]
	for i, v := range x {
		y[i] += T(a * v)
	}
}
