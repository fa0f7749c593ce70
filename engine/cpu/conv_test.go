package cpu_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/kolmogo/kolmogo/engine"
	"github.com/kolmogo/kolmogo/engine/cpu"
	"github.com/kolmogo/kolmogo/engine/cpu/simd"
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

// draws are normal numbers that float32 holds.
func draws(dims ...op.Dims) []op.Array {
	rnd := rand.New(rand.NewPCG(5, 6))
	in := make([]op.Array, len(dims))
	for i, d := range dims {
		in[i] = op.NewArray(d)
		for j := range in[i].Data {
			in[i].Data[j] = float64(float32(rnd.NormFloat64()))
		}
	}
	return in
}

// keepsTo checks an op on every set of instructions and both dtypes against its definition, within tol(u, i) at element i for
// numbers of relative rounding u, and that one thread and three give equal bits.
func keepsTo(t *testing.T, o op.Op, in []op.Array, tol func(u float64, i int) float64) {
	t.Helper()
	dims := make([]op.Dims, len(in))
	for i, a := range in {
		dims[i] = a.Dims
	}
	to, err := o.Shape(dims...)
	if err != nil {
		t.Fatal(err)
	}
	want, got := op.NewArray(to), op.NewArray(to)
	o.Eval(want, in...)
	for _, set := range simd.Available() {
		var p pair
		for i, threads := range []int{1, 3} {
			b, err := cpu.New(cpu.Config{Threads: threads, Instructions: set.F32.Name})
			if err != nil {
				t.Fatal(err)
			}
			defer b.Close()
			p[i] = device{b}
		}
		for dt, u := range map[op.Dtype]float64{op.Float32: 0x1p-24, op.Float64: 0x1p-53} {
			if err := p.Apply(o, dt, got, in...); err != nil {
				t.Fatalf("%s %v: %v", set.F32.Name, dt, err)
			}
			for i, w := range want.Data {
				if d := math.Abs(got.Data[i] - w); !(d <= tol(u, i)) {
					t.Fatalf("%s %v: element %d is %v, want %v, tolerance %.3g", set.F32.Name, dt, i, got.Data[i], w, tol(u, i))
				}
			}
		}
	}
}

// TestKernelsAllocateNothing when they run.
func TestKernelsAllocateNothing(t *testing.T) {
	step, one, three := op.Of(2), op.Of(1), op.Of(3)
	for _, c := range []struct {
		op op.Op
		in []op.Dims
	}{
		{op.ConvOp{Stride: one, Dilation: one}, []op.Dims{op.Of(3, 300, 40), op.Of(3, 40, 50)}},
		{op.ConvTransposeOp{Stride: one, Dilation: one, Size: op.Of(300)}, []op.Dims{op.Of(3, 298, 50), op.Of(3, 40, 50)}},
		{op.ConvWeightOp{Stride: one, Dilation: one, Kernel: three}, []op.Dims{op.Of(9, 300, 40), op.Of(9, 298, 50)}},
		{op.NormalizeOp{Over: op.AxisSet(1, 3)}, []op.Dims{op.Of(3, 100, 4, 8)}},
		{op.NormalizeGradOp{Over: op.AxisSet(1)}, []op.Dims{op.Of(300, 60), op.Of(300, 60)}},
		{op.SoftmaxOp{}, []op.Dims{op.Of(300, 60)}},
		{op.ScatterOp{Rows: 70}, []op.Dims{op.Of(300, 60), op.Of(300)}},
		{op.DropoutOp{P: 0.5}, []op.Dims{op.Of(300, 60), step}},
		{op.NormalOp{To: op.Of(3000)}, []op.Dims{step}},
	} {
		run := program(t, backend(t, 2), c.op, op.Float32, c.in...)
		if n := testing.AllocsPerRun(10, run); n != 0 {
			t.Errorf("%s: %v allocations per run", op.Name(c.op), n)
		}
	}
}

// convShapes are kernels of three points on each axis: the layers of 1-D and 2-D U-Nets.
var convShapes = []struct{ axes, batch, channels, points int }{
	{1, 16, 64, 128}, {1, 16, 64, 1024}, {1, 16, 128, 128}, {1, 16, 128, 1024}, {1, 16, 256, 128}, {1, 16, 256, 1024}, {2, 8, 64, 64},
	{2, 8, 256, 8},
}

// BenchmarkConv times the three forms, on the grid that leaves `points` positions on each axis.
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

// benchmarkOp times a program of one step in float32, which does an amount of something, and reports how much of it a nanosecond.
func benchmarkOp(b *testing.B, o op.Op, amount float64, unit string, in ...op.Dims) {
	run := program(b, backend(b, 0), o, op.Float32, in...)
	run()
	b.ReportAllocs()
	for b.Loop() {
		run()
	}
	b.ReportMetric(amount*float64(b.N)/float64(b.Elapsed().Nanoseconds()), unit+"/ns")
}

// program builds one op on inputs of whole numbers below 7.
func program(t testing.TB, d *cpu.Backend, o op.Op, dt op.Dtype, in ...op.Dims) func() {
	to, err := o.Shape(in...)
	if err != nil {
		t.Fatal(err)
	}
	var operands []engine.Operand
	size := 0
	for _, dims := range slices.Concat(in, []op.Dims{to}) {
		p := engine.Operand{Offset: size, Dtype: dt, Dims: dims}
		size += (p.Bytes() + engine.Alignment - 1) / engine.Alignment * engine.Alignment
		operands = append(operands, p)
	}
	memory, err := d.Alloc(size)
	if err != nil {
		t.Fatal(err)
	}
	for i := range operands {
		operands[i].Memory = memory
		if i < len(in) {
			data := make([]float64, in[i].Size())
			for j := range data {
				data[j] = float64(j % 7)
			}
			bytes := make([]byte, operands[i].Bytes())
			encode(bytes, dt, data)
			memory.Write(operands[i].Offset, bytes)
		}
	}
	run, err := d.Build([]engine.Step{step(o, operands)})
	if err != nil {
		t.Fatal(err)
	}
	return func() {
		if err := run(); err != nil {
			t.Fatal(err)
		}
	}
}
