package cpu

import (
	"github.com/kolmogo/kolmogo/engine/cpu/simd"
	"github.com/kolmogo/kolmogo/op"
)

// solveColumns is the number of right-hand sides that are solved for together.
const solveColumns = 96

// triangularSolveKernel: op(T)·X = B, panel by panel. Items are groups of right-hand sides.
func triangularSolveKernel[T simd.Float](a args[T], o op.TriangularSolveOp) kernel {
	n, k := a.to.At(-2), a.to.At(-1)
	groups := (k + solveColumns - 1) / solveColumns
	room, work := workspaces[T](a.pool, panel*solveColumns), workspaces[T](a.pool, simd.GemmWork(panel, solveColumns, n))
	body := func(w, lo, hi int) {
		for item := lo; item < hi; item++ {
			b, c := item/groups, item%groups*solveColumns
			t, x := a.in[0][b*n*n:(b+1)*n*n], a.out[b*n*k:(b+1)*n*k]
			cols := min(solveColumns, k-c)
			for i := range n {
				copy(x[i*k+c:i*k+c+cols], a.in[1][(b*n+i)*k+c:])
			}
			solveTriangular(a.k, o, t, n, x[c:], k, cols, room[w], work[w])
		}
	}
	return kernel{items: a.to.Size() / (n * k) * groups, grain: 1 + 4096/(n*n), body: body}
}

// solveTriangular solves op(T)·X = X in place for the first cols columns of x, whose rows are k apart. room holds panel·cols elements,
// work what Gemm wants of panel × cols × n.
func solveTriangular[T simd.Float](s *simd.Kernels[T], o op.TriangularSolveOp, t []T, n int, x []T, k, cols int, room, work []T) {
	row, col := n, 1
	if o.Trans {
		row, col = 1, n
	}
	for done := 0; done < n; done += panel {
		size := min(panel, n-done)
		from, known := done, 0 // the panel, and the first of what is known
		if !o.Forward() {
			from, known = n-done-size, n-done
		}
		if done > 0 {
			s.Gemm(size, cols, done, t[from*row+known*col:], n, o.Trans, x[known*k:], k, false, room, cols, false, work)
			for i := range size {
				y := x[(from+i)*k : (from+i)*k+cols]
				s.Sub(y, y, room[i*cols:(i+1)*cols])
			}
		}
		for u := range size {
			i := from + u
			if !o.Forward() {
				i = from + size - 1 - u
			}
			y := x[i*k : i*k+cols]
			for v := range u {
				j := from + v
				if !o.Forward() {
					j = from + size - 1 - v
				}
				s.Axpy(y, -t[i*row+j*col], x[j*k:j*k+cols])
			}
			for c := range y {
				y[c] /= t[i*(n+1)]
			}
		}
	}
}

// triangleKernel: y is a triangle of x, its diagonal multiplied by a factor. Items are rows.
func triangleKernel[T simd.Float](a args[T], o op.TriangleOp) kernel {
	m, n := a.to.At(-2), a.to.At(-1)
	body := func(_, lo, hi int) {
		for r := lo; r < hi; r++ {
			x, y, i := a.in[0][r*n:(r+1)*n], a.out[r*n:(r+1)*n], min(r%m, n)
			low, high := i, n // what is kept beside the diagonal
			if !o.Upper {
				low, high = 0, i
			}
			clear(y)
			copy(y[low:high], x[low:high])
			if r%m < n {
				y[i] = T(o.Diagonal) * x[i]
			}
		}
	}
	return kernel{items: a.to.Size() / n, grain: 1 + copyChunk/n, body: body, in: []int{n}, out: []int{n}}
}

// brokenKernel: 1 for each matrix with a number that is not finite.
func brokenKernel[T simd.Float](a args[T]) kernel {
	size := a.dims[0].Span(a.dims[0].Rank()-2, a.dims[0].Rank())
	body := func(_, lo, hi int) {
		for b := lo; b < hi; b++ {
			a.out[b] = 0
			for _, x := range a.in[0][b*size : (b+1)*size] {
				if x-x != 0 {
					a.out[b] = 1
				}
			}
		}
	}
	return kernel{items: a.to.Size(), grain: 1 + copyChunk/(1+size), body: body, in: []int{size}, out: []int{1}}
}
