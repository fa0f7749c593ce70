package simd

// tileGo is the portable micro-kernel.
func tileGo[T Float]() *tile[T] {
	return &tile[T]{rows: 2, lanes: 4, run: runGo[T], transpose: transpose[T]}
}

// runGo is tile.run in Go. Products are rounded before they are added (the conversions forbid fusing), so full
// and partial tiles agree on every machine.
func runGo[T Float](a []T, aRow, aStep int, b []T, bStep int, c []T, cRow, k, rows, lanes, tiles int, add bool, _ fetch[T]) {
	for range tiles {
		if rows == 2 && lanes == 4 {
			tile2x4(a, aRow, aStep, b, bStep, c, cRow, k, add)
		} else {
			for i := range rows {
				for j := range lanes {
					var s T
					for p := range k {
						s += T(a[i*aRow+p*aStep] * b[p*bStep+j])
					}
					if add {
						s += c[i*cRow+j]
					}
					c[i*cRow+j] = s
				}
			}
		}
		if tiles > 1 {
			a, c = a[min(len(a), rows*aRow):], c[min(len(c), rows*cRow):]
		}
	}
}

func tile2x4[T Float](a []T, aRow, aStep int, b []T, bStep int, c []T, cRow, k int, add bool) {
	var s00, s01, s02, s03, s10, s11, s12, s13 T
	for p := range k {
		x, y := a[p*aStep], a[p*aStep+aRow]
		r := b[p*bStep:][:4]
		s00 += T(x * r[0])
		s01 += T(x * r[1])
		s02 += T(x * r[2])
		s03 += T(x * r[3])
		s10 += T(y * r[0])
		s11 += T(y * r[1])
		s12 += T(y * r[2])
		s13 += T(y * r[3])
	}
	c0, c1 := c[:4], c[cRow:][:4]
	if add {
		s00 += c0[0]
		s01 += c0[1]
		s02 += c0[2]
		s03 += c0[3]
		s10 += c1[0]
		s11 += c1[1]
		s12 += c1[2]
		s13 += c1[3]
	}
	c0[0], c0[1], c0[2], c0[3] = s00, s01, s02, s03
	c1[0], c1[1], c1[2], c1[3] = s10, s11, s12, s13
}
