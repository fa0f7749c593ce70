package simd

// These make kernels on slices of those on pointers, for rows and for columns of matrices.

func onAddColumns[T Float](f func(sum, x *T, n, rows int)) func(sum, x []T) {
	return func(sum, x []T) {
		if checkColumns(len(sum), len(x)); len(x) > 0 {
			f(&sum[0], &x[0], len(sum), len(x)/len(sum))
		}
	}
}

func onAddSquares[T Float](f func(sum, m, x *T, n, rows int)) func(sum, x, m []T) {
	return func(sum, x, m []T) {
		if checkColumns(len(sum), len(x), len(m)); len(x) > 0 {
			f(&sum[0], &m[0], &x[0], len(sum), len(x)/len(sum))
		}
	}
}

func onAddProducts[T Float](f func(squares, sums, products, m, x, y *T, n, rows int)) func(squares, sums, products, x, y, m []T) {
	return func(squares, sums, products, x, y, m []T) {
		checkColumns(len(m), len(x), len(squares), len(sums), len(products))
		if checkLengths(len(x), len(y)); len(x) > 0 {
			f(&squares[0], &sums[0], &products[0], &m[0], &x[0], &y[0], len(m), len(x)/len(m))
		}
	}
}

func onStandardize[T Float](f func(m, s, y, x *T, n, rows int)) func(y, x, m, s []T) {
	return func(y, x, m, s []T) {
		checkColumns(len(m), len(x), len(s))
		if checkLengths(len(x), len(y)); len(x) > 0 {
			f(&m[0], &s[0], &y[0], &x[0], len(m), len(x)/len(m))
		}
	}
}

func onStandardizeGrad[T Float](f func(m, s, shift, slope, dx, x, dy *T, n, rows int)) func(dx, x, dy, m, s, shift, slope []T) {
	return func(dx, x, dy, m, s, shift, slope []T) {
		checkColumns(len(m), len(x), len(s), len(shift), len(slope))
		if checkLengths(len(x), len(dx), len(dy)); len(x) > 0 {
			f(&m[0], &s[0], &shift[0], &slope[0], &dx[0], &x[0], &dy[0], len(m), len(x)/len(m))
		}
	}
}

func onNormalizeRows[T Float](f func(y, x *T, share, eps T, n, rows int)) func(y, x []T, n int, eps T) {
	return func(y, x []T, n int, eps T) {
		if checkRows(len(x), n, len(y)); len(x) > 0 {
			f(&y[0], &x[0], 1/T(n), eps, n, len(x)/n)
		}
	}
}

func onNormalizeGradRows[T Float](f func(dx, x, dy *T, share, eps T, n, rows int)) func(dx, x, dy []T, n int, eps T) {
	return func(dx, x, dy []T, n int, eps T) {
		if checkRows(len(x), n, len(dx), len(dy)); len(x) > 0 {
			f(&dx[0], &x[0], &dy[0], 1/T(n), eps, n, len(x)/n)
		}
	}
}

func onSoftmaxRows[T Float](f func(y, x *T, n, rows int)) func(y, x []T, n int) {
	return func(y, x []T, n int) {
		if checkRows(len(x), n, len(y)); len(x) > 0 {
			f(&y[0], &x[0], n, len(x)/n)
		}
	}
}
