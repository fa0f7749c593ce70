package pde

// realLines transforms n = 2m real rows as m complex ones z_j = u_2j + i u_2j+1 with the spectrum Z = E + iO:
//
//	E_k = (Z_k + Z̄_(m-k))/2,  O_k = -i (Z_k - Z̄_(m-k))/2,  û_k = E_k + e^(-2πi k/n) O_k
//
// An odd number of rows is transformed as n complex ones.
type realLines[T Float] struct {
	n, bins  int
	p        *plan[T]
	cos, sin []T // of 2πk/n, k = 0..m
}

func newRealLines[T Float](n, bins int) *realLines[T] {
	f := &realLines[T]{n: n, bins: bins}
	if n%2 == 1 {
		f.p = newPlan[T](n)
		return f
	}
	f.p = newPlan[T](n / 2)
	for k := range n/2 + 1 {
		cos, sin := turn(k, n)
		f.cos, f.sin = append(f.cos, T(cos)), append(f.sin, T(sin))
	}
	return f
}

func (f *realLines[T]) Work(width int) int { return 4 * f.p.n * width }

func (f *realLines[T]) Analyse(re, im, x []T, width int, work []T) {
	a, b := planesOf(work, f.p.n*width)
	row := func(v []T, i int) []T { return v[i*width:][:width] }
	scale := 1 / T(f.n)
	if f.n%2 == 1 {
		copy(b.re, x)
		clear(b.im)
		z := f.p.run(b, width, a, b)
		for k := range f.bins {
			scaled(row(re, k), row(z.re, k), scale)
			scaled(row(im, k), row(z.im, k), scale)
		}
		return
	}
	if width == 1 {
		f.analyseLine(re, im, x, a, b)
		return
	}
	m := f.n / 2
	z := f.p.runRows(planes[T]{x, x[width:]}, 2*width, width, a, b)
	scale /= 2
	for k := range f.bins {
		j, l := k%m, (m-k)%m
		ar, ai, br, bi := row(z.re, j), row(z.im, j), row(z.re, l), row(z.im, l)
		dr, di := row(re, k), row(im, k)
		c, s := scale*f.cos[k], scale*f.sin[k]
		for q := range ar {
			or, oi := ai[q]+bi[q], br[q]-ar[q]
			dr[q] = scale*(ar[q]+br[q]) + c*or + s*oi
			di[q] = scale*(ai[q]-bi[q]) + c*oi - s*or
		}
	}
}

func (f *realLines[T]) Synthesise(x, re, im []T, width int, work []T) {
	a, b := planesOf(work, f.p.n*width)
	row := func(v []T, i int) []T { return v[i*width:][:width] }
	clear(b.re)
	clear(b.im)
	if f.n%2 == 1 {
		for k := range f.bins {
			copy(row(b.re, k), row(re, k))
			copy(row(b.im, k), row(im, k))
			if k > 0 {
				copy(row(b.re, f.n-k), row(re, k))
				scaled(row(b.im, f.n-k), row(im, k), -1)
			} else {
				clear(row(b.im, 0))
			}
		}
		z := f.p.run(planes[T]{b.im, b.re}, width, a, b)
		copy(x[:f.n*width], z.im)
		return
	}
	if width == 1 {
		f.synthesiseLine(x, re, im, a, b)
		return
	}
	m := f.n / 2
	// Z_k = (û_k + conj û_(m-k)) + i e^(2πi k/n) (û_k - conj û_(m-k)), k < m: each û_k adds to Z_k and to Z_(m-k).
	for k := range f.bins {
		ar, ai := row(re, k), row(im, k)
		c, s := f.cos[k], f.sin[k]
		edge := T(1)
		if k == 0 || k == m { // its own conjugate: real
			edge = 0
		}
		if k < m {
			zr, zi := row(b.re, k), row(b.im, k)
			for q, r := range ar {
				i := edge * ai[q]
				zr[q] += (1-s)*r - c*i
				zi[q] += (1-s)*i + c*r
			}
		}
		if k > 0 {
			zr, zi := row(b.re, m-k), row(b.im, m-k)
			for q, r := range ar {
				i := edge * ai[q]
				zr[q] += (1+s)*r + c*i
				zi[q] += c*r - (1+s)*i
			}
		}
	}
	// The inverse is the transform with real and imaginary parts exchanged on both sides.
	z := f.p.run(planes[T]{b.im, b.re}, width, a, b)
	for j := range m {
		copy(row(x, 2*j), row(z.im, j))
		copy(row(x, 2*j+1), row(z.re, j))
	}
}
