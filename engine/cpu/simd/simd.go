package simd

import (
	"fmt"
	"math"
	"strings"
)

// Float is the element type of the kernels.
type Float interface{ float32 | float64 }

// Kernels is one implementation of the arithmetic on elements of type T.
type Kernels[T Float] struct {
	// Name is "generic", "avx2" or "avx512".
	Name string

	// Gemm computes C = op(A)·op(B), or C += op(A)·op(B) where accumulate is set; op(X) is X, or its transpose
	// where the flag is set. op(A) is m × k, op(B) is k × n, C is m × n; matrices are row-major and ld is the
	// distance between the starts of stored rows. The rows of A may overlap, as the windows of a convolution do;
	// C must not overlap A or B. work holds at least GemmWork(m, n, k) elements. An element of C depends, bit for
	// bit, on its row of op(A), its column of op(B), its old value and k alone. Slices too short for the sizes panic.
	Gemm func(m, n, k int, a []T, lda int, transA bool, b []T, ldb int, transB bool, c []T, ldc int, accumulate bool, work []T)

	// CGemm is Gemm for complex matrices; op(X) is X, or its conjugate transpose where the flag is set. work holds at
	// least CGemmWork(m, n, k) elements.
	CGemm func(m, n, k int, a Planar[T], lda int, adjA bool, b Planar[T], ldb int, adjB bool, c Planar[T], ldc int, accumulate bool, work []T)

	// Peak does n·PeakFLOPs operations, half of them products and half sums, between registers: the time it takes is
	// the least in which any loop of this implementation can do as many.
	Peak func(n int)

	// Transpose writes dst[j, i] = src[i, j] for the rows × cols elements of src; row-major, Row is the distance
	// between the starts of rows. The matrices must not overlap.
	Transpose func(dst []T, dstRow int, src []T, srcRow, rows, cols int)

	// Adam makes one update of slices of equal length; p2, m2 and v2 may be p, m and v themselves. Every product and every sum is
	// rounded.
	Adam func(p2, m2, v2, p, m, v, d []T, c AdamNumbers[T])

	// TanhJet makes elements at .. at + len(z) − 1 of the terms' results, with f = tanh and its derivatives up to an order at z + b, or at z
	// where b is nil. SineJet does so for a sine from its values s and those c of the cosine. No result overlaps an operand.
	TanhJet func(terms []JetTerm[T], z, b []T, at, order int)
	SineJet func(terms []JetTerm[T], s, c []T, at, order int)

	// Gemv computes y[i] = Σ_j a[i·lda + j]·b[j], j < len(b), for every row i of y, in an order that is a function of len(b).
	Gemv func(y, a []T, lda int, b []T)

	// Loops over row-major matrices of which every column j has numbers of its own. Every product and sum is rounded, rows are
	// added in order, and y and dx may be operands themselves: all implementations agree bit for bit.
	AddColumns      func(sum, x []T)                           // sum_j += Σ_i x_ij
	AddSquares      func(sum, x, m []T)                        // sum_j += Σ_i (x_ij − m_j)²
	AddProducts     func(squares, sums, products, x, y, m []T) // Σ_i (x_ij − m_j)², Σ_i y_ij and Σ_i (x_ij − m_j)·y_ij, likewise
	Standardize     func(y, x, m, s []T)                       // y_ij = (x_ij − m_j)·s_j
	StandardizeGrad func(dx, x, dy, m, s, shift, slope []T)    // dx_ij = s_j·((dy_ij − shift_j) − (x_ij − m_j)·slope_j)

	// Loops over rows of n elements, n ≤ MostRow: with the mean μ and the mean square σ² of x − μ in a row, s = 1/√(σ² + ε).
	// Sums are those of Sum; all implementations of the first two agree bit for bit, SoftmaxRows as far as Exp does.
	NormalizeRows     func(y, x []T, n int, eps T)      // y = (x − μ)·s
	NormalizeGradRows func(dx, x, dy []T, n int, eps T) // dx = s·(dy − mean(dy) − (x − μ)·s²·mean((x − μ)·dy))
	SoftmaxRows       func(y, x []T, n int)             // y = e^(x − max x)/Σ e^(x − max x), NaN being no maximum

	// Philox fills words with whole blocks of op.PhiloxBlock from block first on. Normals makes one number of two words each, as
	// op.NormalOp does, rounded from its float64.
	Philox  func(words []uint32, key [2]uint32, step, first uint64)
	Normals func(dst []T, words []uint32)

	// Spread computes dst[i·n + j] = x[i] for j < n; dst has len(x)·n elements.
	Spread func(dst, x []T, n int)

	// Prefetch asks for x to be brought into the cache; it changes nothing else.
	Prefetch func(x []T)

	// Radix makes one pass of a Fourier transform, in which every product and sum is rounded, so that all implementations agree bit for bit: with ω = e^(−2πi/r), y_j = w_j·Σ_l ω^(jl)·x_l for the r branches of each of
	// rows × n elements, w_j being (re, im) number j of the r − 1 of the row, j = 1 … r−1, and w_0 = 1. In the last pass, where w
	// is nil, y_j = scale·Σ_l ω^(jl)·x_l. y must not overlap x. r is one of Radices, which ascend.
	Radix   func(r, rows, n int, y, x Branches[T], w []T, scale T)
	Radices []int

	// Butterfly computes sum = x + y and diff = x − y for a number of rows of n elements. sum and diff may be x or y themselves, at
	// equal rows.
	Butterfly func(rows, n int, sum, diff, x, y Rows[T])

	// Arithmetic on slices of equal length; dst may be an operand itself. Every product and every sum is rounded,
	// so all implementations agree bit for bit.
	Add, Sub, Mul, Div func(dst, x, y []T)
	MulAdd, MulSub     func(dst, x, y []T)       // dst + x·y; dst − x·y
	MulComplex         func(z, x, y Planar[T])   // x·y of complex numbers
	TanhBack           func(dst, x, y []T)       // x·(1 − y²): the gradient x of y = tanh, one layer down
	Axpy               func(dst []T, a T, x []T) // dst += a·x
	Scale              func(dst, x []T, a T)     // a·x
	Shift              func(dst, x []T, b T)     // x + b
	Affine             func(dst, x []T, a, b T)  // a·x + b
	Sum                func(x []T) T             // Σ x, in an order that is a function of the length
	Dot                func(x, y []T) T          // Σ x·y, likewise

	// Functions on slices of equal length; dst may be x itself. NaN gives NaN; ±∞, ±0 and subnormal numbers give
	// the limits and subnormal results. Errors, in units of the last place: √ 0.5; e^x, ln 1.5; σ, sin, cos 2.5;
	// tanh, softplus, SiLU, GELUTanh 3; GELU and the derivatives 5, to which a quarter of ε is added near the root
	// of a derivative.
	Sqrt, ReLU             func(dst, x []T) // √x; max(x, 0)
	Exp, Log, Sin, Cos     func(dst, x []T)
	Tanh, Sigmoid          func(dst, x []T) // σ(x) = 1/(1 + e^−x)
	Softplus               func(dst, x []T) // ln(1 + e^x)
	SiLU, SiLUGrad         func(dst, x []T) // x·σ(x) and its derivative
	GELU, GELUGrad         func(dst, x []T) // x·Φ(x) and its derivative, Φ(x) = (1 + erf(x/√2))/2
	GELUTanh, GELUTanhGrad func(dst, x []T) // x·(1 + tanh(√(2/π)·(x + 0.044715·x³)))/2 and its derivative

	// A function and its derivative in one pass, for the price of one and with the bits of the two. Neither result may
	// overlap the other; either may be x itself.
	SiLUPair, GELUPair, GELUTanhPair func(value, slope, x []T)
}

