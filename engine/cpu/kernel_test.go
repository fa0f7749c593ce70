package cpu_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/kolmogo/kolmogo/engine"
	"github.com/kolmogo/kolmogo/engine/cpu"
	"github.com/kolmogo/kolmogo/engine/cpu/simd"
	"github.com/kolmogo/kolmogo/engine/enginetest"
	"github.com/kolmogo/kolmogo/op"
)

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
			p[i] = enginetest.Device{Backend: b}
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
	square, row, fields, data := op.Of(3, 20, 20), op.Of(3, 4), op.Of(3, 700, 4), op.Of(3, 700)
	const rows = "2 1 x0 x1 sin * x2 -"
	for _, c := range []struct {
		op op.Op
		in []op.Dims
	}{
		{op.CholeskyOp{}, []op.Dims{square}},
		{op.CholeskyOp{}, []op.Dims{op.Of(200, 200)}},
		{op.TriangularSolveOp{Trans: true}, []op.Dims{square, square.With(2, 5)}},
		{op.QROp{}, []op.Dims{op.Of(3, 40, 20)}},
		{op.FitOp{Rows: rows, Tolerance: 1e-9, Damping: 1e-3, Ridge: 1e-3, MaxIterations: 9}, []op.Dims{row, fields, fields, data}},
		{op.FitAdjointOp{Rows: rows, Ridge: 1e-3}, []op.Dims{op.Of(3, 4+op.FitReport), fields, fields, data, row}},
		{op.FitRowsOp{Rows: rows}, []op.Dims{row, fields, fields, data, row}},
	} {
		run := program(t, backend(t, 2), c.op, op.Float64, c.in...)
		if n := testing.AllocsPerRun(10, run); n != 0 {
			t.Errorf("%s: %v allocations per run", op.Name(c.op), n)
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
			enginetest.Encode(bytes, dt, data)
			memory.Write(operands[i].Offset, bytes)
		}
	}
	program, err := d.Build([]engine.Step{enginetest.Step(o, operands)})
	if err != nil {
		t.Fatal(err)
	}
	return func() {
		if err := program.Run(); err != nil {
			t.Fatal(err)
		}
	}
}
