package optest

import (
	"math"
	"slices"

	"github.com/kolmogo/kolmogo/op"
)

// cases is the table: every op of the vocabulary, on ragged, size-one and empty shapes.
func cases() []testCase {
	return slices.Concat(elementwise(), moves(), sums(), products(), transforms(), convolutions(), normalisations(), random())
}

func of(lens ...int) op.Dims { return op.Of(lens...) }

// on lists normal inputs of the given shapes.
func on(dims ...op.Dims) []arg {
	in := make([]arg, len(dims))
	for i, d := range dims {
		in[i] = arg{d, normal}
	}
	return in
}

func elementwise() (list []testCase) {
	shapes := []op.Dims{of(), of(1), of(0), of(3, 0, 2), of(5, 7, 3), of(3079)}
	for _, f := range []struct {
		fn   op.UnaryFunc
		from domain
	}{
		{op.AffineFunc{A: 1.7, B: -0.3}, normal}, {op.AffineFunc{A: -1}, normal}, {op.CosFunc{}, normal}, {op.ExpFunc{}, normal},
		{op.GELUFunc{}, normal}, {op.GELUSlopeFunc{}, normal}, {op.GELUTanhFunc{}, normal}, {op.GELUTanhSlopeFunc{}, normal},
		{op.LogFunc{}, positive}, {op.PowFunc{P: 2.5}, positive}, {op.PowFunc{P: -1}, nonzero}, {op.PowFunc{P: 3}, normal},
		{op.PowFunc{P: 0}, normal}, {op.ReLUFunc{}, nonzero}, {op.SigmoidFunc{}, normal}, {op.SiLUFunc{}, normal},
		{op.SiLUSlopeFunc{}, normal}, {op.SinFunc{}, normal}, {op.SoftplusFunc{}, normal}, {op.SqrtFunc{}, positive},
		{op.StepFunc{}, nonzero}, {op.TanhFunc{}, normal},
	} {
		for _, d := range shapes {
			list = append(list, testCase{op: op.Unary{Fn: f.fn}, in: []arg{{d, f.from}}})
		}
		list = append(list,
			testCase{op: op.Unary{Fn: f.fn}, in: []arg{{of(301), wide}}, only: true},
			testCase{op: op.Unary{Fn: f.fn}, in: []arg{{of(45), special}}, only: true})
	}
	for _, f := range []op.BinaryFunc{op.AddFunc{}, op.SubFunc{}, op.MulFunc{}, op.DivFunc{}} {
		for _, d := range shapes {
			list = append(list, testCase{op: op.Binary{Fn: f}, in: []arg{{d, normal}, {d, nonzero}}})
		}
		list = append(list, testCase{op: op.Binary{Fn: f}, in: []arg{{of(45), special}, {of(45), nonzero}}, only: true})
	}
	return list
}

