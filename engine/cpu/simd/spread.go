package simd

import "fmt"

// spread is Kernels.Spread.
func spread[T Float](dst, x []T, n int) {
	checkSpread(len(dst), len(x), n)
	for i, v := range x {
		row := dst[i*n : (i+1)*n]
		for j := range row {
			row[j] = v
		}
	}
}

func checkSpread(dst, rows, n int) {
	if n < 0 || dst != rows*n {
		panic(fmt.Sprintf("simd: %d rows of %d elements in a slice of %d", rows, n, dst))
	}
}
