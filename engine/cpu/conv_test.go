package cpu_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/kolmogo/kolmogo/engine"
	"github.com/kolmogo/kolmogo/engine/cpu"
	"github.com/kolmogo/kolmogo/op"
)

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
				benchmarkOp(b, c.op, float64(conv.FLOPs(y, x, w)), c.in...)
			})
		}
	}
}

// benchmarkOp times a program of one step in float32 and reports its FLOPs, or bytes, per second.
func benchmarkOp(b *testing.B, o op.Op, flops float64, in ...op.Dims) {
	run := program(b, backend(b, 0), o, op.Float32, in...)
	run()
	b.ReportAllocs()
	for b.Loop() {
		run()
	}
	b.ReportMetric(flops*float64(b.N)/b.Elapsed().Seconds()/1e9, "GFLOP/s")
}

// program builds one op on inputs of numbers around ±1.
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
				data[j] = float64((j*2654435761)%1000)/500 - 1
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
