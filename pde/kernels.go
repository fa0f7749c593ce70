package pde

// Float is the number type of a state. Weights are computed in float64 either way.
type Float interface{ float32 | float64 }

// Kernels are the loops in which a spectral method spends its time: transforms along one axis, and arithmetic on arrays. Rows are the
// points of the axis, each width numbers long: everything else of the array lies inside a row, so that a butterfly is a loop
// without gaps. nil means [Portable] everywhere in this package.
type Kernels[T Float] interface {
	// Real plans û_k = (1/n) Σ_j u_j e^(-2πi jk/n), k = 0 … bins-1, and back u_j = Σ_|k|<bins û_k e^(2πi jk/n), u real. Where it is nil
	// Portable makes the transforms.
	Real(n, bins int) RealFFT[T]
	// Complex plans the same for complex u and the count wavenumbers from first on, negative ones too.
	Complex(n, first, count int) ComplexFFT[T]

	Mul(dst, x, y []T)                         // dst = x y; dst may be either, here and below
	MulAdd(dst, x, y []T)                      // dst += x y
	MulSub(dst, x, y []T)                      // dst -= x y
	MulComplex(zr, zi, xr, xi, yr, yi []T)     // z = x y of complex numbers
	Scale(dst, x []T, a T)                     // dst = a x
	Axpy(dst []T, a T, x []T)                  // dst += a x
	Transpose(dst, src []T, rows, columns int) // src [rows, columns] to dst [columns, rows]
}

// RealFFT transforms n real rows to bins complex ones and back. work holds Work(width) numbers; inputs are left as they are.
type RealFFT[T Float] = interface {
	Work(width int) int
	Analyse(re, im, x []T, width int, work []T)
	Synthesise(x, re, im []T, width int, work []T)
}

// ComplexFFT transforms n complex rows to count complex ones and back.
type ComplexFFT[T Float] = interface {
	Work(width int) int
	Analyse(re, im, xr, xi []T, width int, work []T)
	Synthesise(xr, xi, re, im []T, width int, work []T)
}

// realFFT and complexFFT are the plans of k, or of Portable where it has none, and for rows of one number, along which Portable's loops run.
func realFFT[T Float](k Kernels[T], n, bins, width int) RealFFT[T] {
	if f := k.Real(n, bins); f != nil && width > 1 {
		return f
	}
	return Portable[T]{}.Real(n, bins)
}

func complexFFT[T Float](k Kernels[T], n, first, count int) ComplexFFT[T] {
	if f := k.Complex(n, first, count); f != nil {
		return f
	}
	return Portable[T]{}.Complex(n, first, count)
}
