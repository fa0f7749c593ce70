package fft

import "github.com/kolmogo/kolmogo/engine/cpu/simd"

// Complex is the transform of op.DFTOp, X_k = scale·Σ_j x_j·e^(−2πi·jk/n) for the wavenumbers k = first … first+count−1, and
// of its adjoint op.SynthesisOp, x_j = scale·Σ_k X_k·e^(2πi·jk/n).
type Complex[T simd.Float] struct {
	p            *plan[T]
	first, count int
}

// NewComplex plans the transforms of n points and count ≤ n wavenumbers.
func NewComplex[T simd.Float](k *simd.Kernels[T], n, first, count int, scale float64) *Complex[T] {
	return &Complex[T]{newPlan(k, n, scale), ((first % n) + n) % n, count}
}

// Work returns the number of elements of scratch that Analyse and Synthesise of c channels need.
func (f *Complex[T]) Work(c int) int { return f.p.work(f.p.width(c)) }

// Analyse transforms the n rows x + i·xIm of c channels into the count rows re + i·im of the spectrum, whose first is that of
// wavenumber first. The rows of x and xIm have one step. work holds Work(c) elements.
func (f *Complex[T]) Analyse(re, im, x, xIm simd.Rows[T], c int, work []T) {
	width := f.p.width(c)
	for i := 0; i < c; i += width {
		w := min(width, c-i)
		a, b, gemm := f.p.planes(w, work)
		z := f.p.spare(a, b)
		f.p.run(z, pair(right(x, i), right(xIm, i)), w, a, b, gemm, window{f.first, f.count})
		for j := range f.count {
			k := (f.first + j) % f.p.n * w
			copy(row(re, j, c)[i:i+w], z.Re[k:k+w])
			copy(row(im, j, c)[i:i+w], z.Im[k:k+w])
		}
	}
}

// Synthesise transforms the count rows re + i·im of a spectrum into the n rows x + i·xIm of c channels, which have one step.
func (f *Complex[T]) Synthesise(x, xIm, re, im simd.Rows[T], c int, work []T) {
	width := f.p.width(c)
	for i := 0; i < c; i += width {
		w := min(width, c-i)
		a, z, gemm := f.p.planes(w, work)
		for j := range f.p.n {
			k := (f.first + j) % f.p.n * w
			if j < f.count {
				copy(z.Re[k:k+w], row(re, j, c)[i:i+w])
				copy(z.Im[k:k+w], row(im, j, c)[i:i+w])
			} else {
				clear(z.Re[k : k+w])
				clear(z.Im[k : k+w])
			}
		}
		z.Re, z.Im = z.Im, z.Re // on both sides: the inverse transform
		f.p.run(pair(right(xIm, i), right(x, i)), z, w, a, z, gemm, window{0, f.p.n})
	}
}

// pair is two planes as rows of complex numbers.
func pair[T simd.Float](re, im simd.Rows[T]) rows[T] {
	if re.Step != im.Step {
		panic("fft: real and imaginary rows have different steps")
	}
	return rows[T]{simd.Planar[T]{Re: re.Data[re.First:], Im: im.Data[im.First:]}, re.Step}
}
