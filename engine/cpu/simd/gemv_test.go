package simd_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/kolmogo/kolmogo/engine/cpu/simd"
)

// Products of rows agree with float64 sums, do not depend on the other rows, and touch only y.
func TestGemv(t *testing.T) { forAll(t, testGemv[float32], testGemv[float64]) }

func testGemv[T simd.Float](t *testing.T, k simd.Kernels[T]) {
	eps := 0x1p-23
	if T(1)+T(0x1p-30) != 1 {
		eps = 0x1p-52
	}
	rnd := rand.New(rand.NewPCG(5, 6))
	for n := range 40 {
		for rows := range 10 {
			lda := n + rows%3
			a, b, y := make([]T, rows*lda+n), make([]T, n), make([]T, rows+1)
			for i := range a {
				a[i] = T(rnd.NormFloat64())
			}
			for i := range b {
				b[i] = T(rnd.NormFloat64())
			}
			for i := range y {
				y[i] = T(math.NaN())
			}
			k.Gemv(y[:rows], a, lda, b)
			if rows > 0 && !math.IsNaN(float64(y[rows])) {
				t.Fatalf("%d rows of %d: wrote past the end", rows, n)
			}
			for i := range rows {
				want, size := 0.0, 0.0
				for j := range n {
					v := float64(a[i*lda+j]) * float64(b[j])
					want, size = want+v, size+math.Abs(v)
				}
				if !(math.Abs(float64(y[i])-want) <= eps*size*4) {
					t.Fatalf("%d rows of %d: row %d is %v, want %v", rows, n, i, y[i], want)
				}
				var alone [1]T
				k.Gemv(alone[:], a[i*lda:], lda, b)
				if alone[0] != y[i] {
					t.Fatalf("%d rows of %d: row %d is %v, alone %v", rows, n, i, y[i], alone[0])
				}
			}
		}
	}
}
