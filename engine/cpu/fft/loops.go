package fft

import "github.com/kolmogo/kolmogo/engine/cpu/simd"

// Loops are the transforms and the arithmetic of a spectral solver on rows without gaps, what pde.Kernels asks for: transforms with
// 1/n in front of the analysis and nothing in front of the synthesis, and products whose every result is rounded. Its results are
// the same with every implementation of the kernels.
type Loops[T simd.Float] struct{ k *simd.Kernels[T] }

// NewLoops takes the kernels.
func NewLoops[T simd.Float](k *simd.Kernels[T]) Loops[T] { return Loops[T]{k} }

// RealRows transforms n real rows, each width numbers long, to the complex rows of the wavenumbers from 0 on, and back. work holds
// Work(width) numbers.
type RealRows[T simd.Float] = interface {
	Work(width int) int
	Analyse(re, im, x []T, width int, work []T)
	Synthesise(x, re, im []T, width int, work []T)
}

// ComplexRows is the same for complex rows and any window of wavenumbers.
type ComplexRows[T simd.Float] = interface {
	Work(width int) int
	Analyse(re, im, xr, xi []T, width int, work []T)
	Synthesise(xr, xi, re, im []T, width int, work []T)
}

// Real plans û_k = (1/n) Σ_j u_j e^(−2πi·jk/n), k = 0 … bins−1, and back; nil where n has a prime factor without a pass of its own.
func (l Loops[T]) Real(n, bins int) RealRows[T] {
	if !l.has(n) {
		return nil
	}
	return realRows[T]{NewReal(l.k, n, bins, 1/float64(n), false), NewReal(l.k, n, bins, 1, true)}
}

// Complex plans the same for complex rows and the count wavenumbers from first on.
func (l Loops[T]) Complex(n, first, count int) ComplexRows[T] {
	if !l.has(n) {
		return nil
	}
	return complexRows[T]{NewComplex(l.k, n, first, count, 1/float64(n)), NewComplex(l.k, n, first, count, 1)}
}

// has reports whether all passes for n points are those of simd, which agree bit for bit on all machines.
func (l Loops[T]) has(n int) bool {
	for _, r := range l.k.Radices {
		for n%r == 0 {
			n /= r
		}
	}
	return n == 1
}

// Mul is dst = x·y, MulAdd dst += x·y, MulSub dst −= x·y.
func (l Loops[T]) Mul(dst, x, y []T)    { l.k.Mul(dst, x, y) }
func (l Loops[T]) MulAdd(dst, x, y []T) { l.k.MulAdd(dst, x, y) }
func (l Loops[T]) MulSub(dst, x, y []T) { l.k.MulSub(dst, x, y) }

// MulComplex is z = x·y of complex numbers; z may be x or y.
func (l Loops[T]) MulComplex(zr, zi, xr, xi, yr, yi []T) {
	l.k.MulComplex(simd.Planar[T]{Re: zr, Im: zi}, simd.Planar[T]{Re: xr, Im: xi}, simd.Planar[T]{Re: yr, Im: yi})
}

// Scale is dst = a·x, Axpy dst += a·x.
func (l Loops[T]) Scale(dst, x []T, a T)    { l.k.Scale(dst, x, a) }
func (l Loops[T]) Axpy(dst []T, a T, x []T) { l.k.Axpy(dst, a, x) }

// Transpose writes dst[j, i] = src[i, j].
func (l Loops[T]) Transpose(dst, src []T, rows, columns int) {
	l.k.Transpose(dst, rows, src, columns, rows, columns)
}

type realRows[T simd.Float] struct{ there, back *Real[T] }

func (f realRows[T]) Work(width int) int { return f.there.Work(width) }

func (f realRows[T]) Analyse(re, im, x []T, width int, work []T) {
	f.there.Analyse(dense(re, width), dense(im, width), dense(x, width), width, work)
}

func (f realRows[T]) Synthesise(x, re, im []T, width int, work []T) {
	f.back.Synthesise(dense(x, width), dense(re, width), dense(im, width), width, work)
}

type complexRows[T simd.Float] struct{ there, back *Complex[T] }

func (f complexRows[T]) Work(width int) int { return f.there.Work(width) }

func (f complexRows[T]) Analyse(re, im, xr, xi []T, width int, work []T) {
	f.there.Analyse(dense(re, width), dense(im, width), dense(xr, width), dense(xi, width), width, work)
}

func (f complexRows[T]) Synthesise(xr, xi, re, im []T, width int, work []T) {
	f.back.Synthesise(dense(xr, width), dense(xi, width), dense(re, width), dense(im, width), width, work)
}

// dense are rows without gaps.
func dense[T simd.Float](x []T, width int) simd.Rows[T] { return simd.Rows[T]{Data: x, Step: width} }