// moves only copy numbers.
func moves() (list []testCase) {
	add := func(o op.Op, dims ...op.Dims) { list = append(list, testCase{op: o, in: on(dims...), exact: true}) }
	for _, to := range [][2]op.Dims{
		{of(), of(4, 3)}, {of(1), of(1)}, {of(3), of(2, 5, 3)}, {of(7, 1), of(2, 7, 9)}, {of(1, 5, 1), of(3, 5, 17)}, {of(1, 3), of(0, 3)},
		{of(6, 1, 1, 5), of(6, 4, 3, 5)}, {of(2, 1), of(2, 2100)},
	} {
		add(op.Broadcast{To: to[1]}, to[0])
	}
	add(op.CastOp{To: op.Float32}, of(5, 13))
	add(op.CastOp{To: op.Float64}, of(5, 13))
	add(op.CastOp{To: op.Float32}, of(0, 2))
	add(op.CastOp{To: op.Float32}, of())
	add(op.ConcatOp{Axis: 0}, of(2, 3), of(1, 3), of(4, 3))
	add(op.ConcatOp{Axis: 1}, of(3, 5, 2), of(3, 1, 2))
	add(op.ConcatOp{Axis: 2}, of(2, 3, 1), of(2, 3, 7), of(2, 3, 0))
	add(op.ConcatOp{Axis: 0}, of(0), of(3))
	// large enough for several threads
	add(op.ConcatOp{Axis: 1}, of(130, 3, 70), of(130, 2, 70))
	add(op.SliceOp{Axis: 1, Start: 1, Len: 3}, of(130, 5, 70))
	add(op.TransposeOp{Perm: of(0, 2, 1)}, of(7, 90, 80))
	add(op.TransposeOp{Perm: of(1, 0, 2)}, of(210, 80, 3))
	add(op.TransposeOp{Perm: of(1, 0)}, of(257, 190))
	add(op.PadOp{Mode: op.PadCircular, Axis: 1, Before: 2, After: 1}, of(130, 5, 70))
	add(op.PadOp{Mode: op.PadZero, Axis: 0, Before: 1, After: 1}, of(700, 70))
	add(op.Reshape{To: of(190, 257)}, of(257, 190))
	add(op.DetachOp{}, of(3, 7))
	add(op.DetachOp{}, of(0))
	add(op.Reshape{To: of(6, 5)}, of(2, 3, 5))
	add(op.Reshape{To: of()}, of(1, 1))
	add(op.Reshape{To: of(0, 9)}, of(3, 0))
	add(op.SliceOp{Axis: 0, Start: 1, Len: 3}, of(5, 7))
	add(op.SliceOp{Axis: 2, Start: 2, Len: 1}, of(3, 4, 3))
	add(op.SliceOp{Axis: 1, Start: 0, Len: 4}, of(2, 9, 5))
	add(op.SliceOp{Axis: 0, Start: 2, Len: 0}, of(2, 3))
	for _, p := range [][2]op.Dims{
		{of(1, 0), of(5, 7)}, {of(1, 0), of(33, 70)}, {of(0, 2, 1), of(3, 17, 9)}, {of(2, 0, 1), of(4, 5, 6)}, {of(3, 1, 2, 0), of(3, 2, 5, 4)},
		{of(0), of(9)}, {of(), of()}, {of(1, 0), of(1, 6)}, {of(1, 2, 0), of(0, 2, 3)}, {of(2, 1, 0), of(5, 3, 11)},
	} {
		add(op.TransposeOp{Perm: p[0]}, p[1])
	}
	for _, p := range []op.PadOp{
		{Mode: op.PadZero, Axis: 1, Before: 2, After: 3}, {Mode: op.PadZero, Axis: 0, After: 9}, {Mode: op.PadCircular, Axis: 1, Before: 4, After: 1},
		{Mode: op.PadCircular, Axis: 1, Before: 5, After: 5}, {Mode: op.PadReflect, Axis: 1, Before: 4, After: 2}, {Mode: op.PadReflect, Axis: 2, Before: 1, After: 1},
	} {
		add(p, of(2, 5, 3))
		p.Adjoint = true
		list = append(list, testCase{op: p, in: on(of(3, 5, 3).With(p.Axis, of(2, 5, 3).At(p.Axis)+p.Before+p.After))})
	}
	add(op.PadOp{Mode: op.PadZero, Axis: 0, Before: 2}, of(0, 3))
	add(op.PadOp{Mode: op.PadCircular, Axis: 0, Before: 1, After: 1}, of(1, 4))
	for _, d := range []op.Dims{of(6), of(2, 5), of(), of(0, 3), of(1)} {
		list = append(list,
			testCase{op: op.GatherOp{}, in: []arg{{of(4, 3), normal}, {d, index(4)}}, exact: true},
			testCase{op: op.ScatterOp{Rows: 4}, in: []arg{{d.Append(3), normal}, {d, index(4)}}})
	}
	list = append(list, testCase{op: op.GatherOp{}, in: []arg{{of(1, 1), normal}, {of(3), index(1)}}, exact: true})
	return list
}

