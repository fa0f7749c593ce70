package simd_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/kolmogo/kolmogo/engine/cpu/simd"
)

// An update on every instruction set equals the portable one bit for bit, in place or not, and touches n elements.
func TestAdamEqualsPortable(t *testing.T) { forAll(t, testAdam[float32], testAdam[float64]) }

func testAdam[T simd.Float](t *testing.T, k simd.Kernels[T]) {
	var plain simd.Kernels[T]
	switch g := any(&plain).(type) {
	case *simd.Kernels[float32]:
		*g = simd.Generic().F32
	case *simd.Kernels[float64]:
		*g = simd.Generic().F64
	}
	rnd := rand.New(rand.NewPCG(1, 2))
	c := simd.AdamNumbers[T]{Beta1: .9, Rest1: .1, Beta2: .999, Rest2: .001, Correct1: 1.7, Correct2: 31, Epsilon: 1e-8, Rate: 1e-3, Decay: 1e-5}
	for n := range 70 {
		draw := func() []T {
			x := make([]T, n+1)
			for i := range x {
				x[i] = T(rnd.NormFloat64())
			}
			return x
		}
		p, m, v, d := draw(), draw(), draw(), draw()
		for i := range v {
			v[i] = T(math.Abs(float64(v[i])))
		}
		p2, m2, v2 := draw(), draw(), draw()
		wp, wm, wv := slices.Clone(p2), slices.Clone(m2), slices.Clone(v2)
		plain.Adam(wp[:n], wm[:n], wv[:n], p[:n], m[:n], v[:n], d[:n], c)
		k.Adam(p2[:n], m2[:n], v2[:n], p[:n], m[:n], v[:n], d[:n], c)
		if !slices.Equal(p2, wp) || !slices.Equal(m2, wm) || !slices.Equal(v2, wv) {
			t.Fatalf("%d elements: got %v %v %v, want %v %v %v", n, p2, m2, v2, wp, wm, wv)
		}
		k.Adam(p[:n], m[:n], v[:n], p[:n], m[:n], v[:n], d[:n], c)
		if !slices.Equal(p[:n], wp[:n]) || !slices.Equal(m[:n], wm[:n]) || !slices.Equal(v[:n], wv[:n]) {
			t.Fatalf("%d elements in place: got %v %v %v, want %v %v %v", n, p, m, v, wp, wm, wv)
		}
		k.Prefetch(p)
	}
}
