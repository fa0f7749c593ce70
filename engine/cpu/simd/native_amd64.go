package simd

import "github.com/klauspost/cpuid/v2"

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

func avx512() Set {
	f32 := generic[float32]()
	f32.Name = "avx512"
	f32.Gemm = (&tile[float32]{rows: 8, lanes: 32, transpose: transposeGo[float32],
		run: func(a []float32, aRow, aStep int, b []float32, bStep int, c []float32, cRow, k, rows, lanes, tiles int, add bool) {
			gemmF32AVX512(&a[0], 4*aRow, 4*aStep, &b[0], 4*bStep, &c[0], 4*cRow, k, rows, lanes, tiles, add)
		}}).gemm

	f64 := generic[float64]()
	f64.Name = "avx512"
	f64.Gemm = (&tile[float64]{rows: 8, lanes: 16, transpose: transposeGo[float64],
		run: func(a []float64, aRow, aStep int, b []float64, bStep int, c []float64, cRow, k, rows, lanes, tiles int, add bool) {
			gemmF64AVX512(&a[0], 8*aRow, 8*aStep, &b[0], 8*bStep, &c[0], 8*cRow, k, rows, lanes, tiles, add)
		}}).gemm
	return Set{F32: f32, F64: f64}
}

func avx2() Set {
	f32 := generic[float32]()
	f32.Name = "avx2"
	f32.Gemm = (&tile[float32]{rows: 6, lanes: 16, transpose: transposeGo[float32],
		run: func(a []float32, aRow, aStep int, b []float32, bStep int, c []float32, cRow, k, rows, lanes, tiles int, add bool) {
			gemmF32AVX2(&a[0], 4*aRow, 4*aStep, &b[0], 4*bStep, &c[0], 4*cRow, k, rows, lanes, tiles, add)
		}}).gemm

	f64 := generic[float64]()
	f64.Name = "avx2"
	f64.Gemm = (&tile[float64]{rows: 6, lanes: 8, transpose: transposeGo[float64],
		run: func(a []float64, aRow, aStep int, b []float64, bStep int, c []float64, cRow, k, rows, lanes, tiles int, add bool) {
			gemmF64AVX2(&a[0], 8*aRow, 8*aStep, &b[0], 8*bStep, &c[0], 8*cRow, k, rows, lanes, tiles, add)
		}}).gemm
	return Set{F32: f32, F64: f64}
}
