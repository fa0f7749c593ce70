package optest

import (
	"math"
	"slices"

	"github.com/kolmogo/kolmogo/op"
)

// cases is the table: every op of the vocabulary, on ragged, size-one and empty shapes.
func cases() []testCase {
	return slices.Concat(elementwise(), moves(), sums(), products(), transforms(), convolutions(), depthwise(), normalisations(), jets(), factors(), fits(), random())
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
	for _, d := range []op.Dims{of(), of(1), of(3, 5), of(0, 2), of(4, 1, 2503), of(20011)} {
		list = append(list, testCase{op: op.DotOp{}, in: on(d, d)})
	}
	return list
}

func products() (list []testCase) {
	for _, flags := range [][2]bool{{false, false}, {true, false}, {false, true}, {true, true}} {
		for _, s := range [][3]int{{1, 1, 1}, {7, 5, 3}, {33, 17, 70}, {1, 64, 9}, {130, 8, 1}, {601, 12, 40}, {0, 3, 2}, {3, 0, 2}, {16, 0, 1}, {4, 2, 0}, {19, 300, 21}} {
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
	for _, s := range [][]int{{1, 1, 1, 1}, {3, 3, 2, 5}, {7, 14, 4, 1}, {5, 20, 3, 9, 5, 1, 4}, {130, 260, 20, 17, 130, 1, 3}} {
		var d []op.Dims
		for _, pair := range slices.Collect(slices.Chunk(s[1:], 3)) {
			d = append(d, of(pair[0], pair[1]), of(pair[0], pair[2]))
		}
		list = append(list, testCase{op: op.RowOuterOp{Rows: s[0]}, in: on(d...)})
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

// depthwise are the two forms of each setting, read both ways.
func depthwise() (list []testCase) {
	for _, c := range []struct{ x, kernel op.Dims }{
		{of(2, 9, 5), of(3)}, {of(1, 1, 1), of(1)}, {of(2, 6, 7, 3), of(3, 2)}, {of(1, 40, 21, 33), of(7, 7)}, {of(2, 4, 5, 3, 2), of(2, 3, 1)},
		{of(3, 300, 70), of(5)}, {of(0, 5, 2), of(3)}, {of(2, 5, 0), of(3)},
	} {
		for _, flip := range []bool{false, true} {
			conv := op.DepthwiseOp{Flip: flip}
			w := c.kernel.Append(c.x.At(-1))
			y, err := conv.Shape(c.x, w)
			if err != nil {
				panic(err.Error())
			}
			list = append(list, testCase{op: conv, in: on(c.x, w)}, testCase{op: op.DepthwiseWeightOp{Kernel: c.kernel, Flip: flip}, in: on(c.x, y)})
		}
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
	for _, d := range []op.Dims{of(3, 5), of(3, 4, 2), of(2, 0), of(1, 301)} {
		list = append(list, testCase{op: op.NormalOp{To: d, Seed: 7, Stream: 1}, in: []arg{{of(d.At(0), 2), counter}}, exact: true})
	}
	return append(list, testCase{op: op.DropoutOp{}, in: []arg{{of(9), normal}, step}, exact: true})
}
