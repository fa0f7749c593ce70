package simd

// Sums run over lanes: element i of a chunk goes to lane i mod L, L lanes being 256 bytes; the lanes of a chunk are
// folded in halves and the chunks added in float64. The order is a function of the length alone and the same in every
// implementation, and at most sumChunk/L + log₂ L roundings of type T meet an element.
const sumChunk = 4096

// lanes is a row of partial sums, 64 of float32 or 32 of float64.
type lanes[T Float] [64]T

func laneCount[T Float]() int {
	if T(1)+T(0x1p-30) == 1 {
		return 64
	}
	return 32
}

// fold adds the upper half of the lanes to the lower until one is left.
func (l *lanes[T]) fold(n int) T {
	for n > 1 {
		n /= 2
		for i := range n {
			l[i] += l[n+i]
		}
	}
	return l[0]
}

// add puts element i into lane i mod n.
func (l *lanes[T]) add(x []T, n int) {
	for len(x) > 0 {
		part := x[:min(n, len(x))]
		for i, v := range part {
			l[i] += v
		}
		x = x[len(part):]
	}
}

// addProducts puts product i into lane i mod n.
func (l *lanes[T]) addProducts(x, y []T, n int) {
	for len(x) > 0 {
		m := min(n, len(x))
		for i, v := range x[:m] {
			l[i] += T(v * y[i])
		}
		x, y = x[m:], y[m:]
	}
}

func sum[T Float](x []T) T {
	n := laneCount[T]()
	var total float64
	for len(x) > 0 {
		m := min(len(x), sumChunk)
		var l lanes[T]
		l.add(x[:m], n)
		total += float64(l.fold(n))
		x = x[m:]
	}
	return T(total)
}

func dot[T Float](x, y []T) T {
	checkLengths(len(x), len(y))
	n := laneCount[T]()
	var total float64
	for len(x) > 0 {
		m := min(len(x), sumChunk)
		var l lanes[T]
		l.addProducts(x[:m], y[:m], n)
		total += float64(l.fold(n))
		x, y = x[m:], y[m:]
	}
	return T(total)
}
