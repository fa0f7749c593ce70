package fft_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/kolmogo/kolmogo/engine/cpu/fft"
	"github.com/kolmogo/kolmogo/engine/cpu/simd"
	"github.com/kolmogo/kolmogo/op"
)

// BenchmarkReal times analysis and synthesis of 64 channels beside the products with the truncated matrix, 4096 points a go;
// GFLOP/s are the operations that FLOPs counts.
func BenchmarkReal(b *testing.B) {
	for _, s := range simd.Available() {
		for _, n := range []int{64, 256, 1024, 4096} {
			for _, bins := range []int{n / 8, n / 2} {
				benchReal(b, &s.F32, "f32", n, bins)
				benchReal(b, &s.F64, "f64", n, bins)
			}
		}
	}
}

func benchReal[T simd.Float](b *testing.B, k *simd.Kernels[T], dtype string, n, bins int) {
	const c = 64
	rows := max(1, 4096/n)
	rnd := rand.New(rand.NewPCG(4, 1))
	x, X := random[T](rows*n*c, rnd), random[T](2*bins*rows*c, rnd)
	name := fmt.Sprintf("%s/%s/n=%d,bins=%d", k.Name, dtype, n, bins)
	run := func(what string, flops int64, f func(r int)) {
		b.Run(name+"/"+what, func(b *testing.B) {
			for b.Loop() {
				for r := range rows {
					f(r)
				}
			}
			perRow := b.Elapsed().Seconds() / float64(b.N*rows)
			b.ReportMetric(perRow*1e6, "µs/row")
			b.ReportMetric(float64(flops)/perRow/1e9, "GFLOP/s")
		})
	}
	plan := fft.NewReal(k, n, bins, 1, true)
	work := make([]T, plan.Work(c))
	field := func(r int) simd.Rows[T] { return simd.Rows[T]{Data: x, First: r * n * c, Step: c} }
	part := func(r, i int) simd.Rows[T] {
		return simd.Rows[T]{Data: X, First: (i*rows + r) * c, Step: 2 * rows * c}
	}
	run("analyse", plan.FLOPs(c), func(r int) { plan.Analyse(part(r, 0), part(r, 1), field(r), c, work) })
	run("synthesise", plan.FLOPs(c), func(r int) { plan.Synthesise(field(r), part(r, 0), part(r, 1), c, work) })

	m := op.RealDFTOp{Bins: bins, Scale: 1, Twice: true}.Matrix(n)
	f, ft := make([]T, len(m)), make([]T, len(m))
	for i, v := range m {
		f[i] = T(v)
	}
	k.Transpose(ft, 2*bins, f, n, 2*bins, n)
	gemm := make([]T, max(simd.GemmWork(2*bins, c, n), simd.GemmWork(n, c, 2*bins)))
	flops := 4 * int64(bins) * int64(n) * c
	run("analyse by matrix", flops, func(r int) {
		k.Gemm(2*bins, c, n, f, n, false, x[r*n*c:(r+1)*n*c], c, false, X[r*c:], rows*c, false, gemm)
	})
	run("synthesise by matrix", flops, func(r int) {
		k.Gemm(n, c, 2*bins, ft, 2*bins, false, X[r*c:], rows*c, false, x[r*n*c:(r+1)*n*c], c, false, gemm)
	})
}
