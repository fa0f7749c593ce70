package cpu_test

import (
	"fmt"
	"math"
	"testing"

	"github.com/kolmogo/kolmogo/op"
)

// TestSoftmaxInParts: rows shorter than a vector and longer than the kernels for rows take, within u(8 + 2√n) of the definition for n elements and |x| < 6.
func TestSoftmaxInParts(t *testing.T) {
	for _, d := range []op.Dims{op.Of(3001, 5), op.Of(70, 300), op.Of(4, 3000), op.Of(3, 5000)} {
		keepsTo(t, op.SoftmaxOp{}, draws(d), func(u float64, _ int) float64 { return u * (8 + 2*math.Sqrt(float64(d.At(-1)))) })
	}
}

// BenchmarkSoftmax in elements.
func BenchmarkSoftmax(b *testing.B) {
	for _, d := range []op.Dims{op.Of(65536, 8), op.Of(16384, 64), op.Of(1024, 1024)} {
		b.Run(fmt.Sprint(d), func(b *testing.B) { benchmarkOp(b, op.SoftmaxOp{}, float64(d.Size()), "element", d) })
	}
}
