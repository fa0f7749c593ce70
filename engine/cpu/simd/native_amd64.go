package simd

import (
	"math"
	"unsafe"

	"github.com/klauspost/cpuid/v2"
)

// native returns the vector implementations that this processor runs, fastest first.
func native() []Set {
	var sets []Set
	if cpuid.CPU.Supports(cpuid.AVX512F, cpuid.AVX512DQ, cpuid.AVX512BW, cpuid.AVX512VL, cpuid.AVX2, cpuid.FMA3, cpuid.BMI2) {
		sets = append(sets, avx512())
	}
	if cpuid.CPU.Supports(cpuid.AVX2, cpuid.FMA3, cpuid.BMI2) {
		sets = append(sets, avx2())
	}
	return sets
}

// binary, unary and their like make loops over slices of kernels on pointers.

func binary[T Float](f func(dst, x, y *T, n int)) func(dst, x, y []T) {
	return func(dst, x, y []T) {
		checkLengths(len(dst), len(x), len(y))
		if len(x) > 0 {
			f(&dst[0], &x[0], &y[0], len(x))
		}
	}
}

// accumulated is a loop dst = f(x, y, dst) of a kernel with its third operand apart.
func accumulated[T Float](f func(dst, x, y, z *T, n int)) func(dst, x, y []T) {
	return func(dst, x, y []T) {
		checkLengths(len(dst), len(x), len(y))
		if len(x) > 0 {
			f(&dst[0], &x[0], &y[0], &dst[0], len(x))
		}
	}
}

// complexes is mulComplex on a kernel.
func complexes[T Float](f func(z, zIm, x, xIm, y, yIm *T, n int)) func(z, x, y Planar[T]) {
	return func(z, x, y Planar[T]) {
		n := len(z.Re)
		checkLengths(n, len(z.Im), len(x.Re), len(x.Im), len(y.Re), len(y.Im))
		if n > 0 {
			f(&z.Re[0], &z.Im[0], &x.Re[0], &x.Im[0], &y.Re[0], &y.Im[0], n)
		}
	}
}

// rowSums is gemv on a kernel for elements of size bytes.
func rowSums[T Float](size int, f func(y, a *T, row int, b *T, rows, n int)) func(y, a []T, lda int, b []T) {
	return func(y, a []T, lda int, b []T) {
		checkGemv(len(y), len(a), lda, len(b))
		switch {
		case len(b) == 0:
			clear(y)
		case len(y) > 0:
			f(&y[0], &a[0], size*lda, &b[0], len(y), len(b))
		}
	}
}

// filled is spread on a kernel.
func filled[T Float](f func(dst, x *T, rows, n int)) func(dst, x []T, n int) {
	return func(dst, x []T, n int) {
		if checkSpread(len(dst), len(x), n); len(dst) > 0 {
			f(&dst[0], &x[0], len(x), n)
		}
	}
}

// onTanhJet is tanhJet on a kernel.
func onTanhJet[T Float](f func(terms *byte, count int, z, b *T, at, n, order int)) func(terms []JetTerm[T], z, b []T, at, order int) {
	return func(terms []JetTerm[T], z, b []T, at, order int) {
		checkJet(terms, len(z), len(b), at, order)
		if len(z) == 0 || len(terms) == 0 {
			return
		}
		var shift *T
		if b != nil {
			shift = &b[0]
		}
		f((*byte)(unsafe.Pointer(&terms[0])), len(terms), &z[0], shift, at, len(z), order)
	}
}

// onSineJet is sineJet on a kernel.
func onSineJet[T Float](f func(terms *byte, count int, s, c *T, at, n, order int)) func(terms []JetTerm[T], s, c []T, at, order int) {
	return func(terms []JetTerm[T], s, c []T, at, order int) {
		checkLengths(len(s), len(c))
		checkJet(terms, len(s), 0, at, order)
		if len(s) > 0 && len(terms) > 0 {
			f((*byte)(unsafe.Pointer(&terms[0])), len(terms), &s[0], &c[0], at, len(s), order)
		}
	}
}

