package pde

// FourierPlane is the real function f(x,y) = Re Σ_kl c_kl exp(2πi(kx + ly)) on the periodic unit square, with
// c = Re + i Im, [Size, Size] in the order 0, 1, …, -1 of k and of l.
type FourierPlane struct {
	Re, Im []float64
	Size   int
}

// Sample writes f at the n×n points (i/n, j/n), dst [n, n]. A mode beyond the grid is folded onto the one that it equals at its points.
func (f FourierPlane) Sample(dst []float64, n int) {
	lines := Portable[float64]{}.Complex(n, 0, n)
	a := planes[float64]{make([]float64, n*n), make([]float64, n*n)}
	b := planes[float64]{make([]float64, n*n), make([]float64, n*n)}
	for i := range f.Size {
		for j := range f.Size {
			k, l := fold(i, f.Size, n), fold(j, f.Size, n)
			a.re[k*n+l] += f.Re[i*f.Size+j]
			a.im[k*n+l] += f.Im[i*f.Size+j]
		}
	}
	work := make([]float64, lines.Work(n))
	lines.Synthesise(b.re, b.im, a.re, a.im, n, work)
	Portable[float64]{}.Transpose(a.re, b.re, n, n)
	Portable[float64]{}.Transpose(a.im, b.im, n, n)
	lines.Synthesise(b.re, b.im, a.re, a.im, n, work)
	Portable[float64]{}.Transpose(dst, b.re, n, n)
}

// fold is the place on n points of the i-th wavenumber of size.
func fold(i, size, n int) int {
	if i >= (size+1)/2 {
		i -= size
	}
	return (i%n + n) % n
}
