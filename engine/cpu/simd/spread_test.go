package simd_test

import (
	"testing"

	"github.com/kolmogo/kolmogo/engine/cpu/simd"
)

// Every element of a row is its number, and nothing beyond the rows is touched.
func TestSpread(t *testing.T) { forAll(t, testSpread[float32], testSpread[float64]) }

func testSpread[T simd.Float](t *testing.T, k simd.Kernels[T]) {
	for n := range 70 {
		for rows := range 4 {
			x, dst := make([]T, rows), make([]T, rows*n+1)
			for i := range x {
				x[i] = T(i + 1)
			}
			k.Spread(dst[:rows*n], x, n)
			for i, v := range dst {
				want := T(0)
				if i < rows*n {
					want = x[i/n]
				}
				if v != want {
					t.Fatalf("%d rows of %d: element %d is %v, want %v", rows, n, i, v, want)
				}
			}
		}
	}
}
