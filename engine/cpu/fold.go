package cpu

import (
	"github.com/kolmogo/kolmogo/engine/cpu/simd"
	"github.com/kolmogo/kolmogo/op"
)

// fold is the pair of truncated transforms of n points, for rows x_j of channels and wavenumbers k = 0 … count−1,
//
//	C_k = Σ_j s_k cos(2πkj/n) x_j,   S_k = Σ_j s_k sin(2πkj/n) x_j,
//
// as products with matrices on the points folded by their symmetries: cosines take x_j + x_{n−j}, sines x_j − x_{n−j}, each for
// half of the points; where 4 divides n, even and odd wavenumbers fold the halves once more about n/4. So the products take a half or
// a quarter of the 4·count·n operations of a channel, and folding takes 2n.
type fold[T simd.Float] struct {
	k     *simd.Kernels[T]
	n     int
	parts []foldPart[T]
	turns bool // folded about n/4, too
}

// foldPart is the matrix of one parity: of cosines or sines, of wavenumbers first, first + step, …; it is applied to cols folded
// rows from row on.
type foldPart[T simd.Float] struct {
	sine                bool
	first, step, count  int
	row, cols           int
	forward, transposed []T // [count, cols] and [cols, count]
}

// newFold takes the factors s_k of cosines and sines.
func newFold[T simd.Float](k *simd.Kernels[T], n, count int, cosine, sine func(k int) float64) *fold[T] {
	f := &fold[T]{k: k, n: n, turns: n%4 == 0}
	part := func(isSine bool, first, step, row, cols int, point func(col int) int) {
		p := foldPart[T]{sine: isSine, first: first, step: step, count: max(0, (count-first+step-1)/step), row: row, cols: cols}
		p.forward, p.transposed = make([]T, p.count*cols), make([]T, p.count*cols)
		for i := range p.count {
			kk := first + i*step
			for c := range cols {
				cos, sin := op.Twiddle(kk, point(c), n)
				v := cos * cosine(kk)
				if isSine {
					v = sin * sine(kk)
				}
				p.forward[i*cols+c], p.transposed[c*p.count+i] = T(v), T(v)
			}
		}
		f.parts = append(f.parts, p)
	}
	h := n / 2
	up := func(from int) func(int) int { return func(c int) int { return from + c } }
	down := func(from int) func(int) int { return func(c int) int { return from - c } }
	if !f.turns {
		part(false, 0, 1, 0, h+1, up(0))
		part(true, 0, 1, h+1, n-h-1, up(1))
		return f
	}
	q := h / 2
	part(false, 0, 2, 0, q+1, up(0))
	part(false, 1, 2, q+1, q, down(q-1))
	part(true, 1, 2, h+1, q, up(1))
	part(true, 0, 2, h+q+1, q-1, down(q-1))
	return f
}

// work is the scratch that a call for signals of width channels in all needs.
func (f *fold[T]) work(width int) (elements int) {
	for _, p := range f.parts {
		elements = max(elements, simd.GemmWork(p.count, width, p.cols), simd.GemmWork(p.cols, width, p.count))
	}
	return elements
}

// analyse computes the coefficients of signals[r], rows of c channels each, into rows of len(signals)·c channels. folded holds
// n such rows.
func (f *fold[T]) analyse(cos, sin simd.Rows[T], signals []simd.Rows[T], c int, folded, work []T) {
	w, h := len(signals)*c, f.n/2
	all := simd.Rows[T]{Data: folded, Step: w}
	for r, x := range signals {
		own := simd.Rows[T]{Data: folded, First: r * c, Step: w}
		f.k.Butterfly((f.n-1)/2, c, own.From(1), own.From(h+1), x.From(1), x.Down(f.n-1))
		copyRow(own, x, c)
		if f.n%2 == 0 {
			copyRow(own.From(h), x.From(h), c)
		}
	}
	if f.turns {
		f.turn(all, w)
	}
	for _, p := range f.parts {
		dst := cos
		if p.sine {
			dst = sin
		}
		if p.count > 0 {
			f.k.Gemm(p.count, w, p.cols, p.forward, max(p.cols, 1), false, folded[p.row*w:], w, false, dst.Data[dst.First+p.first*dst.Step:], p.step*dst.Step, false, work)
		}
	}
}

// synthesise computes signals[r]_j = Σ_k s_k cos(2πkj/n) C_k + s_k sin(2πkj/n) S_k, the adjoint of analyse.
func (f *fold[T]) synthesise(signals []simd.Rows[T], cos, sin simd.Rows[T], c int, folded, work []T) {
	w, h := len(signals)*c, f.n/2
	all := simd.Rows[T]{Data: folded, Step: w}
	for _, p := range f.parts {
		src := cos
		if p.sine {
			src = sin
		}
		if p.cols > 0 {
			f.k.Gemm(p.cols, w, p.count, p.transposed, max(p.count, 1), false, tail(src.Data, src.First+p.first*src.Step), p.step*src.Step, false, folded[p.row*w:], w, false, work)
		}
	}
	if f.turns {
		f.turn(all, w)
	}
	for r, x := range signals {
		own := simd.Rows[T]{Data: folded, First: r * c, Step: w}
		f.k.Butterfly((f.n-1)/2, c, x.From(1), x.Down(f.n-1), own.From(1), own.From(h+1))
		copyRow(x, own, c)
		if f.n%2 == 0 {
			copyRow(x.From(h), own.From(h), c)
		}
	}
}

// turn replaces the halves' rows j and n/2 − j by their sum and difference, which folds as well as unfolds.
func (f *fold[T]) turn(all simd.Rows[T], w int) {
	h := f.n / 2
	q := h / 2
	f.k.Butterfly(q, w, all, all.Down(h), all, all.Down(h))
	f.k.Butterfly(q-1, w, all.From(h+1), all.Down(f.n-1), all.From(h+1), all.Down(f.n-1))
}

func copyRow[T simd.Float](dst, src simd.Rows[T], n int) {
	copy(dst.Data[dst.First:dst.First+n], src.Data[src.First:src.First+n])
}