func sums() (list []testCase) {
	for _, c := range []struct {
		over []int
		dims op.Dims
	}{
		{[]int{0}, of(9)}, {[]int{0, 1}, of(5, 7)}, {[]int{0}, of(37, 5)}, {[]int{1}, of(5, 37)}, {[]int{1}, of(3, 11, 5)}, {[]int{0, 2}, of(3, 7, 5)},
		{[]int{1, 3}, of(2, 3, 4, 5)}, {[]int{0, 1, 2}, of(1, 1, 1)}, {[]int{0}, of(0, 3)}, {[]int{1}, of(0, 3)}, {[]int{0, 1}, of(3, 0)},
		{[]int{0}, of(20011)}, {[]int{0}, of(4001, 7)}, {[]int{1}, of(3, 9001)}, {[]int{1}, of(2, 2003, 9)}, {[]int{0, 2}, of(4, 1, 6)},
	} {
		list = append(list, testCase{op: op.Sum{Over: op.AxisSet(c.over...)}, in: on(c.dims)})
	}
	return list
}

func products() (list []testCase) {
	for _, flags := range [][2]bool{{false, false}, {true, false}, {false, true}, {true, true}} {
		for _, s := range [][3]int{{1, 1, 1}, {7, 5, 3}, {33, 17, 70}, {1, 64, 9}, {130, 8, 1}, {601, 12, 40}, {0, 3, 2}, {3, 0, 2}, {4, 2, 0}, {19, 300, 21}} {
			a, b := of(s[0], s[1]), of(s[1], s[2])
			if flags[0] {
				a = of(s[1], s[0])
			}
			if flags[1] {
				b = of(s[2], s[1])
			}
			matmul, cmatmul := op.MatMulOp{TransA: flags[0], TransB: flags[1]}, op.CMatMulOp{AdjA: flags[0], AdjB: flags[1]}
			list = append(list,
				testCase{op: matmul, in: on(a, b)},
				testCase{op: matmul, in: on(stack(a, 2, 3), stack(b, 2, 3))},
				testCase{op: cmatmul, in: on(stack(a, 2), stack(b, 2))},
				testCase{op: cmatmul, in: on(stack(a, 3, 1, 2), stack(b, 3, 1, 2))})
		}
	}
	return list
}

// stack puts axes in front of a shape.
func stack(d op.Dims, lead ...int) op.Dims { return op.Of(lead...).Append(d.Slice()...) }

func transforms() (list []testCase) {
	add := func(o op.Op, d op.Dims) { list = append(list, testCase{op: o, in: on(d)}) }
	for _, n := range []int{1, 2, 5, 8, 12, 33} {
		for _, bins := range []int{1, n/4 + 1, n/2 + 1} {
			for _, twice := range []bool{false, true} {
				add(op.RealDFTOp{Bins: bins, Scale: 1 / math.Sqrt(float64(n)), Twice: twice}, of(3, n, 5))
				add(op.RealSynthesisOp{N: n, Scale: 0.7, Twice: twice}, of(bins, 2, 3, 5))
			}
		}
		for _, first := range []int{0, -n / 2, 1} {
			for _, count := range []int{1, n/2 + 1, n} {
				add(op.DFTOp{Lead: 1, First: first, Count: min(count, n), Scale: 0.9}, of(3, 2, 2, n, 4))
				add(op.SynthesisOp{Lead: 1, First: first, N: n, Scale: 1.1}, of(min(count, n), 3, 2, 2, 4))
			}
		}
	}
	add(op.RealDFTOp{Bins: 3, Scale: 1}, of(7, 2))
	add(op.RealDFTOp{Bins: 3, Scale: 1}, of(2, 3, 6, 1))
	add(op.RealDFTOp{Bins: 3, Scale: 1}, of(0, 6, 2))
	add(op.RealSynthesisOp{N: 6, Scale: 1, Twice: true}, of(3, 2, 0))
	add(op.RealSynthesisOp{N: 9, Scale: 1, Twice: true}, of(4, 2, 2, 3, 2))
	add(op.DFTOp{Lead: 0, First: -2, Count: 4, Scale: 1}, of(2, 9, 3))
	add(op.DFTOp{Lead: 2, First: -2, Count: 4, Scale: 1}, of(3, 2, 2, 2, 9, 3))
	add(op.DFTOp{Lead: 1, First: -2, Count: 4, Scale: 1}, of(2, 2, 0, 9, 3))
	add(op.SynthesisOp{Lead: 0, First: -2, N: 9, Scale: 1}, of(4, 2, 3))
	add(op.SynthesisOp{Lead: 2, First: -2, N: 9, Scale: 1}, of(4, 3, 2, 2, 2, 3))
	add(op.SynthesisOp{Lead: 1, First: -2, N: 9, Scale: 1}, of(4, 2, 2, 3, 0))
	return list
}

