package simd

import "fmt"

// radixPass is one assembly pass: with twiddle factors, and the last one.
type radixPass[T Float] struct {
	r    int
	pass func(y, yIm *T, yStep, yJump int, x, xIm *T, xStep, xJump int, w *T, rows, n int)
	last func(y, yIm *T, yStep, yJump int, x, xIm *T, xStep, xJump int, scale T, rows, n int)
}

// radixOn makes a Radix of passes on elements of size bytes, and lists its radices.
func radixOn[T Float](size int, passes ...radixPass[T]) (radix func(r, rows, n int, y, x Branches[T], w []T, scale T), radices []int) {
	for _, p := range passes {
		radices = append(radices, p.r)
	}
	return func(r, rows, n int, y, x Branches[T], w []T, scale T) {
		if rows <= 0 || n <= 0 {
			return
		}
		checkRadix(r, rows, n, y, x, w)
		for i := range passes {
			p := &passes[i]
			switch {
			case p.r != r:
				continue
			case w != nil:
				p.pass(&y.Re[0], &y.Im[0], size*y.Step, size*y.Jump, &x.Re[0], &x.Im[0], size*x.Step, size*x.Jump, &w[0], rows, n)
			default:
				p.last(&y.Re[0], &y.Im[0], size*y.Step, size*y.Jump, &x.Re[0], &x.Im[0], size*x.Step, size*x.Jump, scale, rows, n)
			}
			return
		}
		panic(fmt.Sprintf("simd: no pass of radix %d", r))
	}, radices
}