// Set is one implementation for both element types.
type Set struct {
	F32 Kernels[float32]
	F64 Kernels[float64]
}

// Generic returns the portable kernels.
func Generic() Set {
	return Set{F32: generic[float32](), F64: generic[float64]()}
}

func generic[T Float]() Kernels[T] {
	return Kernels[T]{
		Name: "generic",
		Gemm: tileGo[T]().gemm, CGemm: ctileGo[T]().gemm, Peak: peakGo[T], Transpose: transpose[T], Butterfly: butterfly[T],
		Radix: radixGo[T], Radices: []int{2, 3, 4, 5, 8}, Adam: adam[T], TanhJet: tanhJet[T], SineJet: sineJet[T], Spread: spread[T], Gemv: gemv[T], Prefetch: func([]T) {},
		Philox: philox, Normals: normals[T],

		AddColumns: addColumns[T], AddSquares: addSquares[T], AddProducts: addProducts[T],
		Standardize: standardize[T], StandardizeGrad: standardizeGrad[T],
		NormalizeRows: normalizeRows[T], NormalizeGradRows: normalizeGradRows[T], SoftmaxRows: softmaxRows[T],

		Add: add[T], Sub: sub[T], Mul: mul[T], Div: div[T],
		MulAdd: mulAdd[T], MulSub: mulSub[T], MulComplex: mulComplex[T],
		TanhBack: tanhBack[T], Axpy: axpy[T], Scale: scale[T], Shift: shift[T], Affine: affine[T],
		Sum: sum[T], Dot: dot[T],

		Sqrt: mapped[T](math.Sqrt), ReLU: relu[T],
		Exp: mapped[T](math.Exp), Log: mapped[T](math.Log), Sin: mapped[T](math.Sin), Cos: mapped[T](math.Cos),
		Tanh: mapped[T](math.Tanh), Sigmoid: mapped[T](sigmoid), Softplus: mapped[T](softplus),
		SiLU: mapped[T](silu), SiLUGrad: mapped[T](siluGrad),
		GELU: mapped[T](gelu), GELUGrad: mapped[T](geluGrad),
		GELUTanh: mapped[T](geluTanh), GELUTanhGrad: mapped[T](geluTanhGrad),
		SiLUPair: mapped2[T](silu, siluGrad), GELUPair: mapped2[T](gelu, geluGrad), GELUTanhPair: mapped2[T](geluTanh, geluTanhGrad),
	}
}

// Available returns the implementations that this machine runs, fastest first; the last is Generic.
func Available() []Set {
	return append(native(), Generic())
}

// Best returns the fastest implementation that this machine runs, or the one called name. An unknown name and
// one that the machine lacks are errors.
func Best(name string) (Set, error) {
	all := Available()
	if name == "" {
		return all[0], nil
	}
	var names []string
	for _, s := range all {
		if s.F32.Name == name {
			return s, nil
		}
		names = append(names, s.F32.Name)
	}
	return Set{}, fmt.Errorf("simd: no kernels %q on this machine; it has %s", name, strings.Join(names, ", "))
}
