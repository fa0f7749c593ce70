package simd

import (
	"fmt"
	"math"
)

// Branches are r rows of complex numbers for each of several rows: element e of branch l of row i lies at i·Step + l·Jump + e.
type Branches[T Float] struct {
	Planar[T]
	Step, Jump int
}

func (b Branches[T]) check(name string, r, rows, n int) {
	need := (rows-1)*b.Step + (r-1)*b.Jump + n
	if len(b.Re) < need || len(b.Im) < need || b.Step < 0 || b.Jump < 0 {
		panic(fmt.Sprintf("simd: %d rows of %d branches of %d elements, %d and %d apart, do not fit the planes of %d and %d elements of %s", rows, r, n, b.Step, b.Jump, len(b.Re), len(b.Im), name))
	}
}

func checkRadix[T Float](r, rows, n int, y, x Branches[T], w []T) {
	y.check("y", r, rows, n)
	x.check("x", r, rows, n)
	if w != nil && len(w) < 2*(r-1)*rows {
		panic(fmt.Sprintf("simd: %d twiddle factors for %d rows of radix %d", len(w)/2, rows, r))
	}
}

// radixGo is Kernels.Radix in Go: sums over the r-th roots of unity, written out for r = 2 and 4.
func radixGo[T Float](r, rows, n int, y, x Branches[T], w []T, scale T) {
	if rows <= 0 || n <= 0 {
		return
	}
	checkRadix(r, rows, n, y, x, w)
	if r < 2 || r > 5 {
		panic(fmt.Sprintf("simd: no pass of radix %d", r))
	}
	var cos, sin, xr, xi, yr, yi [5]T
	for j := range r {
		s, c := math.Sincos(2 * math.Pi * float64(j) / float64(r))
		cos[j], sin[j] = T(c), T(s)
	}
	for i := range rows {
		for e := range n {
			for l := range r {
				at := i*x.Step + l*x.Jump + e
				xr[l], xi[l] = x.Re[at], x.Im[at]
			}
			switch r {
			case 2:
				yr[0], yi[0] = xr[0]+xr[1], xi[0]+xi[1]
				yr[1], yi[1] = xr[0]-xr[1], xi[0]-xi[1]
			case 4:
				ar, ai, br, bi := xr[0]+xr[2], xi[0]+xi[2], xr[0]-xr[2], xi[0]-xi[2]
				cr, ci, dr, di := xr[1]+xr[3], xi[1]+xi[3], xr[1]-xr[3], xi[1]-xi[3]
				yr[0], yi[0], yr[2], yi[2] = ar+cr, ai+ci, ar-cr, ai-ci
				yr[1], yi[1], yr[3], yi[3] = br+di, bi-dr, br-di, bi+dr
			default:
				for j := range r {
					re, im := xr[0], xi[0]
					for l := 1; l < r; l++ {
						c, s := cos[j*l%r], sin[j*l%r]
						re += c*xr[l] + s*xi[l]
						im += c*xi[l] - s*xr[l]
					}
					yr[j], yi[j] = re, im
				}
			}
			for j := range r {
				at := i*y.Step + j*y.Jump + e
				switch {
				case w == nil:
					y.Re[at], y.Im[at] = scale*yr[j], scale*yi[j]
				case j == 0:
					y.Re[at], y.Im[at] = yr[0], yi[0]
				default:
					c, s := w[2*(i*(r-1)+j-1)], w[2*(i*(r-1)+j-1)+1]
					y.Re[at], y.Im[at] = c*yr[j]-s*yi[j], c*yi[j]+s*yr[j]
				}
			}
		}
	}
}
