package pde

type complexLines[T Float] struct {
	p            *plan[T]
	first, count int
}

func (f *complexLines[T]) Work(width int) int { return 4 * f.p.n * width }

func (f *complexLines[T]) Analyse(re, im, xr, xi []T, width int, work []T) {
	n := f.p.n
	a, b := planesOf(work, n*width)
	y := f.p.run(planes[T]{xr, xi}, width, a, b)
	scale := 1 / T(n)
	for i := range f.count {
		k := ((f.first+i)%n + n) % n
		scaled(re[i*width:(i+1)*width], y.re[k*width:], scale)
		scaled(im[i*width:(i+1)*width], y.im[k*width:], scale)
	}
}

func (f *complexLines[T]) Synthesise(xr, xi, re, im []T, width int, work []T) {
	n := f.p.n
	a, b := planesOf(work, n*width)
	if f.count < n {
		clear(b.re)
		clear(b.im)
	}
	for i := range f.count {
		k := ((f.first+i)%n + n) % n
		copy(b.re[k*width:(k+1)*width], re[i*width:])
		copy(b.im[k*width:(k+1)*width], im[i*width:])
	}
	// The inverse is the transform with real and imaginary parts exchanged on both sides.
	y := f.p.run(planes[T]{b.im, b.re}, width, a, b)
	copy(xr[:n*width], y.im)
	copy(xi[:n*width], y.re)
}
