package pde

// Float is the number type of a state. Weights are computed in float64 either way.
type Float interface{ float32 | float64 }

// FFT makes the transforms along one axis. Rows are the points of the axis, each width numbers long: everything else of the
// array lies inside a row, so that a butterfly is a loop without gaps. A nil FFT in this package means [Portable].
type FFT[T Float] interface {
	// Real plans û_k = (1/n) Σ_j u_j e^(-2πi jk/n), k = 0 … bins-1, and back u_j = Σ_|k|<bins û_k e^(2πi jk/n), u real.
	Real(n, bins int) RealFFT[T]
	// Complex plans the same for complex u and the count wavenumbers from first on, negative ones too.
	Complex(n, first, count int) ComplexFFT[T]
}

// RealFFT transforms n real rows to bins complex ones and back. work holds Work(width) numbers; inputs are left as they are.
type RealFFT[T Float] interface {
	Work(width int) int
	Analyse(re, im, x []T, width int, work []T)
	Synthesise(x, re, im []T, width int, work []T)
}

// ComplexFFT transforms n complex rows to count complex ones and back.
type ComplexFFT[T Float] interface {
	Work(width int) int
	Analyse(re, im, xr, xi []T, width int, work []T)
	Synthesise(xr, xi, re, im []T, width int, work []T)
}

// Portable is the FFT in Go: its results are the same on every machine.
type Portable[T Float] struct{}

// Real implements [FFT].
func (Portable[T]) Real(n, bins int) RealFFT[T] { return newRealLines[T](n, bins) }

// Complex implements [FFT].
func (Portable[T]) Complex(n, first, count int) ComplexFFT[T] {
	return &complexLines[T]{p: newPlan[T](n), first: first, count: count}
}

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

func scaled[T Float](dst, src []T, s T) {
	src = src[:len(dst)]
	for i, v := range src {
		dst[i] = s * v
	}
}
