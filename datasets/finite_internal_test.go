package datasets

import (
	"math"
	"testing"
)

// TestAllFinite: a single value that is not finite is seen wherever it stands, in both widths and at any alignment; the greatest and the
// least finite ones, zeros and subnormals are not taken for one.
func TestAllFinite(t *testing.T) {
	testAllFinite[float32](t, math.MaxFloat32, math.SmallestNonzeroFloat32)
	testAllFinite[float64](t, math.MaxFloat64, math.SmallestNonzeroFloat64)
}

func testAllFinite[T float32 | float64](t *testing.T, most, least T) {
	for n := range 40 {
		for begin := range 3 {
			v := make([]T, begin+n)[begin:]
			for i := range v {
				v[i] = []T{most, -most, least, -least, 0, 1}[i%6]
			}
			if !allFinite(v) {
				t.Fatalf("%d finite %T values from %d on are not", n, most, begin)
			}
			for i := range v {
				old := v[i]
				for _, bad := range []float64{math.NaN(), math.Inf(1), math.Inf(-1)} {
					v[i] = T(bad)
					if allFinite(v) {
						t.Fatalf("%v at %d of %d %T values is not seen", bad, i, n, most)
					}
				}
				v[i] = old
			}
		}
	}
}