func prefetched[T Float](x []T) {
	if len(x) > 0 {
		prefetchLines((*byte)(unsafe.Pointer(&x[0])), (len(x)*int(unsafe.Sizeof(x[0]))+63)/64)
	}
}

func unary[T Float](f func(dst, x *T, n int)) func(dst, x []T) {
	return func(dst, x []T) {
		checkLengths(len(dst), len(x))
		if len(x) > 0 {
			f(&dst[0], &x[0], len(x))
		}
	}
}

func pair[T Float](f func(value, slope, x *T, n int)) func(value, slope, x []T) {
	return func(value, slope, x []T) {
		checkLengths(len(value), len(slope), len(x))
		if len(x) > 0 {
			f(&value[0], &slope[0], &x[0], len(x))
		}
	}
}

// positive does nothing for n = 0, which its kernel does not expect.
func positive(f func(n int)) func(n int) {
	return func(n int) {
		if n > 0 {
			f(n)
		}
	}
}

// transposed is transpose on a kernel for strips of square blocks of n × n elements of size bytes.
func transposed[T Float](n, size int, strip func(dst *T, dstRow int, src *T, srcRow, blocks int)) func(dst []T, dstRow int, src []T, srcRow, rows, cols int) {
	return func(dst []T, dstRow int, src []T, srcRow, rows, cols int) {
		checkTranspose(len(dst), dstRow, len(src), srcRow, rows, cols)
		blocks := cols / n
		i := 0
		for ; i+n <= rows && blocks > 0; i += n {
			strip(&dst[i], dstRow*size, &src[i*srcRow], srcRow*size, blocks)
		}
		if done := blocks * n; done < cols && i > 0 {
			transpose(dst[done*dstRow:], dstRow, src[done:], srcRow, i, cols-done)
		}
		if i < rows {
			transpose(dst[i:], dstRow, src[i*srcRow:], srcRow, rows-i, cols)
		}
	}
}

// periodic is unary for sine and cosine: what the kernel leaves is an operand beyond [−1, 1], which f takes.
func periodic[T Float](kernel func(dst, x *T, n int) bool, f func(float64) float64) func(dst, x []T) {
	return func(dst, x []T) {
		checkLengths(len(dst), len(x))
		if len(x) == 0 || !kernel(&dst[0], &x[0], len(x)) {
			return
		}
		for i, v := range dst {
			if v > 1 || v < -1 {
				dst[i] = T(f(float64(v)))
			}
		}
	}
}

func unary1[T Float](f func(dst, x *T, a T, n int)) func(dst, x []T, a T) {
	return func(dst, x []T, a T) {
		checkLengths(len(dst), len(x))
		if len(x) > 0 {
			f(&dst[0], &x[0], a, len(x))
		}
	}
}

func unary2[T Float](f func(dst, x *T, a, b T, n int)) func(dst, x []T, a, b T) {
	return func(dst, x []T, a, b T) {
		checkLengths(len(dst), len(x))
		if len(x) > 0 {
			f(&dst[0], &x[0], a, b, len(x))
		}
	}
}

func inPlace[T Float](f func(dst, x, y *T, a T, n int)) func(dst []T, a T, x []T) {
	return func(dst []T, a T, x []T) {
		checkLengths(len(dst), len(x))
		if len(x) > 0 {
			f(&dst[0], &x[0], &dst[0], a, len(x))
		}
	}
}

// summed and dotted are sum and dot on kernels that add whole blocks of lanes.

func summed[T Float](blocks func(lane, x *T, blocks int)) func(x []T) T {
	return func(x []T) T {
		n := laneCount[T]()
		var total float64
		for len(x) > 0 {
			m := min(len(x), sumChunk)
			var l lanes[T]
			whole := m / n
			if whole > 0 {
				blocks(&l[0], &x[0], whole)
			}
			l.add(x[whole*n:m], n)
			total += float64(l.fold(n))
			x = x[m:]
		}
		return T(total)
	}
}

