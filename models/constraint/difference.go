package constraint

import (
	"fmt"

	"github.com/kolmogo/kolmogo/op"
)

// difference returns the derivative of order 1 or 2 of x [batch, x.., c] along an axis of space of spacing h, at every point: central
// inside and one-sided at the ends, of second order; at the ends the second derivative is that of the next point.
func difference(x op.Value, axis, order int, h float64) op.Value {
	if !x.Valid() {
		return x
	}
	a, n := axis+1, x.Dims().At(axis+1)
	if n < 4 {
		return x.Fail(fmt.Errorf("constraint: %d points on an axis: differences want 4 or more", n))
	}
	at := func(i, count int) op.Value { return op.SliceAxis(x, a, i, count) }
	if order == 2 {
		inner := op.Scale(op.Sub(op.Sub(at(2, n-2), at(1, n-2)), op.Sub(at(1, n-2), at(0, n-2))), 1/(h*h))
		return op.Concat(a, op.SliceAxis(inner, a, 0, 1), inner, op.SliceAxis(inner, a, n-3, 1))
	}
	inner := op.Scale(op.Sub(at(2, n-2), at(0, n-2)), 0.5/h)
	end := func(i, j, k int, s float64) op.Value { // s(−3u_i + 4u_j − u_k)/2h
		return op.Scale(op.Sub(op.Scale(op.Sub(at(j, 1), at(i, 1)), 3), op.Sub(at(k, 1), at(j, 1))), s/(2*h))
	}
	return op.Concat(a, end(0, 1, 2, 1), inner, end(n-1, n-2, n-3, -1))
}

// derivative applies differences along the axes listed in d, one byte each, ascending.
func derivative(x op.Value, d string, h []float64) op.Value {
	for i := 0; i < len(d); i++ {
		axis, order := int(d[i]), 1
		if i+1 < len(d) && d[i+1] == d[i] {
			order = 2
			i++
		}
		x = difference(x, axis, order, h[axis])
	}
	return x
}
