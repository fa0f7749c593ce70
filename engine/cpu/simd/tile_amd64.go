package simd

import "math"

// complexTile is ctile.run on a kernel that takes strides in bytes, size to an element, and signs as ±0.
func complexTile[T Float](size int, f func(a, aIm *T, aRow, aStep int, b, bIm *T, bStep int, c, cIm *T, cRow, k, rows, lanes, tiles int, signB, signC T, add bool, next, nextIm *T, nextAt, nextStep int)) func(a Planar[T], aRow, aStep int, b Planar[T], bStep int, c Planar[T], cRow, k, rows, lanes, tiles int, minusB, minusC, add bool, next ahead[T]) {
	sign := [2]T{0, T(math.Copysign(0, -1))}
	return func(a Planar[T], aRow, aStep int, b Planar[T], bStep int, c Planar[T], cRow, k, rows, lanes, tiles int, minusB, minusC, add bool, next ahead[T]) {
		f(&a.Re[0], &a.Im[0], size*aRow, size*aStep, &b.Re[0], &b.Im[0], size*bStep, &c.Re[0], &c.Im[0], size*cRow,
			k, rows, lanes, tiles, sign[ordinal(minusB)], sign[ordinal(minusC)], add,
			&next.from.Re[0], &next.from.Im[0], size*next.at, size*next.step)
	}
}

func ordinal(b bool) int {
	if b {
		return 1
	}
	return 0
}
