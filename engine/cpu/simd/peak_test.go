package simd_test

import (
	"testing"

	"github.com/kolmogo/kolmogo/engine/cpu/simd"
)

// Peak runs for every count and allocates nothing.
func TestPeak(t *testing.T) { forAll(t, testPeak[float32], testPeak[float64]) }

func testPeak[T simd.Float](t *testing.T, ks simd.Kernels[T]) {
	ks.Peak(0)
	if n := testing.AllocsPerRun(3, func() { ks.Peak(10) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func BenchmarkPeak(b *testing.B) {
	for _, s := range simd.Available() {
		b.Run(s.F32.Name+"/f32", func(b *testing.B) { benchPeak(b, s.F32) })
		b.Run(s.F64.Name+"/f64", func(b *testing.B) { benchPeak(b, s.F64) })
	}
}

func benchPeak[T simd.Float](b *testing.B, ks simd.Kernels[T]) {
	const n = 1000
	for b.Loop() {
		ks.Peak(n)
	}
	b.ReportMetric(float64(n*simd.PeakFLOPs)*float64(b.N)/b.Elapsed().Seconds()/1e9, "GFLOP/s")
}
