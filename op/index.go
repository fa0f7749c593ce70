package op

import "iter"

// indices walks a shape in row-major order and yields the flat position and the multi-index, whose slice is reused.
func indices(d Dims) iter.Seq2[int, []int] {
	return func(yield func(int, []int) bool) {
		idx := make([]int, d.n)
		for i := range d.Size() {
			if !yield(i, idx) {
				return
			}
			for a := d.n - 1; a >= 0; a-- {
				if idx[a]++; idx[a] < d.len[a] {
					break
				}
				idx[a] = 0
			}
		}
	}
}

func dot(a, b []int) int {
	s := 0
	for i, x := range a {
		s += x * b[i]
	}
	return s
}
