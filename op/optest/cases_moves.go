package optest

import "github.com/kolmogo/kolmogo/op"

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
