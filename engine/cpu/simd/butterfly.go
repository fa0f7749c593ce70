package simd

import "fmt"

// Rows are rows of equal length in a slice: row r starts at First + r·Step. Step may be negative or zero.
type Rows[T Float] struct {
	Data        []T
	First, Step int
}

// From returns the rows from r on.
func (r Rows[T]) From(row int) Rows[T] { return Rows[T]{r.Data, r.First + row*r.Step, r.Step} }

// Down returns the rows from r on in descending order.
func (r Rows[T]) Down(row int) Rows[T] { return Rows[T]{r.Data, r.First + row*r.Step, -r.Step} }

// check panics unless count rows of n elements lie inside the slice.
func (r Rows[T]) check(count, n int) {
	last := r.First + (count-1)*r.Step
	if lo, hi := min(r.First, last), max(r.First, last)+n; lo < 0 || hi > len(r.Data) {
		panic(fmt.Sprintf("simd: %d rows of %d elements from %d, %d apart, in a slice of %d", count, n, r.First, r.Step, len(r.Data)))
	}
}

// butterfly is Kernels.Butterfly.
func butterfly[T Float](rows, n int, sum, diff, x, y Rows[T]) {
	if rows <= 0 || n <= 0 {
		return
	}
	for _, r := range [4]Rows[T]{sum, diff, x, y} {
		r.check(rows, n)
	}
	for r := range rows {
		s, d := sum.Data[sum.First+r*sum.Step:][:n], diff.Data[diff.First+r*diff.Step:][:n]
		a, b := x.Data[x.First+r*x.Step:][:n], y.Data[y.First+r*y.Step:][:n]
		for i, v := range a {
			w := b[i]
			s[i], d[i] = v+w, v-w
		}
	}
}

// onRows makes a Butterfly of a kernel for elements of size bytes.
func onRows[T Float](size int, f func(sum *T, sumRow int, diff *T, diffRow int, x *T, xRow int, y *T, yRow, rows, n int)) func(rows, n int, sum, diff, x, y Rows[T]) {
	return func(rows, n int, sum, diff, x, y Rows[T]) {
		if rows <= 0 || n <= 0 {
			return
		}
		sum.check(rows, n)
		diff.check(rows, n)
		x.check(rows, n)
		y.check(rows, n)
		f(&sum.Data[sum.First], size*sum.Step, &diff.Data[diff.First], size*diff.Step, &x.Data[x.First], size*x.Step, &y.Data[y.First], size*y.Step, rows, n)
	}
}
