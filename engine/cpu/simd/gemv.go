package simd

import "fmt"

// gemvLanes is the number of partial sums of a portable row.
const gemvLanes = 8

// gemv is Kernels.Gemv.
func gemv[T Float](y, a []T, lda int, b []T) {
	checkGemv(len(y), len(a), lda, len(b))
	for i := range y {
		var s [gemvLanes]T
		for j, v := range b {
			s[j%gemvLanes] += T(a[i*lda+j] * v)
		}
		for n := gemvLanes / 2; n > 0; n /= 2 {
			for j := range n {
				s[j] += s[n+j]
			}
		}
		y[i] = s[0]
	}
}

func checkGemv(rows, elements, lda, n int) {
	if rows > 0 && n > 0 && (lda < n || elements < (rows-1)*lda+n) {
		panic(fmt.Sprintf("simd: %d rows of %d elements, %d apart, in a slice of %d", rows, n, lda, elements))
	}
}
