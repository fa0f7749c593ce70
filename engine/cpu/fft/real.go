package fft

import "github.com/kolmogo/kolmogo/engine/cpu/simd"

// Real is the transform of op.RealDFTOp, X_k = scale·c_k·Σ_j x_j·e^(−2πi·jk/n) for k = 0 … bins−1, and of its adjoint
// op.RealSynthesisOp, x_j = scale·Σ_k c_k·(Re X_k·cos(2πjk/n) − Im X_k·sin(2πjk/n)). c_k = 1, or with twice set 2 but for
// k = 0 and k = n/2.
type Real[T simd.Float] struct {
	p     *plan[T]
	bins  int
	edges T // what the bins 0 and n/2 lack of the scale of the others
}

// NewReal plans the transforms of n points, bins of n/2 + 1 wavenumbers.
func NewReal[T simd.Float](k *simd.Kernels[T], n, bins int, scale float64, twice bool) *Real[T] {
	if twice {
		return &Real[T]{newPlan(k, n, scale), bins, 1}
	}
	return &Real[T]{newPlan(k, n, scale/2), bins, 2}
}

// Work returns the number of elements of scratch that Analyse and Synthesise of c channels need.
func (f *Real[T]) Work(c int) int { return f.p.work(f.p.width((c + 1) / 2)) }

// Analyse transforms the n rows x of c channels into the rows re and im of the spectrum. work holds Work(c) elements.
func (f *Real[T]) Analyse(re, im, x simd.Rows[T], c int, work []T) {
	half := (c + 1) / 2
	width := f.p.width(half)
	for i := 0; i < half; i += width {
		w := min(width, half-i)
		a, b, gemm := f.p.planes(w, work)
		z := f.p.spare(a, b)
		in := rows[T]{simd.Planar[T]{Re: x.Data[x.First+i:], Im: x.Data[x.First+i+c-half:]}, x.Step}
		f.p.run(z, in, w, a, b, gemm, window{f.p.n - (f.bins - 1), 2*f.bins - 1})
		f.split(right(re, i), right(im, i), right(re, i+c-half), right(im, i+c-half), z, w)
	}
}

// right is r from the element i of each row on.
func right[T simd.Float](r simd.Rows[T], i int) simd.Rows[T] {
	return simd.Rows[T]{Data: r.Data, First: r.First + i, Step: r.Step}
}

// edge reports whether bin k is its own conjugate.
func (f *Real[T]) edge(k int) bool { return k == 0 || 2*k == f.p.n }

// inner is the number of bins 1, 2, … that have a conjugate of their own.
func (f *Real[T]) inner() int {
	if f.edge(f.bins - 1) {
		return max(0, f.bins-2)
	}
	return f.bins - 1
}

// split separates the spectra of the two signals: X₁ = (Z_k + Z̄_−k)/2, X₂ = (Z_k − Z̄_−k)/2i.
func (f *Real[T]) split(re1, im1, re2, im2 simd.Rows[T], z rows[T], w int) {
	zr, zi := simd.Rows[T]{Data: z.Re, Step: w}, simd.Rows[T]{Data: z.Im, Step: w}
	k, n := f.p.k, f.p.n
	if m := f.inner(); m > 0 {
		k.Butterfly(m, w, re1.From(1), im2.From(1), zr.Down(n-1), zr.From(1))
		k.Butterfly(m, w, re2.From(1), im1.From(1), zi.From(1), zi.Down(n-1))
	}
	for _, b := range [2]int{0, f.bins - 1} {
		if f.edge(b) {
			k.Scale(row(re1, b, w), row(zr, b, w), f.edges)
			k.Scale(row(re2, b, w), row(zi, b, w), f.edges)
			clear(row(im1, b, w))
			clear(row(im2, b, w))
		}
	}
}

func row[T simd.Float](r simd.Rows[T], i, w int) []T {
	at := r.First + i*r.Step
	return r.Data[at : at+w]
}

// Synthesise transforms the rows re and im of a spectrum into the n rows x of c channels. work holds Work(c) elements.
func (f *Real[T]) Synthesise(x, re, im simd.Rows[T], c int, work []T) {
	half := (c + 1) / 2
	width := f.p.width(half)
	for i := 0; i < half; i += width {
		w := min(width, half-i)
		a, z, gemm := f.p.planes(w, work)
		f.join(z, right(re, i), right(im, i), right(re, i+c-half), right(im, i+c-half), w)
		// The inverse transform is the transform with real and imaginary parts exchanged on both sides.
		in := rows[T]{simd.Planar[T]{Re: z.Im, Im: z.Re}, w}
		out := rows[T]{simd.Planar[T]{Re: x.Data[x.First+i+c-half:], Im: x.Data[x.First+i:]}, x.Step}
		f.p.run(out, in, w, a, z, gemm, window{0, f.p.n})
	}
}

// join is Z_k = X₁ + i·X₂ and Z_−k = X̄₁ + i·X̄₂, and zero between.
func (f *Real[T]) join(z rows[T], re1, im1, re2, im2 simd.Rows[T], w int) {
	zr, zi := simd.Rows[T]{Data: z.Re, Step: w}, simd.Rows[T]{Data: z.Im, Step: w}
	k, n := f.p.k, f.p.n
	m := f.inner()
	clear(z.Re[(m+1)*w : (n-m)*w])
	clear(z.Im[(m+1)*w : (n-m)*w])
	if m > 0 {
		k.Butterfly(m, w, zr.Down(n-1), zr.From(1), re1.From(1), im2.From(1))
		k.Butterfly(m, w, zi.From(1), zi.Down(n-1), re2.From(1), im1.From(1))
	}
	for _, b := range [2]int{0, f.bins - 1} {
		if f.edge(b) {
			k.Scale(row(zr, b, w), row(re1, b, w), f.edges)
			k.Scale(row(zi, b, w), row(re2, b, w), f.edges)
		}
	}
}
