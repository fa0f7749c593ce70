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

// bandFold is the range of wavenumbers first … last of a complex transform, with its fold over k = 0 … most.
type bandFold[T simd.Float] struct {
	*fold[T]
	first, last, most int
}

func newBandFold[T simd.Float](k *simd.Kernels[T], n, first, count int, scale float64) bandFold[T] {
	b := bandFold[T]{first: first, last: first + count - 1}
	b.most = most(first, count)
	factor := func(int) float64 { return scale }
	b.fold = newFold(k, n, b.most+1, factor, factor)
	return b
}

// has reports whether wavenumber k is in the band.
func (b *bandFold[T]) has(k int) bool { return b.first <= k && k <= b.last }

// both is the largest K such that ±1 … ±K are in the band.
func (b *bandFold[T]) both() int { return max(0, min(-b.first, b.last)) }

// dftKernel: x [K, 2, P, N, C] → X [Count, K, 2, P, C]. With C and S of the real and of the imaginary part of x,
// X_±k = (C_re ± S_im) + i(C_im ∓ S_re).
func dftKernel[T simd.Float](a args[T], o op.DFTOp) kernel {
	d := a.dims[0]
	n, c := d.At(-2), d.At(-1)
	lead, p := d.Span(0, o.Lead), d.Span(o.Lead+1, d.Rank()-2)
	f := newBandFold(a.k, n, o.First, o.Count, o.Scale)
	group := side[T](n, c)
	space := transformSpaces(a.pool, f.fold, group, c, f.most+1)
	scrap := workspaces[T](a.pool, group*c)
	step := lead * 2 * p * c // between wavenumbers of the spectrum
	body := func(w, lo, hi int) {
		s := &space[w]
		for i, g := lo, 0; i < hi; i += g {
			l, q := i/p, i%p
			g = min(group, hi-i, p-q)
			re, im := (l*2*p+q)*c, (l*2*p+p+q)*c
			cr, sr, ci, si := s.planes[0], s.planes[1], s.planes[2], s.planes[3]
			cr.Step, sr.Step, ci.Step, si.Step = g*c, g*c, g*c, g*c
			f.analyse(cr, sr, s.set(a.in[0], re*n, g, n, c), c, s.folded, s.gemm)
			f.analyse(ci, si, s.set(a.in[0], im*n, g, n, c), c, s.folded, s.gemm)
			at := func(k, part int) simd.Rows[T] {
				return simd.Rows[T]{Data: a.out, First: (k-f.first)*step + part, Step: step}
			}
			none := simd.Rows[T]{Data: scrap[w]}
			pair := func(k, count int, plus, minus bool) {
				rp, rm, ip, im2 := none, none, none, none
				if plus {
					rp, ip = at(k, re), at(k, im)
				}
				if minus {
					rm, im2 = at(-k, re).Down(0), at(-k, im).Down(0)
				}
				a.k.Butterfly(count, g*c, rp, rm, cr.From(k), si.From(k))
				a.k.Butterfly(count, g*c, im2, ip, ci.From(k), sr.From(k))
			}
			b := f.both()
			pair(1, b, true, true)
			for k := range f.most + 1 {
				if plus, minus := f.has(k), k > 0 && f.has(-k); plus != minus || k == 0 && plus {
					pair(k, 1, plus, minus)
				}
			}
		}
	}
	return kernel{items: lead * p, body: body}
}

// synthesisKernel: X [count, K, 2, P, C] → x [K, 2, P, N, C]: with sums U and differences V of X_k and X_−k,
// Re x = Σ cos·U_re − sin·V_im, Im x = Σ cos·U_im + sin·V_re.
func synthesisKernel[T simd.Float](a args[T], o op.SynthesisOp) kernel {
	d := a.dims[0]
	count, n, c := d.At(0), o.N, d.At(-1)
	lead, p := d.Span(1, o.Lead+1), d.Span(o.Lead+2, d.Rank()-1)
	f := newBandFold(a.k, n, o.First, count, o.Scale)
	group := side[T](n, c)
	space := transformSpaces(a.pool, f.fold, group, c, f.most+1)
	zero := simd.Rows[T]{Data: make([]T, group*c)}
	step := lead * 2 * p * c
	body := func(w, lo, hi int) {
		s := &space[w]
		for i, g := lo, 0; i < hi; i += g {
			l, q := i/p, i%p
			g = min(group, hi-i, p-q)
			re, im := (l*2*p+q)*c, (l*2*p+p+q)*c
			ur, vr, ui, vi := s.planes[0], s.planes[1], s.planes[2], s.planes[3]
			ur.Step, vr.Step, ui.Step, vi.Step = g*c, g*c, g*c, g*c
			at := func(k, part int) simd.Rows[T] {
				return simd.Rows[T]{Data: a.in[0], First: (k-f.first)*step + part, Step: step}
			}
			pair := func(k, count int, plus, minus bool) {
				rp, rm, ip, im2 := zero, zero, zero, zero
				if plus {
					rp, ip = at(k, re), at(k, im)
				}
				if minus {
					rm, im2 = at(-k, re).Down(0), at(-k, im).Down(0)
				}
				a.k.Butterfly(count, g*c, ur.From(k), vr.From(k), rp, rm)
				a.k.Butterfly(count, g*c, ui.From(k), vi.From(k), im2, ip) // −V_im
			}
			b := f.both()
			pair(1, b, true, true)
			for k := range f.most + 1 {
				if k == 0 || k > b {
					pair(k, 1, f.has(k), k > 0 && f.has(-k))
				}
			}
			f.synthesise(s.set(a.out, re*n, g, n, c), ur, vi, c, s.folded, s.gemm)
			f.synthesise(s.set(a.out, im*n, g, n, c), ui, vr, c, s.folded, s.gemm)
		}
	}
	return kernel{items: lead * p, body: body}
}