func dotted[T Float](blocks func(lane, x, y *T, blocks int)) func(x, y []T) T {
	return func(x, y []T) T {
		checkLengths(len(x), len(y))
		n := laneCount[T]()
		var total float64
		for len(x) > 0 {
			m := min(len(x), sumChunk)
			var l lanes[T]
			whole := m / n
			if whole > 0 {
				blocks(&l[0], &x[0], &y[0], whole)
			}
			l.addProducts(x[whole*n:m], y[whole*n:m], n)
			total += float64(l.fold(n))
			x, y = x[m:], y[m:]
		}
		return T(total)
	}
}

func avx512() Set {
	f32 := generic[float32]()
	f32.Name = "avx512"
	f32.Transpose = transposed(8, 4, transposeF32AVX2)
	f32.Gemm = (&tile[float32]{rows: 8, lanes: 32, transpose: f32.Transpose,
		run: func(a []float32, aRow, aStep int, b []float32, bStep int, c []float32, cRow, k, rows, lanes, tiles int, add bool, next fetch[float32]) {
			gemmF32AVX512(&a[0], 4*aRow, 4*aStep, &b[0], 4*bStep, &c[0], 4*cRow, k, rows, lanes, tiles, add, &next.from[0], 4*next.at, 4*next.tile, 4*next.step)
		}}).gemm
	f32.Butterfly = onRows(4, butterflyF32AVX512)
	f32.Radix, f32.Radices = radixOn(4,
		radixPass[float32]{2, radix2F32AVX512, radix2LastF32AVX512},
		radixPass[float32]{3, radix3F32AVX512, radix3LastF32AVX512},
		radixPass[float32]{4, radix4F32AVX512, radix4LastF32AVX512},
		radixPass[float32]{5, radix5F32AVX512, radix5LastF32AVX512},
		radixPass[float32]{8, radix8F32AVX512, radix8LastF32AVX512})
	f32.Prefetch = prefetched[float32]
	f32.Spread = filled(spreadF32AVX512)
	f32.Gemv = rowSums(4, gemvF32AVX512)
	f32.TanhJet, f32.SineJet = onTanhJet(tanhJetF32AVX512), onSineJet(sineJetF32AVX512)
	f32.Philox, f32.Normals = philoxOn(8, philoxAVX512), normalsOn(8, normalF32AVX512)
	f32.AddColumns, f32.AddSquares, f32.AddProducts = onAddColumns(addColumnsF32AVX512), onAddSquares(addSquaresF32AVX512), onAddProducts(addProductsF32AVX512)
	f32.Standardize, f32.StandardizeGrad = onStandardize(standardizeF32AVX512), onStandardizeGrad(standardizeGradF32AVX512)
	f32.NormalizeRows, f32.NormalizeGradRows = onNormalizeRows(normalizeRowsF32AVX512), onNormalizeGradRows(normalizeGradRowsF32AVX512)
	f32.SoftmaxRows = onSoftmaxRows(softmaxRowsF32AVX512)
	f32.Adam = func(p2, m2, v2, p, m, v, d []float32, c AdamNumbers[float32]) {
		if checkLengths(len(p), len(p2), len(m2), len(v2), len(m), len(v), len(d)); len(p) > 0 {
			adamF32AVX512(&p2[0], &m2[0], &v2[0], &p[0], &m[0], &v[0], &d[0], len(p), c.Beta1, c.Rest1, c.Beta2, c.Rest2, c.Correct1, c.Correct2, c.Epsilon, c.Rate, c.Decay)
		}
	}
	f32.CGemm = (&ctile[float32]{rows: 8, lanes: 16, transpose: f32.Transpose, run: complexTile(4, cgemmF32AVX512)}).gemm
	f32.Add, f32.Sub, f32.Mul, f32.Div = binary(addF32AVX512), binary(subF32AVX512), binary(mulF32AVX512), binary(divF32AVX512)
	f32.TanhBack = binary(tanhBackF32AVX512)
	f32.MulAdd, f32.MulSub, f32.MulComplex = accumulated(mulAddF32AVX512), accumulated(mulSubF32AVX512), complexes(mulComplexF32AVX512)
	f32.Axpy, f32.Scale, f32.Shift, f32.Affine = inPlace(axpyF32AVX512), unary1(scaleF32AVX512), unary1(shiftF32AVX512), unary2(affineF32AVX512)
	f32.Peak = positive(peakF32AVX512)
	f32.Sum, f32.Dot = summed(sumF32AVX512), dotted(dotF32AVX512)
	f32.Sqrt = unary(sqrtF32AVX512)
	f32.ReLU = unary(reluF32AVX512)
	f32.Exp = unary(expF32AVX512)
	f32.Log = unary(logF32AVX512)
	f32.Sin, f32.Cos = periodic(sinF32AVX512, math.Sin), periodic(cosF32AVX512, math.Cos)
	f32.Tanh = unary(tanhF32AVX512)
	f32.Sigmoid = unary(sigmoidF32AVX512)
	f32.Softplus = unary(softplusF32AVX512)
	f32.SiLU = unary(siluF32AVX512)
	f32.SiLUPair, f32.GELUPair, f32.GELUTanhPair = pair(siluPairF32AVX512), pair(geluPairF32AVX512), pair(geluTanhPairF32AVX512)
	f32.SiLUGrad = unary(siluGradF32AVX512)
	f32.GELU = unary(geluF32AVX512)
	f32.GELUGrad = unary(geluGradF32AVX512)
	f32.GELUTanh = unary(geluTanhF32AVX512)
	f32.GELUTanhGrad = unary(geluTanhGradF32AVX512)

	f64 := generic[float64]()
	f64.Name = "avx512"
	f64.Transpose = transposed(4, 8, transposeF64AVX2)
	f64.Gemm = (&tile[float64]{rows: 8, lanes: 16, transpose: f64.Transpose,
		run: func(a []float64, aRow, aStep int, b []float64, bStep int, c []float64, cRow, k, rows, lanes, tiles int, add bool, next fetch[float64]) {
			gemmF64AVX512(&a[0], 8*aRow, 8*aStep, &b[0], 8*bStep, &c[0], 8*cRow, k, rows, lanes, tiles, add, &next.from[0], 8*next.at, 8*next.tile, 8*next.step)
		}}).gemm
	f64.Butterfly = onRows(8, butterflyF64AVX512)
	f64.Radix, f64.Radices = radixOn(8,
		radixPass[float64]{2, radix2F64AVX512, radix2LastF64AVX512},
		radixPass[float64]{3, radix3F64AVX512, radix3LastF64AVX512},
		radixPass[float64]{4, radix4F64AVX512, radix4LastF64AVX512},
		radixPass[float64]{5, radix5F64AVX512, radix5LastF64AVX512},
		radixPass[float64]{8, radix8F64AVX512, radix8LastF64AVX512})
	f64.Prefetch = prefetched[float64]
	f64.Spread = filled(spreadF64AVX512)
	f64.Gemv = rowSums(8, gemvF64AVX512)
	f64.TanhJet, f64.SineJet = onTanhJet(tanhJetF64AVX512), onSineJet(sineJetF64AVX512)
	f64.Philox, f64.Normals = philoxOn(8, philoxAVX512), normalsOn(8, normalF64AVX512)
	f64.AddColumns, f64.AddSquares, f64.AddProducts = onAddColumns(addColumnsF64AVX512), onAddSquares(addSquaresF64AVX512), onAddProducts(addProductsF64AVX512)
	f64.Standardize, f64.StandardizeGrad = onStandardize(standardizeF64AVX512), onStandardizeGrad(standardizeGradF64AVX512)
	f64.NormalizeRows, f64.NormalizeGradRows = onNormalizeRows(normalizeRowsF64AVX512), onNormalizeGradRows(normalizeGradRowsF64AVX512)
	f64.SoftmaxRows = onSoftmaxRows(softmaxRowsF64AVX512)
	f64.Adam = func(p2, m2, v2, p, m, v, d []float64, c AdamNumbers[float64]) {
		if checkLengths(len(p), len(p2), len(m2), len(v2), len(m), len(v), len(d)); len(p) > 0 {
			adamF64AVX512(&p2[0], &m2[0], &v2[0], &p[0], &m[0], &v[0], &d[0], len(p), c.Beta1, c.Rest1, c.Beta2, c.Rest2, c.Correct1, c.Correct2, c.Epsilon, c.Rate, c.Decay)
		}
	}
	f64.CGemm = (&ctile[float64]{rows: 8, lanes: 8, transpose: f64.Transpose, run: complexTile(8, cgemmF64AVX512)}).gemm
	f64.Add, f64.Sub, f64.Mul, f64.Div = binary(addF64AVX512), binary(subF64AVX512), binary(mulF64AVX512), binary(divF64AVX512)
	f64.TanhBack = binary(tanhBackF64AVX512)
	f64.MulAdd, f64.MulSub, f64.MulComplex = accumulated(mulAddF64AVX512), accumulated(mulSubF64AVX512), complexes(mulComplexF64AVX512)
	f64.Axpy, f64.Scale, f64.Shift, f64.Affine = inPlace(axpyF64AVX512), unary1(scaleF64AVX512), unary1(shiftF64AVX512), unary2(affineF64AVX512)
	f64.Peak = positive(peakF64AVX512)
	f64.Sum, f64.Dot = summed(sumF64AVX512), dotted(dotF64AVX512)
	f64.Sqrt = unary(sqrtF64AVX512)
	f64.ReLU = unary(reluF64AVX512)
	f64.Exp = unary(expF64AVX512)
	f64.Log = unary(logF64AVX512)
	f64.Sin, f64.Cos = periodic(sinF64AVX512, math.Sin), periodic(cosF64AVX512, math.Cos)
	f64.Tanh = unary(tanhF64AVX512)
	f64.Sigmoid = unary(sigmoidF64AVX512)
	f64.Softplus = unary(softplusF64AVX512)
	f64.GELU = unary(geluF64AVX512)
	f64.GELUGrad = unary(geluGradF64AVX512)
	f64.SiLU = unary(siluF64AVX512)
	f64.SiLUPair, f64.GELUPair, f64.GELUTanhPair = pair(siluPairF64AVX512), pair(geluPairF64AVX512), pair(geluTanhPairF64AVX512)
	f64.SiLUGrad = unary(siluGradF64AVX512)
	f64.GELUTanh = unary(geluTanhF64AVX512)
	f64.GELUTanhGrad = unary(geluTanhGradF64AVX512)

	return Set{F32: f32, F64: f64}
}