// convolutions are the three forms of each setting.
func convolutions() (list []testCase) {
	for _, c := range []struct {
		batch, in, out                 int
		grid, kernel, stride, dilation op.Dims
	}{
		{2, 3, 4, of(9), of(3), of(1), of(1)}, {1, 1, 1, of(1), of(1), of(1), of(1)}, {2, 2, 3, of(11), of(3), of(2), of(2)},
		{3, 2, 2, of(8), of(2), of(3), of(1)}, {2, 3, 2, of(7, 6), of(3, 2), of(1, 1), of(1, 1)}, {1, 2, 5, of(9, 5), of(3, 3), of(2, 1), of(2, 2)},
		{2, 4, 3, of(5, 4), of(1, 1), of(1, 1), of(1, 1)}, {2, 2, 2, of(5, 4, 6), of(3, 2, 1), of(1, 2, 3), of(2, 1, 1)},
		{0, 2, 3, of(5), of(3), of(1), of(1)}, {2, 0, 3, of(5), of(3), of(1), of(1)}, {2, 3, 0, of(5), of(3), of(1), of(1)},
		{1, 17, 9, of(20, 13), of(3, 3), of(1, 1), of(1, 1)},
	} {
		x := of(c.batch).Append(c.grid.Slice()...).Append(c.in)
		w := c.kernel.Append(c.in, c.out)
		conv := op.ConvOp{Stride: c.stride, Dilation: c.dilation}
		y, err := conv.Shape(x, w)
		if err != nil {
			panic(err.Error())
		}
		list = append(list,
			testCase{op: conv, in: on(x, w)},
			testCase{op: op.ConvTransposeOp{Stride: c.stride, Dilation: c.dilation, Size: c.grid}, in: on(y, w)},
			testCase{op: op.ConvWeightOp{Stride: c.stride, Dilation: c.dilation, Kernel: c.kernel}, in: on(x, y)})
	}
	return list
}

func normalisations() (list []testCase) {
	for _, d := range []op.Dims{of(7), of(5, 9), of(2, 3, 33), of(4, 1), of(0, 3), of(1)} {
		list = append(list, testCase{op: op.SoftmaxOp{}, in: on(d)})
	}
	list = append(list, testCase{op: op.SoftmaxOp{}, in: []arg{{of(6, 5), wide}}, only: true})
	for _, c := range []struct {
		over []int
		dims op.Dims
	}{
		{[]int{1}, of(3, 11)}, {[]int{0}, of(12, 3)}, {[]int{1, 3}, of(2, 6, 3, 2)}, {[]int{1, 2}, of(2, 5, 7, 3)}, {[]int{0, 1}, of(4, 5)},
		{[]int{1}, of(3, 1)}, {[]int{0}, of(0, 2)}, {[]int{1}, of(0, 2)}, {[]int{1}, of(2, 3001, 2)},
	} {
		over := op.AxisSet(c.over...)
		list = append(list,
			testCase{op: op.NormalizeOp{Over: over, Epsilon: 0.01}, in: on(c.dims)},
			testCase{op: op.NormalizeGradOp{Over: over, Epsilon: 0.01}, in: on(c.dims, c.dims), only: true})
	}
	return list
}

func random() (list []testCase) {
	step := arg{of(2), counter}
	for _, d := range []op.Dims{of(), of(1), of(5, 7), of(3, 0), of(1031)} {
		list = append(list,
			testCase{op: op.NormalOp{To: d, Seed: 1 << 40, Stream: 3}, in: []arg{step}, exact: true},
			testCase{op: op.DropoutOp{P: 0.3, Seed: 5, Stream: 1 << 33}, in: []arg{{d, normal}, step}})
	}
	return append(list, testCase{op: op.DropoutOp{}, in: []arg{{of(9), normal}, step}, exact: true})
}
