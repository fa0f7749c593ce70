package models

import (
	"math"

	"github.com/kolmogo/kolmogo/op"
)

// Padding extends every space axis of n points by round(Fraction·n) zeros (half to even), behind the last point or, if Both,
// also before the first, so that a domain that is not periodic does not wrap onto itself.
type Padding struct {
	Fraction float64
	Both     bool
}

// width returns the zeros before and after an axis of n points.
func (p Padding) width(n int) (before, after int) {
	after = int(math.RoundToEven(p.Fraction * float64(n)))
	if p.Both {
		before = after
	}
	return before, after
}

// grid returns the lengths of the padded axes.
func (p Padding) grid(lens []int) []int {
	padded := make([]int, len(lens))
	for i, n := range lens {
		before, after := p.width(n)
		padded[i] = before + n + after
	}
	return padded
}

// Around returns the inner function applied to the padded x [batch, x.., c], cut back to the grid of x.
func (p Padding) Around(x op.Value, inner func(op.Value) op.Value) op.Value {
	if !x.Valid() {
		return x
	}
	d := x.Dims()
	y := x
	for axis := 1; axis < d.Rank()-1; axis++ {
		if before, after := p.width(d.At(axis)); before+after > 0 {
			y = op.Pad(y, op.PadZero, axis, before, after)
		}
	}
	y = inner(y)
	for axis := 1; axis < d.Rank()-1; axis++ {
		if before, after := p.width(d.At(axis)); before+after > 0 {
			y = op.SliceAxis(y, axis, before, d.At(axis))
		}
	}
	return y
}
