package optest

import (
	"math/rand/v2"

	"github.com/kolmogo/kolmogo/op"
)

// dominant draws square matrices of order n with a large positive diagonal: their symmetric parts are positive definite, and their
// triangles well conditioned.
func dominant(n int) domain {
	return func(rnd *rand.Rand, i int) float64 {
		if i%(n*n)%(n+1) == 0 {
			return float64(n)/2 + positive(rnd, i)
		}
		return rnd.NormFloat64() / 2
	}
}

// factors are the decompositions of matrices and the solutions of triangular systems.
func factors() (list []testCase) {
	for _, d := range []op.Dims{of(1, 1), of(5, 5), of(2, 3, 7, 7), of(33, 33), of(3, 64, 64), of(0, 4, 4), of(3, 0, 0), of(171, 171)} {
		n := d.At(-1)
		list = append(list, testCase{op: op.CholeskyOp{}, in: []arg{{d, dominant(n)}}})
		for _, o := range []op.TriangularSolveOp{{}, {Trans: true}, {Upper: true}, {Upper: true, Trans: true}} {
			for _, k := range []int{1, 3, 101} {
				if n*k < 9000 {
					list = append(list, testCase{op: o, in: []arg{{d, dominant(n)}, {d.With(-1, k), normal}}})
				}
			}
		}
	}
	for _, d := range []op.Dims{of(1, 1), of(6, 6), of(9, 4), of(2, 3, 12, 5), of(130, 17), of(0, 3, 2), of(4, 0)} {
		from := domain(normal)
		if d.At(-1) == d.At(-2) {
			from = dominant(d.At(-1))
		}
		list = append(list, testCase{op: op.QROp{}, in: []arg{{d, from}}})
	}
	for _, d := range []op.Dims{of(1, 1), of(5, 5), of(4, 9), of(9, 4), of(2, 3, 6, 6), of(0, 3, 3), of(3, 0)} {
		list = append(list,
			testCase{op: op.TriangleOp{Diagonal: 0.5}, in: on(d)},
			testCase{op: op.TriangleOp{Diagonal: 2, Upper: true}, in: on(d)},
			testCase{op: op.BrokenOp{}, in: []arg{{d, special}}, exact: true},
			testCase{op: op.BrokenOp{}, in: on(d), exact: true})
	}
	for _, d := range []op.Dims{of(1, 1, 1), of(3, 6, 4), of(2, 9, 5), of(0, 3, 2), of(2, 4, 0)} {
		z := d.Cut(0, 1).Append(d.At(2))
		list = append(list,
			testCase{op: op.NonnegativeOp{}, in: on(d, d.Cut(0, 2))},
			testCase{op: op.NonnegativeAdjointOp{}, in: on(d, z, z), only: true})
	}
	return list
}
