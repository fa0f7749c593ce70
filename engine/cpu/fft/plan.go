package fft

import (
	"slices"
	"unsafe"

	"github.com/kolmogo/kolmogo/engine/cpu/simd"
	"github.com/kolmogo/kolmogo/op"
)

// plan is the complex transform X_k = scale·Σ_j x_j·e^(−2πi·jk/n), k = 0 … n−1, of rows of any width.
type plan[T simd.Float] struct {
	k      *simd.Kernels[T]
	n      int
	scale  T
	stages []stage[T]
}

// stage is one pass: rows p = 0 … m−1 of transforms of r points.
type stage[T simd.Float] struct {
	r, m   int
	w      []T              // ω^(pj), j = 1 … r−1, for each p; nil in the last pass
	matrix []simd.Planar[T] // for each p the matrix of the pass, where simd has none of radix r
}

func newPlan[T simd.Float](k *simd.Kernels[T], n int, scale float64) *plan[T] {
	p := &plan[T]{k: k, n: n, scale: T(scale)}
	m := n
	for _, r := range factors(n, k.Radices) {
		length := m // of the transforms that this pass begins
		m /= r
		s := stage[T]{r: r, m: m}
		switch {
		case !slices.Contains(k.Radices, r):
			s.matrix = make([]simd.Planar[T], m)
			for q := range s.matrix {
				s.matrix[q] = passMatrix[T](r, q, length, m == 1, scale)
			}
		case m > 1:
			s.w = make([]T, 0, 2*(r-1)*m)
			for q := range m {
				for j := 1; j < r; j++ {
					cos, sin := op.Twiddle(q, j, length)
					s.w = append(s.w, T(cos), T(-sin))
				}
			}
		}
		p.stages = append(p.stages, s)
	}
	return p
}

// passMatrix is e^(−2πi·jl/r)·e^(−2πi·qj/length), or that times scale in the last pass.
func passMatrix[T simd.Float](r, q, length int, last bool, scale float64) simd.Planar[T] {
	f := simd.Planar[T]{Re: make([]T, r*r), Im: make([]T, r*r)}
	if !last {
		scale = 1
	}
	for j := range r {
		for l := range r {
			cos, sin := op.Twiddle(j, l*(length/r)+q, length)
			f.Re[j*r+l], f.Im[j*r+l] = T(scale*cos), T(-scale*sin)
		}
	}
	return f
}

// factors returns the radices of the passes for n points: the greatest first, and last the primes that have no pass of
// their own, whose matrix then needs no twiddle factors.
func factors(n int, radices []int) []int {
	var f []int
	for i := len(radices) - 1; i >= 0; i-- {
		for r := radices[i]; n%r == 0; n /= r {
			f = append(f, r)
		}
	}
	if i := len(f) - 1; i > 0 && f[i] == 2 && f[0] == 8 { // 4·4 is less work than 8·2
		f = append(f[1:i], 4, 4)
		slices.SortFunc(f, func(a, b int) int { return b - a })
	}
	for r := 7; n > 1; r += 2 {
		if r*r > n {
			r = n
		}
		for ; n%r == 0; n /= r {
			f = append(f, r)
		}
	}
	return f
}

// rows are n rows of complex numbers: row i starts at i·step of both planes.
type rows[T simd.Float] struct {
	simd.Planar[T]
	step int
}

// blockBytes bounds the points that are transformed together: their planes, before and after a pass, stay in the
// second-level cache.
const blockBytes = 256 << 10

// width is the number of channels that are transformed together, at most c.
func (p *plan[T]) width(c int) int {
	var t T
	size := int(unsafe.Sizeof(t))
	lanes := 64 / size
	w := min(c, max(lanes, blockBytes/(4*p.n*size)/lanes*lanes))
	if w%(4*lanes) == 0 { // branches a power of two apart would share a set of the first-level cache
		w = w/2 + lanes
	}
	return w
}

// work is the number of elements of scratch for transforms of w channels: two sets of planes, and room for products.
func (p *plan[T]) work(w int) int { return 4*p.n*w + p.gemmWork(w) }

func (p *plan[T]) gemmWork(w int) int {
	need, s := 0, 1
	for _, st := range p.stages {
		if st.matrix != nil {
			need = max(need, simd.CGemmWork(st.r, s*w, st.r))
		}
		s *= st.r
	}
	return need
}

// planes divides scratch into two sets of planes and the rest.
func (p *plan[T]) planes(w int, work []T) (a, b rows[T], rest []T) {
	n := p.n * w
	a = rows[T]{simd.Planar[T]{Re: work[:n], Im: work[n : 2*n]}, w}
	b = rows[T]{simd.Planar[T]{Re: work[2*n : 3*n], Im: work[3*n : 4*n]}, w}
	return a, b, work[4*n:]
}

// spare is that of the two sets of planes which the last pass of run does not read.
func (p *plan[T]) spare(a, b rows[T]) rows[T] {
	if len(p.stages)%2 == 1 {
		return a
	}
	return b
}

// window is the outputs that are wanted: count from first ≥ 0 on, round the end.
type window struct{ first, count int }

// run transforms x into y, of w channels each; a and b are scratch. x may be b, and y may be spare(a, b). Rows of y outside
// the window may stay as they are.
func (p *plan[T]) run(y, x rows[T], w int, a, b rows[T], gemm []T, want window) {
	if p.n == 1 {
		p.k.Scale(y.Re[:w], x.Re[:w], p.scale)
		p.k.Scale(y.Im[:w], x.Im[:w], p.scale)
		return
	}
	s := 1
	for i := range p.stages {
		st := &p.stages[i]
		if st.m == 1 {
			p.last(st, y, x, w, gemm, want)
			return
		}
		in := simd.Branches[T]{Planar: x.Planar, Step: s * x.step, Jump: st.m * s * x.step}
		out := simd.Branches[T]{Planar: a.Planar, Step: st.r * s * w, Jump: s * w}
		p.pass(st, st.m, s*w, out, in, gemm)
		x, a, b = a, b, a
		s *= st.r
	}
}

// last is the last pass: row q of s = n/r has the outputs q, q + s, …
func (p *plan[T]) last(st *stage[T], y, x rows[T], w int, gemm []T, want window) {
	s := p.n / st.r
	part := func(q, count int) {
		at := func(r rows[T]) simd.Branches[T] {
			return simd.Branches[T]{Planar: simd.Planar[T]{Re: r.Re[q*r.step:], Im: r.Im[q*r.step:]}, Step: r.step, Jump: s * r.step}
		}
		p.pass(st, count, w, at(y), at(x), gemm)
	}
	q := want.first % s
	if want.count >= s {
		q, want.count = 0, s
	}
	head := min(want.count, s-q)
	part(q, head)
	if head < want.count {
		part(0, want.count-head)
	}
}

func (p *plan[T]) pass(st *stage[T], count, n int, y, x simd.Branches[T], gemm []T) {
	if st.matrix == nil {
		p.k.Radix(st.r, count, n, y, x, st.w, p.scale)
		return
	}
	for i := range count {
		f := st.matrix[min(i, len(st.matrix)-1)]
		at := func(b simd.Branches[T]) simd.Planar[T] {
			return simd.Planar[T]{Re: b.Re[i*b.Step:], Im: b.Im[i*b.Step:]}
		}
		p.k.CGemm(st.r, n, st.r, f, st.r, false, at(x), x.Jump, false, at(y), y.Jump, false, gemm)
	}
}
