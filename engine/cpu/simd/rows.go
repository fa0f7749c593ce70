package simd

import "math"

// MostRow is the most elements of a row that the kernels for rows take.
const MostRow = sumChunk

func normalizeRows[T Float](y, x []T, n int, eps T) {
	checkRows(len(x), n, len(y))
	for ; len(x) > 0; x, y = x[n:], y[n:] {
		m, v := T(sum(x[:n])*(1/T(n))), lanes[T]{}
		v.addEach(n, func(i int) T { d := x[i] - m; return T(d * d) })
		s := v.inverseDeviation(n, eps)
		for i := range n {
			y[i] = (x[i] - m) * s
		}
	}
}

func normalizeGradRows[T Float](dx, x, dy []T, n int, eps T) {
	checkRows(len(x), n, len(dx), len(dy))
	for ; len(x) > 0; dx, x, dy = dx[n:], x[n:], dy[n:] {
		m, v, p := T(sum(x[:n])*(1/T(n))), lanes[T]{}, lanes[T]{}
		v.addEach(n, func(i int) T { d := x[i] - m; return T(d * d) })
		p.addEach(n, func(i int) T { return T((x[i] - m) * dy[i]) })
		s := v.inverseDeviation(n, eps)
		shift, slope := T(sum(dy[:n])*(1/T(n))), T(s*s)*T(p.fold(laneCount[T]())*(1/T(n)))
		for i := range n {
			dx[i] = s * ((dy[i] - shift) - T((x[i]-m)*slope))
		}
	}
}

func softmaxRows[T Float](y, x []T, n int) {
	checkRows(len(x), n, len(y))
	for ; len(x) > 0; x, y = x[n:], y[n:] {
		top := T(math.Inf(-1))
		for _, v := range x[:n] {
			if v > top {
				top = v
			}
		}
		for i, v := range x[:n] {
			y[i] = T(math.Exp(float64(v - top)))
		}
		scale(y[:n], y[:n], 1/sum(y[:n]))
	}
}

// addEach puts term i into lane i mod L, i < n.
func (l *lanes[T]) addEach(n int, term func(i int) T) {
	count := laneCount[T]()
	for i := range n {
		l[i%count] += term(i)
	}
}

// inverseDeviation is 1/√(σ² + ε), the lanes holding n squares.
func (l *lanes[T]) inverseDeviation(n int, eps T) T {
	return 1 / T(math.Sqrt(float64(T(l.fold(laneCount[T]())*(1/T(n)))+eps)))
}

// checkRows panics unless size elements are whole rows of n, n no more than MostRow.
func checkRows(size, n int, others ...int) {
	if n > MostRow {
		panic("simd: rows are too long")
	}
	checkColumns(n, size)
	checkLengths(size, others...)
}
