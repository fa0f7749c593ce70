package cpu_test

import (
	"fmt"
	"testing"

	"github.com/kolmogo/kolmogo/engine"
	"github.com/kolmogo/kolmogo/engine/cpu"
	"github.com/kolmogo/kolmogo/op"
)

// BenchmarkTransforms times the four truncated transforms at the sizes of Fourier layers; GFLOP/s count the plain product.
func BenchmarkTransforms(b *testing.B) {
	for _, threads := range []int{1, 2} {
		for _, c := range []struct {
			op op.Op
			in op.Dims
		}{
			{op.RealDFTOp{Bins: 16, Scale: 1}, op.Of(16, 64, 64, 64)},
			{op.RealSynthesisOp{N: 64, Scale: 1, Twice: true}, op.Of(16, 2, 16, 64, 64)},
			{op.DFTOp{Lead: 1, First: -16, Count: 32, Scale: 1}, op.Of(16, 2, 16, 64, 64)},
			{op.SynthesisOp{Lead: 1, First: -16, N: 64, Scale: 1}, op.Of(32, 16, 2, 16, 64)},
			{op.RealDFTOp{Bins: 16, Scale: 1}, op.Of(20, 1024, 64)},
			{op.RealSynthesisOp{N: 1024, Scale: 1, Twice: true}, op.Of(16, 2, 20, 64)},
		} {
			b.Run(fmt.Sprintf("%T%v-%d", c.op, c.in, threads), func(b *testing.B) {
				backend, err := cpu.New(cpu.Config{Threads: threads})
				if err != nil {
					b.Fatal(err)
				}
				defer backend.Close()
				out, err := c.op.Shape(c.in)
				if err != nil {
					b.Fatal(err)
				}
				operand := func(d op.Dims) engine.Operand {
					m, err := backend.Alloc(4 * d.Size())
					if err != nil {
						b.Fatal(err)
					}
					return engine.Operand{Memory: m, Dims: d, Dtype: op.Float32}
				}
				program, err := backend.Build([]engine.Step{{Op: c.op, In: []engine.Operand{operand(c.in)}, Out: []engine.Operand{operand(out)}}})
				if err != nil {
					b.Fatal(err)
				}
				b.ReportAllocs()
				for b.Loop() {
					if err := program.Run(); err != nil {
						b.Fatal(err)
					}
				}
				flops := c.op.(interface {
					FLOPs(out op.Dims, in ...op.Dims) int64
				}).FLOPs(out, c.in)
				b.ReportMetric(float64(flops)*float64(b.N)/b.Elapsed().Seconds()/1e9, "GFLOP/s")
			})
		}
	}
}
