package pde

import "math"

// plan is the complex transform X_k = Σ_j x_j e^(-2πi jk/n) of rows of any width, in Stockham's order. With n = r m, one pass is
//
//	y_(rp+j) = ω^(pj) Σ_l e^(-2πi jl/r) x_(p+ml),  p < m, j < r, ω = e^(-2πi/n)
//
// and the passes that follow transform the m points of each j side by side.
type plan[T Float] struct {
	n      int
	stages []stage[T]
}

type stage[T Float] struct {
	r, m   int
	re, im []T // ω^(pj) for each p, j = 1..r-1
	wr, wi []T // e^(-2πi jl/r), [j, l], for a radix without a butterfly of its own
}

// planes are the real and imaginary parts of an array.
type planes[T Float] struct{ re, im []T }

func planesOf[T Float](work []T, n int) (a, b planes[T]) {
	return planes[T]{work[:n], work[n : 2*n]}, planes[T]{work[2*n : 3*n], work[3*n : 4*n]}
}

func newPlan[T Float](n int) *plan[T] {
	p := &plan[T]{n: n}
	for length := n; length > 1; {
		r := radix(length)
		m := length / r
		s := stage[T]{r: r, m: m}
		for q := range m {
			for j := 1; j < r; j++ {
				cos, sin := turn(q*j, length)
				s.re, s.im = append(s.re, T(cos)), append(s.im, T(-sin))
			}
		}
		if r > 4 {
			for j := range r {
				for l := range r {
					cos, sin := turn(j*l, r)
					s.wr, s.wi = append(s.wr, T(cos)), append(s.wi, T(-sin))
				}
			}
		}
		p.stages = append(p.stages, s)
		length = m
	}
	return p
}

func radix(n int) int {
	for _, r := range []int{4, 2, 3, 5} {
		if n%r == 0 {
			return r
		}
	}
	for r := 7; r*r <= n; r += 2 {
		if n%r == 0 {
			return r
		}
	}
	return n
}

// turn is cos and sin of 2π p/n, exact at the quarters.
func turn(p, n int) (cos, sin float64) {
	p = p % n
	switch {
	case p == 0:
		return 1, 0
	case 4*p == n:
		return 0, 1
	case 2*p == n:
		return -1, 0
	case 4*p == 3*n:
		return 0, -1
	}
	sin, cos = math.Sincos(2 * math.Pi * float64(p) / float64(n))
	return cos, sin
}

// run transforms x by way of a and b and returns which of them holds the result, or x for n = 1. x may be b.
func (f *plan[T]) run(x planes[T], width int, a, b planes[T]) planes[T] {
	return f.runRows(x, width, width, a, b)
}

// runRows is run for rows of x that begin step numbers apart.
func (f *plan[T]) runRows(x planes[T], step, width int, a, b planes[T]) planes[T] {
	s := width // length of the runs that a pass treats alike
	for i := range f.stages {
		st := &f.stages[i]
		st.pass(a, x, step, s)
		x, a, b = a, b, a
		s *= st.r
		step = s
	}
	return x
}

// pass takes x to y: runs of s numbers, those of x step apart.
func (st *stage[T]) pass(y, x planes[T], step, s int) {
	switch st.r {
	case 2:
		st.radix2(y, x, step, s)
	case 3:
		st.radix3(y, x, step, s)
	case 4:
		if s == 1 && step == 1 {
			st.first4(y, x)
			return
		}
		st.radix4(y, x, step, s)
	default:
		for p := range st.m {
			st.general(y, x, p, step, s)
		}
	}
}

// general is one p of a pass of any radix.
func (st *stage[T]) general(y, x planes[T], p, step, s int) {
	r, m := st.r, st.m
	wr, wi := st.re[p*(r-1):(p+1)*(r-1)], st.im[p*(r-1):(p+1)*(r-1)]
	yr, yi := y.re[r*p*s:][:r*s], y.im[r*p*s:][:r*s]
	for j := range r {
		tr, ti := yr[j*s:][:s], yi[j*s:][:s]
		copy(tr, x.re[p*step:])
		copy(ti, x.im[p*step:])
		for l := 1; l < r; l++ {
			br, bi := x.re[(p+l*m)*step:][:s], x.im[(p+l*m)*step:][:s]
			er, ei := st.wr[j*r+l], st.wi[j*r+l]
			for q := range tr {
				tr[q] += er*br[q] - ei*bi[q]
				ti[q] += er*bi[q] + ei*br[q]
			}
		}
		if j > 0 {
			er, ei := wr[j-1], wi[j-1]
			for q := range tr {
				tr[q], ti[q] = er*tr[q]-ei*ti[q], er*ti[q]+ei*tr[q]
			}
		}
	}
}
