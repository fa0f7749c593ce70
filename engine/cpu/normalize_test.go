package cpu_test

import (
	"fmt"
	"math"
	"testing"

	"github.com/kolmogo/kolmogo/op"
)

// TestNormalizeInParts: where blocks, pieces and float64 sums are several, and for every layout, within u(16 + 2√n) of the definition
// for n elements of a group, in units of the result's size.
func TestNormalizeInParts(t *testing.T) {
	for _, c := range []struct {
		over op.Axes
		dims op.Dims
	}{
		{op.AxisSet(1, 3), op.Of(2, 1021, 5, 13)}, {op.AxisSet(1, 3), op.Of(3, 17, 4, 300)}, {op.AxisSet(1, 2), op.Of(2, 41, 30, 64)},
		{op.AxisSet(1), op.Of(150, 70)}, {op.AxisSet(1), op.Of(3, 1030)}, {op.AxisSet(0, 1), op.Of(300, 257)}, {op.AxisSet(0), op.Of(513, 3)},
		{op.AxisSet(0, 2), op.Of(2100, 3, 40)}, {op.AxisSet(0, 2), op.Of(21, 3, 40)}, {op.AxisSet(0), op.Of(70001)}, {op.AxisSet(1, 2), op.Of(70, 9, 11)},
		{op.AxisSet(0, 2), op.Of(5, 3, 4, 7)}, // no layout of its own
	} {
		n := 1
		for i := range c.dims.Rank() {
			if c.over.Has(i) {
				n *= c.dims.At(i)
			}
		}
		in := draws(c.dims, c.dims)
		for i := range in[0].Data {
			in[0].Data[i] += 3 // a mean that the variance must not feel
		}
		tol := func(u float64, _ int) float64 { return 8 * u * (16 + 2*math.Sqrt(float64(n))) }
		t.Run(fmt.Sprint(c), func(t *testing.T) {
			keepsTo(t, op.NormalizeOp{Over: c.over, Epsilon: 1e-3}, in[:1], tol)
			keepsTo(t, op.NormalizeGradOp{Over: c.over, Epsilon: 1e-3}, in, tol)
		})
	}
}

// BenchmarkNormalize times group, instance and layer norm and their gradients in elements.
func BenchmarkNormalize(b *testing.B) {
	for _, c := range []struct {
		name string
		over op.Axes
		dims op.Dims
	}{
		{"group", op.AxisSet(1, 3), op.Of(16, 1024, 8, 8)}, {"group", op.AxisSet(1, 3), op.Of(8, 4096, 8, 8)},
		{"group", op.AxisSet(1, 3), op.Of(16, 128, 8, 32)}, {"instance", op.AxisSet(1), op.Of(8, 4096, 64)},
		{"layer", op.AxisSet(1), op.Of(16384, 64)}, {"layer", op.AxisSet(1), op.Of(1024, 1024)},
	} {
		for _, o := range []op.Op{op.NormalizeOp{Over: c.over, Epsilon: 1e-5}, op.NormalizeGradOp{Over: c.over, Epsilon: 1e-5}} {
			in := []op.Dims{c.dims, c.dims}
			if _, ok := o.(op.NormalizeOp); ok {
				in = in[:1]
			}
			b.Run(fmt.Sprintf("%s%v/%s", c.name, c.dims, op.Name(o)), func(b *testing.B) {
				benchmarkOp(b, o, float64(c.dims.Size()), "element", in...)
			})
		}
	}
}
