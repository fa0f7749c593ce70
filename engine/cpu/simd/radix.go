package simd

import (
	"fmt"
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

// radixGo is Kernels.Radix in Go.
func radixGo[T Float](r, rows, n int, y, x Branches[T], w []T, scale T) {
	if rows <= 0 || n <= 0 {
		return
	}
	checkRadix(r, rows, n, y, x, w)
	g := passOf[T](r)
	for i := range rows {
		for e := range n {
			for l := range r {
				at := i*x.Step + l*x.Jump + e
				g.x[l] = number[T]{x.Re[at], x.Im[at]}
			}
			g.transform(r)
			for j := range r {
				at, v := i*y.Step+j*y.Jump+e, g.y[j]
				switch {
				case w == nil:
					v = number[T]{scale * v.re, scale * v.im}
				case j > 0:
					f := w[2*(i*(r-1)+j-1):]
					v = number[T]{T(f[0]*v.re) - T(f[1]*v.im), T(f[0]*v.im) + T(f[1]*v.re)}
				}
				y.Re[at], y.Im[at] = v.re, v.im
			}
		}
	}
}
