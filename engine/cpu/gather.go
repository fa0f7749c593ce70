package cpu

import (
	"fmt"

	"github.com/kolmogo/kolmogo/engine/cpu/simd"
	"github.com/kolmogo/kolmogo/op"
)

// gatherKernel: out[i.., :] = table[index[i..], :]. Items are rows of the result, D elements each. An index that the table lacks
// is the program's error.
func gatherKernel[T simd.Float](a args[T]) kernel {
	d, rows := a.to.At(-1), a.dims[0].At(0)
	body := func(_, lo, hi int) {
		for i := lo; i < hi; i++ {
			row := rowOf(a.in[1][i], rows)
			copy(a.out[i*d:(i+1)*d], a.in[0][row*d:(row+1)*d])
		}
	}
	return kernel{items: a.dims[1].Size(), grain: 1 + copyChunk/d, body: body, in: []int{0, 1}, out: []int{d}}
}

// scatterKernel: out[v, :] = Σ over i with index[i] = v of rows[i, :], added in the order of i. Items are rows of the result: each
// worker reads all indices and adds the rows of its own, so nothing is shared.
func scatterKernel[T simd.Float](a args[T], o op.ScatterOp) kernel {
	d := a.to.At(-1)
	body := func(_, lo, hi int) {
		clear(a.out[lo*d : hi*d])
		for i, v := range a.in[1] {
			if row := rowOf(v, o.Rows); row >= lo && row < hi {
				sum := a.out[row*d : (row+1)*d]
				a.k.Add(sum, sum, a.in[0][i*d:(i+1)*d])
			}
		}
	}
	return kernel{items: o.Rows, grain: 1 + copyChunk/d, body: body}
}

// inputError is a panic about what was fed to a program: running it returns the error.
type inputError struct{ error }

// rowOf is an index that one of some rows must have.
func rowOf[T simd.Float](index T, rows int) int {
	if !(index >= 0 && index < T(rows)) {
		panic(inputError{fmt.Errorf("cpu: row %v of a table of %d rows is asked for: the data names a row that there is not", index, rows)})
	}
	return int(index)
}
