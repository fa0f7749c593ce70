package cpu_test

import (
	"fmt"
	"math"
	"testing"

	"github.com/kolmogo/kolmogo/op"
)

// TestConvInParts: where tiles, taps, panels, blocks and partial sums are several, the three forms keep to the definition:
// |y − Σ x·w| ≤ 4u√n Σ|x·w| for n terms.
func TestConvInParts(t *testing.T) {
	for _, c := range []struct {
		batch, in, out                 int
		grid, kernel, stride, dilation op.Dims
	}{
		{3, 40, 70, op.Of(601), op.Of(3), op.Of(1), op.Of(1)},
		{2, 90, 37, op.Of(603), op.Of(3), op.Of(2), op.Of(1)},
		{2, 5, 66, op.Of(700), op.Of(4), op.Of(3), op.Of(5)},
		{5, 33, 40, op.Of(15, 17), op.Of(3, 2), op.Of(1, 1), op.Of(1, 1)},
		{2, 16, 34, op.Of(40, 23), op.Of(3, 3), op.Of(2, 2), op.Of(1, 2)},
		{2, 35, 36, op.Of(20, 31), op.Of(1, 1), op.Of(1, 1), op.Of(1, 1)},
		{2, 20, 8, op.Of(7, 9, 10), op.Of(3, 3, 3), op.Of(1, 1, 1), op.Of(1, 1, 1)},
	} {
		x := op.Of(c.batch).Append(c.grid.Slice()...).Append(c.in)
		w := c.kernel.Append(c.in, c.out)
		conv := op.ConvOp{Stride: c.stride, Dilation: c.dilation}
		y, err := conv.Shape(x, w)
		if err != nil {
			t.Fatal(err)
		}
		products := conv.FLOPs(y, x, w) / 2
		for _, f := range []struct {
			op  op.Op
			out op.Dims
			in  []op.Dims
		}{
			{conv, y, []op.Dims{x, w}},
			{op.ConvTransposeOp{Stride: c.stride, Dilation: c.dilation, Size: c.grid}, x, []op.Dims{y, w}},
			{op.ConvWeightOp{Stride: c.stride, Dilation: c.dilation, Kernel: c.kernel}, w, []op.Dims{x, y}},
		} {
			terms := float64(products) / float64(f.out.Size())
			t.Run(fmt.Sprintf("%s%v%v", op.Name(f.op), f.in, c.stride), func(t *testing.T) {
				in := draws(f.in...)
				sizes := make([]op.Array, len(in))
				for i, a := range in {
					sizes[i] = op.NewArray(a.Dims)
					for j, v := range a.Data {
						sizes[i].Data[j] = math.Abs(v)
					}
				}
				size := op.NewArray(f.out)
				f.op.Eval(size, sizes...)
				keepsTo(t, f.op, in, func(u float64, i int) float64 { return 4 * u * math.Sqrt(max(terms, 1)) * size.Data[i] })
			})
		}
	}
}

// convShapes are kernels of three points on each axis: the layers of 1-D and 2-D U-Nets.
var convShapes = []struct{ axes, batch, channels, points int }{
	{1, 16, 64, 128}, {1, 16, 64, 1024}, {1, 16, 128, 128}, {1, 16, 128, 1024}, {1, 16, 256, 128}, {1, 16, 256, 1024}, {2, 8, 64, 64},
	{2, 8, 256, 8},
}

// BenchmarkConv times the three forms, on the grid that leaves so many positions on each axis.
func BenchmarkConv(b *testing.B) {
	for _, s := range convShapes {
		ones, three := op.Of(1), op.Of(3)
		x, y := op.Of(s.batch, s.points+2), op.Of(s.batch, s.points)
		if s.axes == 2 {
			ones, three = op.Of(1, 1), op.Of(3, 3)
			x, y = x.Append(s.points+2), y.Append(s.points)
		}
		x, y = x.Append(s.channels), y.Append(s.channels)
		w := three.Append(s.channels, s.channels)
		conv := op.ConvOp{Stride: ones, Dilation: ones}
		for _, c := range []struct {
			op op.Op
			in []op.Dims
		}{
			{conv, []op.Dims{x, w}},
			{op.ConvTransposeOp{Stride: ones, Dilation: ones, Size: x.Cut(1, s.axes+1)}, []op.Dims{y, w}},
			{op.ConvWeightOp{Stride: ones, Dilation: ones, Kernel: three}, []op.Dims{x, y}},
		} {
			b.Run(fmt.Sprintf("%dd/B%d/C%d/%d/%s", s.axes, s.batch, s.channels, s.points, op.Name(c.op)), func(b *testing.B) {
				benchmarkOp(b, c.op, float64(conv.FLOPs(y, x, w)), "FLOP", c.in...)
			})
		}
	}
}
