package cpu

import (
	"github.com/kolmogo/kolmogo/engine/cpu/simd"
	"github.com/kolmogo/kolmogo/op"
)

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