func avx2() Set {
	f32 := generic[float32]()
	f32.Name = "avx2"
	f32.Transpose = transposed(8, 4, transposeF32AVX2)
	f32.Gemm = (&tile[float32]{rows: 6, lanes: 16, transpose: f32.Transpose,
		run: func(a []float32, aRow, aStep int, b []float32, bStep int, c []float32, cRow, k, rows, lanes, tiles int, add bool, next fetch[float32]) {
			gemmF32AVX2(&a[0], 4*aRow, 4*aStep, &b[0], 4*bStep, &c[0], 4*cRow, k, rows, lanes, tiles, add, &next.from[0], 4*next.at, 4*next.tile, 4*next.step)
		}}).gemm
	f32.Butterfly = onRows(4, butterflyF32AVX2)
	f32.Radix, f32.Radices = radixOn(4,
		radixPass[float32]{2, radix2F32AVX2, radix2LastF32AVX2},
		radixPass[float32]{3, radix3F32AVX2, radix3LastF32AVX2},
		radixPass[float32]{4, radix4F32AVX2, radix4LastF32AVX2},
		radixPass[float32]{5, radix5F32AVX2, radix5LastF32AVX2},
		radixPass[float32]{8, radix8F32AVX2, radix8LastF32AVX2})
	f32.Prefetch = prefetched[float32]
	f32.Spread = filled(spreadF32AVX2)
	f32.Gemv = rowSums(4, gemvF32AVX2)
	f32.TanhJet, f32.SineJet = onTanhJet(tanhJetF32AVX2), onSineJet(sineJetF32AVX2)
	f32.Philox, f32.Normals = philoxOn(4, philoxAVX2), normalsOn(4, normalF32AVX2)
	f32.AddColumns, f32.AddSquares, f32.AddProducts = onAddColumns(addColumnsF32AVX2), onAddSquares(addSquaresF32AVX2), onAddProducts(addProductsF32AVX2)
	f32.Standardize, f32.StandardizeGrad = onStandardize(standardizeF32AVX2), onStandardizeGrad(standardizeGradF32AVX2)
	f32.NormalizeRows, f32.NormalizeGradRows = onNormalizeRows(normalizeRowsF32AVX2), onNormalizeGradRows(normalizeGradRowsF32AVX2)
	f32.SoftmaxRows = onSoftmaxRows(softmaxRowsF32AVX2)
	f32.Adam = func(p2, m2, v2, p, m, v, d []float32, c AdamNumbers[float32]) {
		if checkLengths(len(p), len(p2), len(m2), len(v2), len(m), len(v), len(d)); len(p) > 0 {
			adamF32AVX2(&p2[0], &m2[0], &v2[0], &p[0], &m[0], &v[0], &d[0], len(p), c.Beta1, c.Rest1, c.Beta2, c.Rest2, c.Correct1, c.Correct2, c.Epsilon, c.Rate, c.Decay)
		}
	}
	f32.CGemm = (&ctile[float32]{rows: 6, lanes: 8, transpose: f32.Transpose, run: complexTile(4, cgemmF32AVX2)}).gemm
	f32.Add, f32.Sub, f32.Mul, f32.Div = binary(addF32AVX2), binary(subF32AVX2), binary(mulF32AVX2), binary(divF32AVX2)
	f32.TanhBack = binary(tanhBackF32AVX2)
	f32.MulAdd, f32.MulSub, f32.MulComplex = accumulated(mulAddF32AVX2), accumulated(mulSubF32AVX2), complexes(mulComplexF32AVX2)
	f32.Axpy, f32.Scale, f32.Shift, f32.Affine = inPlace(axpyF32AVX2), unary1(scaleF32AVX2), unary1(shiftF32AVX2), unary2(affineF32AVX2)
	f32.Peak = positive(peakF32AVX2)
	f32.Sum, f32.Dot = summed(sumF32AVX2), dotted(dotF32AVX2)
	f32.Sqrt = unary(sqrtF32AVX2)
	f32.ReLU = unary(reluF32AVX2)
	f32.Exp = unary(expF32AVX2)
	f32.Log = unary(logF32AVX2)
	f32.Sin, f32.Cos = periodic(sinF32AVX2, math.Sin), periodic(cosF32AVX2, math.Cos)
	f32.Tanh = unary(tanhF32AVX2)
	f32.Sigmoid = unary(sigmoidF32AVX2)
	f32.Softplus = unary(softplusF32AVX2)
	f32.SiLU = unary(siluF32AVX2)
	f32.SiLUPair, f32.GELUPair, f32.GELUTanhPair = pair(siluPairF32AVX2), pair(geluPairF32AVX2), pair(geluTanhPairF32AVX2)
	f32.SiLUGrad = unary(siluGradF32AVX2)
	f32.GELU = unary(geluF32AVX2)
	f32.GELUGrad = unary(geluGradF32AVX2)
	f32.GELUTanh = unary(geluTanhF32AVX2)
	f32.GELUTanhGrad = unary(geluTanhGradF32AVX2)

	f64 := generic[float64]()
	f64.Name = "avx2"
	f64.Transpose = transposed(4, 8, transposeF64AVX2)
	f64.Gemm = (&tile[float64]{rows: 6, lanes: 8, transpose: f64.Transpose,
		run: func(a []float64, aRow, aStep int, b []float64, bStep int, c []float64, cRow, k, rows, lanes, tiles int, add bool, next fetch[float64]) {
			gemmF64AVX2(&a[0], 8*aRow, 8*aStep, &b[0], 8*bStep, &c[0], 8*cRow, k, rows, lanes, tiles, add, &next.from[0], 8*next.at, 8*next.tile, 8*next.step)
		}}).gemm
	f64.Butterfly = onRows(8, butterflyF64AVX2)
	f64.Radix, f64.Radices = radixOn(8,
		radixPass[float64]{2, radix2F64AVX2, radix2LastF64AVX2},
		radixPass[float64]{3, radix3F64AVX2, radix3LastF64AVX2},
		radixPass[float64]{4, radix4F64AVX2, radix4LastF64AVX2},
		radixPass[float64]{5, radix5F64AVX2, radix5LastF64AVX2},
		radixPass[float64]{8, radix8F64AVX2, radix8LastF64AVX2})
	f64.Prefetch = prefetched[float64]
	f64.Spread = filled(spreadF64AVX2)
	f64.Gemv = rowSums(8, gemvF64AVX2)
	f64.TanhJet, f64.SineJet = onTanhJet(tanhJetF64AVX2), onSineJet(sineJetF64AVX2)
	f64.Philox, f64.Normals = philoxOn(4, philoxAVX2), normalsOn(4, normalF64AVX2)
	f64.AddColumns, f64.AddSquares, f64.AddProducts = onAddColumns(addColumnsF64AVX2), onAddSquares(addSquaresF64AVX2), onAddProducts(addProductsF64AVX2)
	f64.Standardize, f64.StandardizeGrad = onStandardize(standardizeF64AVX2), onStandardizeGrad(standardizeGradF64AVX2)
	f64.NormalizeRows, f64.NormalizeGradRows = onNormalizeRows(normalizeRowsF64AVX2), onNormalizeGradRows(normalizeGradRowsF64AVX2)
	f64.SoftmaxRows = onSoftmaxRows(softmaxRowsF64AVX2)
	f64.Adam = func(p2, m2, v2, p, m, v, d []float64, c AdamNumbers[float64]) {
		if checkLengths(len(p), len(p2), len(m2), len(v2), len(m), len(v), len(d)); len(p) > 0 {
			adamF64AVX2(&p2[0], &m2[0], &v2[0], &p[0], &m[0], &v[0], &d[0], len(p), c.Beta1, c.Rest1, c.Beta2, c.Rest2, c.Correct1, c.Correct2, c.Epsilon, c.Rate, c.Decay)
		}
	}
	f64.CGemm = (&ctile[float64]{rows: 6, lanes: 4, transpose: f64.Transpose, run: complexTile(8, cgemmF64AVX2)}).gemm
	f64.Add, f64.Sub, f64.Mul, f64.Div = binary(addF64AVX2), binary(subF64AVX2), binary(mulF64AVX2), binary(divF64AVX2)
	f64.TanhBack = binary(tanhBackF64AVX2)
	f64.MulAdd, f64.MulSub, f64.MulComplex = accumulated(mulAddF64AVX2), accumulated(mulSubF64AVX2), complexes(mulComplexF64AVX2)
	f64.Axpy, f64.Scale, f64.Shift, f64.Affine = inPlace(axpyF64AVX2), unary1(scaleF64AVX2), unary1(shiftF64AVX2), unary2(affineF64AVX2)
	f64.Peak = positive(peakF64AVX2)
	f64.Sum, f64.Dot = summed(sumF64AVX2), dotted(dotF64AVX2)
	f64.Sqrt = unary(sqrtF64AVX2)
	f64.ReLU = unary(reluF64AVX2)
	f64.Exp = unary(expF64AVX2)
	f64.Log = unary(logF64AVX2)
	f64.Sin, f64.Cos = periodic(sinF64AVX2, math.Sin), periodic(cosF64AVX2, math.Cos)
	f64.Tanh = unary(tanhF64AVX2)
	f64.Sigmoid = unary(sigmoidF64AVX2)
	f64.Softplus = unary(softplusF64AVX2)
	f64.GELU = unary(geluF64AVX2)
	f64.GELUGrad = unary(geluGradF64AVX2)
	f64.SiLU = unary(siluF64AVX2)
	f64.SiLUPair, f64.GELUPair, f64.GELUTanhPair = pair(siluPairF64AVX2), pair(geluPairF64AVX2), pair(geluTanhPairF64AVX2)
	f64.SiLUGrad = unary(siluGradF64AVX2)
	f64.GELUTanh = unary(geluTanhF64AVX2)
	f64.GELUTanhGrad = unary(geluTanhGradF64AVX2)

	return Set{F32: f32, F64: f64}
}
