package simd_test

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/kolmogo/kolmogo/engine/cpu/simd"
)

// Sums and differences of rows equal the scalar ones bit for bit, on all instruction sets, and nothing else is touched.
func TestButterflyEqualsScalars(t *testing.T) {
	for _, set := range simd.Available() {
		t.Run(set.F32.Name+"/f32", func(t *testing.T) { testButterfly(t, set.F32) })
		t.Run(set.F64.Name+"/f64", func(t *testing.T) { testButterfly(t, set.F64) })
	}
}

func testButterfly[T simd.Float](t *testing.T, k simd.Kernels[T]) {
	rnd := rand.New(rand.NewPCG(3, 7))
	for _, n := range []int{1, 3, 4, 7, 8, 15, 16, 17, 33, 64, 100} {
		for _, rows := range []int{0, 1, 2, 5} {
			x, y := make([]T, rows*n+5), make([]T, rows*(n+2)+3)
			for i := range x {
				x[i] = T(rnd.NormFloat64())
			}
			for i := range y {
				y[i] = T(rnd.NormFloat64())
			}
			const guard = 12345
			sum, diff := slices.Repeat([]T{guard}, rows*(n+1)+4), slices.Repeat([]T{guard}, rows*n+1)
			wantSum, wantDiff := slices.Clone(sum), slices.Clone(diff)
			for r := range rows {
				for i := range n {
					a, b := x[5+r*n+i], y[(rows-1-r)*(n+2)+i]
					wantSum[2+r*(n+1)+i], wantDiff[r*n+i] = a+b, a-b
				}
			}
			k.Butterfly(rows, n, simd.Rows[T]{Data: sum, First: 2, Step: n + 1}, simd.Rows[T]{Data: diff, Step: n},
				simd.Rows[T]{Data: x, First: 5, Step: n}, simd.Rows[T]{Data: y, Step: n + 2}.Down(rows-1))
			if !slices.Equal(sum, wantSum) || !slices.Equal(diff, wantDiff) {
				t.Fatalf("%d rows of %d: got %v and %v, want %v and %v", rows, n, sum, diff, wantSum, wantDiff)
			}
		}
	}
}
