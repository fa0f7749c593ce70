package cpu

import (
	"unsafe"

	"github.com/kolmogo/kolmogo/engine/cpu/simd"
	"github.com/kolmogo/kolmogo/op"
)

// Transforms treat several rows of the grid at once, so that the products are wide: foldWidth channels in all, if the folded points
// then fit foldBytes.
const (
	foldWidth = 256
	foldBytes = 128 << 10
)

// side is the number of rows that are transformed side by side.
func side[T simd.Float](n, c int) int {
	var t T
	return max(1, min(foldWidth/c, foldBytes/(n*c*int(unsafe.Sizeof(t)))))
}

// transformSpace is a worker's scratch.
type transformSpace[T simd.Float] struct {
	folded, gemm []T
	signals      []simd.Rows[T]
	planes       [4]simd.Rows[T] // coefficients of the complex transforms
}

func transformSpaces[T simd.Float](p *pool, f *fold[T], rows, c, planes int) []transformSpace[T] {
	s := make([]transformSpace[T], p.workers)
	for i := range s {
		s[i] = transformSpace[T]{folded: make([]T, f.n*rows*c), gemm: make([]T, f.work(rows*c)), signals: make([]simd.Rows[T], rows)}
		for j := range s[i].planes {
			s[i].planes[j] = simd.Rows[T]{Data: make([]T, planes*rows*c), Step: rows * c}
		}
	}
	return s
}

// set points the signals at rows first … of x [row, n, c], offset elements into it.
func (s *transformSpace[T]) set(x []T, offset, rows, n, c int) []simd.Rows[T] {
	for i := range rows {
		s.signals[i] = simd.Rows[T]{Data: x, First: offset + i*n*c, Step: c}
	}
	return s.signals[:rows]
}

// realDFTKernel: x [R, N, C] → X [2·Bins, R, C].
func realDFTKernel[T simd.Float](a args[T], o op.RealDFTOp) kernel {
	d := a.dims[0]
	n, c := d.At(-2), d.At(-1)
	rows := d.Span(0, d.Rank()-2)
	f := realFold(a.k, n, o)
	group := side[T](n, c)
	space := transformSpaces(a.pool, f, group, c, 0)
	body := func(w, lo, hi int) {
		s := &space[w]
		for r := lo; r < hi; r += group {
			x := s.set(a.in[0], (r-a.base[w][0])*n*c, min(group, hi-r), n, c)
			re, im := a.spectrum(a.out, r*c, rows*c)
			f.analyse(re, im, x, c, s.folded, s.gemm)
		}
	}
	return kernel{items: rows, body: body, in: []int{n * c}, base: a.base}
}

// realSynthesisKernel: X [2·bins, R, C] → x [R, N, C].
func realSynthesisKernel[T simd.Float](a args[T], o op.RealSynthesisOp) kernel {
	bins, c := a.dims[0].At(0), a.to.At(-1)
	rows := a.to.Span(0, a.to.Rank()-2)
	f := realFold(a.k, o.N, op.RealDFTOp{Bins: bins, Scale: o.Scale, Twice: o.Twice})
	group := side[T](o.N, c)
	space := transformSpaces(a.pool, f, group, c, 0)
	body := func(w, lo, hi int) {
		s := &space[w]
		for r := lo; r < hi; r += group {
			x := s.set(a.out, (r-a.base[w][1])*o.N*c, min(group, hi-r), o.N, c)
			re, im := a.spectrum(a.in[0], r*c, rows*c)

			f.synthesise(x, re, im, c, s.folded, s.gemm)
		}
	}
	return kernel{items: rows, body: body, out: []int{o.N * c}, base: a.base}
}

// realFold has Re X = C, Im X = S.
func realFold[T simd.Float](k *simd.Kernels[T], n int, o op.RealDFTOp) *fold[T] {
	return newFold(k, n, o.Bins, func(k int) float64 { return o.Factor(k, n) }, func(k int) float64 { return -o.Factor(k, n) })
}

// spectrum is X [k, 2, width] from an offset on: rows of real and of imaginary parts.
func (args[T]) spectrum(x []T, offset, width int) (re, im simd.Rows[T]) {
	return simd.Rows[T]{Data: x, First: offset, Step: 2 * width}, simd.Rows[T]{Data: x, First: offset + width, Step: 2 * width}
}
