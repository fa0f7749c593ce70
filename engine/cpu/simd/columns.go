package simd

import "fmt"

func addColumns[T Float](sum, x []T) {
	checkColumns(len(sum), len(x))
	for ; len(x) > 0; x = x[len(sum):] {
		for j := range sum {
			sum[j] += x[j]
		}
	}
}

func addSquares[T Float](sum, x, m []T) {
	checkColumns(len(sum), len(x), len(m))
	for ; len(x) > 0; x = x[len(sum):] {
		for j := range sum {
			d := x[j] - m[j]
			sum[j] += T(d * d)
		}
	}
}

func addProducts[T Float](squares, sums, products, x, y, m []T) {
	checkColumns(len(m), len(x), len(squares), len(sums), len(products))
	checkLengths(len(x), len(y))
	for ; len(x) > 0; x, y = x[len(m):], y[len(m):] {
		for j, mean := range m {
			d := x[j] - mean
			squares[j] += T(d * d)
			sums[j] += y[j]
			products[j] += T(d * y[j])
		}
	}
}

func standardize[T Float](y, x, m, s []T) {
	checkColumns(len(m), len(x), len(s))
	checkLengths(len(x), len(y))
	for ; len(x) > 0; x, y = x[len(m):], y[len(m):] {
		for j, mean := range m {
			y[j] = (x[j] - mean) * s[j]
		}
	}
}

func standardizeGrad[T Float](dx, x, dy, m, s, shift, slope []T) {
	checkColumns(len(m), len(x), len(s), len(shift), len(slope))
	checkLengths(len(x), len(dx), len(dy))
	for ; len(x) > 0; dx, x, dy = dx[len(m):], x[len(m):], dy[len(m):] {
		for j, mean := range m {
			dx[j] = s[j] * ((dy[j] - shift[j]) - T((x[j]-mean)*slope[j]))
		}
	}
}

// checkColumns panics unless size elements are whole rows of columns, of which the others have one number each.
func checkColumns(columns, size int, others ...int) {
	if size > 0 && (columns == 0 || size%columns != 0) {
		panic(fmt.Sprintf("simd: %d elements are no rows of %d", size, columns))
	}
	checkLengths(columns, others...)
}
