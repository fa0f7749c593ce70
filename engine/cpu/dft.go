package cpu

import (
	"github.com/kolmogo/kolmogo/engine/cpu/simd"
	"github.com/kolmogo/kolmogo/op"
)

// The truncated transforms are products with constant matrices, made once when the program is built: for each row r of
// the field [r, n, c] a product [2·bins, n]·[n, c] whose result rows are strided by the number of rows.

// realDFTKernel: x [R, N, C] → X [2·Bins, R, C].
func realDFTKernel[T simd.Float](a args[T], o op.RealDFTOp) kernel {
	d := a.dims[0]
	n, c := d.At(-2), d.At(-1)
	rows := d.Span(0, d.Rank()-2)
	f := numbers[T](o.Matrix(n))
	work := workspaces[T](a.pool, simd.GemmWork(2*o.Bins, c, n))
	body := func(w, lo, hi int) {
		for r := lo; r < hi; r++ {
			a.k.Gemm(2*o.Bins, c, n, f, n, false, a.in[0][r*n*c:(r+1)*n*c], c, false, a.out[r*c:], rows*c, false, work[w])
		}
	}
	return kernel{items: rows, body: body, in: []int{n * c}}
}

// realSynthesisKernel: X [2·bins, R, C] → x [R, N, C], with the transposed matrix.
func realSynthesisKernel[T simd.Float](a args[T], o op.RealSynthesisOp) kernel {
	bins, c := a.dims[0].At(0), a.to.At(-1)
	rows := a.to.Span(0, a.to.Rank()-2)
	f := transposed[T](op.RealDFTOp{Bins: bins, Scale: o.Scale, Twice: o.Twice}.Matrix(o.N), o.N)
	work := workspaces[T](a.pool, simd.GemmWork(o.N, c, 2*bins))
	body := func(w, lo, hi int) {
		for r := lo; r < hi; r++ {
			a.k.Gemm(o.N, c, 2*bins, f, 2*bins, false, a.in[0][r*c:], rows*c, false, a.out[r*o.N*c:(r+1)*o.N*c], c, false, work[w])
		}
	}
	return kernel{items: rows, body: body, out: []int{o.N * c}}
}

// dftKernel: x [K, 2, P, N, C] → X [Count, K, 2, P, C]. For each (k, p): Re X = cos·Re x + sin·Im x, Im X = cos·Im x − sin·Re x.
func dftKernel[T simd.Float](a args[T], o op.DFTOp) kernel {
	d := a.dims[0]
	n, c := d.At(-2), d.At(-1)
	lead, p := d.Span(0, o.Lead), d.Span(o.Lead+1, d.Rank()-2)
	cos64, sin64 := o.Matrices(n)
	cos, sin, minus := numbers[T](cos64), numbers[T](sin64), negated[T](sin64)
	work := workspaces[T](a.pool, simd.GemmWork(o.Count, c, n))
	ld := lead * 2 * p * c // between wavenumbers of the spectrum
	body := func(w, lo, hi int) {
		for i := lo; i < hi; i++ {
			l, q := i/p, i%p
			re, im := (l*2*p+q)*c, (l*2*p+p+q)*c
			gre, gim := a.in[0][re*n:re*n+n*c], a.in[0][im*n:im*n+n*c]
			gemm := func(m, g, dst []T, add bool) {
				a.k.Gemm(o.Count, c, n, m, n, false, g, c, false, dst, ld, add, work[w])
			}
			gemm(cos, gre, a.out[re:], false)
			gemm(sin, gim, a.out[re:], true)
			gemm(cos, gim, a.out[im:], false)
			gemm(minus, gre, a.out[im:], true)
		}
	}
	return kernel{items: lead * p, body: body}
}

// synthesisKernel: X [count, K, 2, P, C] → x [K, 2, P, N, C]. Re x = cosᵀ·Re X − sinᵀ·Im X, Im x = cosᵀ·Im X + sinᵀ·Re X.
func synthesisKernel[T simd.Float](a args[T], o op.SynthesisOp) kernel {
	d := a.dims[0]
	count, n, c := d.At(0), o.N, d.At(-1)
	lead, p := d.Span(1, o.Lead+1), d.Span(o.Lead+2, d.Rank()-1)
	cos64, sin64 := op.DFTOp{Lead: o.Lead, First: o.First, Count: count, Scale: o.Scale}.Matrices(n)
	cos, sin := transposed[T](cos64, n), transposed[T](sin64, n)
	minus := make([]T, len(sin))
	for i, s := range sin {
		minus[i] = -s
	}
	work := workspaces[T](a.pool, simd.GemmWork(n, c, count))
	ld := lead * 2 * p * c
	body := func(w, lo, hi int) {
		for i := lo; i < hi; i++ {
			l, q := i/p, i%p
			re, im := (l*2*p+q)*c, (l*2*p+p+q)*c
			gre, gim := a.out[re*n:re*n+n*c], a.out[im*n:im*n+n*c]
			gemm := func(m, s, dst []T, add bool) {
				a.k.Gemm(n, c, count, m, count, false, s, ld, false, dst, c, add, work[w])
			}
			gemm(cos, a.in[0][re:], gre, false)
			gemm(minus, a.in[0][im:], gre, true)
			gemm(cos, a.in[0][im:], gim, false)
			gemm(sin, a.in[0][re:], gim, true)
		}
	}
	return kernel{items: lead * p, body: body}
}

// numbers rounds to T.
func numbers[T simd.Float](x []float64) []T {
	y := make([]T, len(x))
	for i, v := range x {
		y[i] = T(v)
	}
	return y
}

func negated[T simd.Float](x []float64) []T {
	y := make([]T, len(x))
	for i, v := range x {
		y[i] = T(-v)
	}
	return y
}

// transposed rounds a matrix of n columns to T and transposes it.
func transposed[T simd.Float](x []float64, n int) []T {
	y := make([]T, len(x))
	rows := len(x) / n
	for i, v := range x {
		y[i%n*rows+i/n] = T(v)
	}
	return y
}
