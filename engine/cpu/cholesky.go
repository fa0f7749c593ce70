package cpu

import (
	"math"

	"github.com/kolmogo/kolmogo/engine/cpu/simd"
)

const (
	panel      = 48  // columns of a triangular factor that are found together
	panelRows  = 192 // rows of a panel that stay in the cache meanwhile
	shareOrder = 160 // order of a matrix from which its rows are shared out to the workers
)

// choleskyKernel: L·Lᵀ = (A + Aᵀ)/2. Several matrices, and small ones, are shared out whole; the rows of a large one are.
func choleskyKernel[T simd.Float](a args[T]) kernel {
	n := a.to.At(-1)
	batch := a.to.Size() / (n * n)
	if n >= shareOrder && batch < a.pool.workers {
		f := newCholesky(a.k, n, a.pool.workers, a.pool.split)
		return kernel{items: 1, body: func(int, int, int) {}, after: func() {
			for b := range batch {
				f.factor(a.out[b*n*n:(b+1)*n*n], a.in[0][b*n*n:(b+1)*n*n])
			}
		}}
	}
	all := make([]*cholesky[T], a.pool.workers)
	for w := range all {
		all[w] = newCholesky(a.k, n, 1, alone)
	}
	body := func(w, lo, hi int) {
		for b := lo; b < hi; b++ {
			all[w].factor(a.out[b*n*n:(b+1)*n*n], a.in[0][b*n*n:(b+1)*n*n])
		}
	}
	return kernel{items: batch, grain: 1 + 4096/(n*n), body: body, in: []int{n * n}, out: []int{n * n}}
}

// alone does what pool.split does with one worker.
func alone(n, _ int, fn func(worker, lo, hi int)) {
	if n > 0 {
		fn(0, 0, n)
	}
}

// cholesky factorises matrices of one order, panel by panel from the left: the panel of columns from on, less the product of what is
// left of it, is divided by the factor of its square, by means of the inverse of that.
type cholesky[T simd.Float] struct {
	k          *simd.Kernels[T]
	split      func(n, grain int, fn func(worker, lo, hi int))
	n          int
	l, a       []T
	from, cols int
	inverse    []T
	rows, work [][]T // by worker
	subtract   func(worker, lo, hi int)
	divide     func(worker, lo, hi int)
}

func newCholesky[T simd.Float](k *simd.Kernels[T], n, workers int, split func(n, grain int, fn func(worker, lo, hi int))) *cholesky[T] {
	f := &cholesky[T]{k: k, n: n, split: split, inverse: make([]T, panel*panel)}
	for range workers {
		f.rows = append(f.rows, make([]T, panel*panelRows))
		f.work = append(f.work, make([]T, simd.GemmWork(panelRows, panel, n)))
	}
	f.subtract, f.divide = f.subtractRows, f.divideRows
	return f
}

// factor writes the factor of a to l, or NaN if there is none.
func (f *cholesky[T]) factor(l, a []T) {
	f.l, f.a = l, a
	clear(l)
	for f.from = 0; f.from < f.n; f.from += f.cols {
		f.cols = min(panel, f.n-f.from)
		f.split(f.n-f.from, panelRows, f.subtract)
		if !f.square() {
			fillNaN(l)
			return
		}
		f.invert()
		f.split(f.n-f.from-f.cols, panelRows, f.divide)
	}
}

// subtractRows: P = (A + Aᵀ)/2 − L·Lᵀ in rows lo … hi−1 of the panel.
func (f *cholesky[T]) subtractRows(w, lo, hi int) {
	n, c, tmp := f.n, f.cols, f.rows[w]
	for i := f.from + lo; i < f.from+hi; i += panelRows {
		rows := min(panelRows, f.from+hi-i)
		f.k.Transpose(tmp, c, f.a[f.from*n+i:], n, c, rows)
		for r := range rows {
			y := f.l[(i+r)*n+f.from : (i+r)*n+f.from+c]
			f.k.Add(y, f.a[(i+r)*n+f.from:(i+r)*n+f.from+c], tmp[r*c:(r+1)*c])
			f.k.Scale(y, y, 0.5)
		}
		if f.from > 0 {
			f.k.Gemm(rows, c, f.from, f.l[i*n:], n, false, f.l[f.from*n:], n, true, tmp, c, false, f.work[w])
			for r := range rows {
				y := f.l[(i+r)*n+f.from : (i+r)*n+f.from+c]
				f.k.Sub(y, y, tmp[r*c:(r+1)*c])
			}
		}
	}
}

// square factorises the panel's square, and clears what is above its diagonal; it reports whether it could.
func (f *cholesky[T]) square() bool {
	for i := range f.cols {
		row := f.l[(f.from+i)*f.n+f.from:][:f.cols]
		clear(row[i+1:])
		for j := range i {
			other := f.l[(f.from+j)*f.n+f.from:][:f.cols]
			row[j] = (row[j] - f.k.Dot(row[:j], other[:j])) / other[j]
		}
		s := row[i] - f.k.Dot(row[:i], row[:i])
		if !(s > 0) || math.IsInf(float64(s), 0) {
			return false
		}
		row[i] = T(math.Sqrt(float64(s)))
	}
	return true
}

// invert: the inverse of the panel's square, row by row.
func (f *cholesky[T]) invert() {
	c := f.cols
	for i := range c {
		row, x := f.l[(f.from+i)*f.n+f.from:], f.inverse[i*c:(i+1)*c]
		clear(x)
		for j := range i {
			f.k.Axpy(x[:j+1], -row[j], f.inverse[j*c:j*c+j+1])
		}
		x[i] = 1
		f.k.Scale(x[:i+1], x[:i+1], 1/row[i])
	}
}

// divideRows: rows lo … hi−1 below the square, times the transposed inverse.
func (f *cholesky[T]) divideRows(w, lo, hi int) {
	n, c, tmp := f.n, f.cols, f.rows[w]
	for i := f.from + c + lo; i < f.from+c+hi; i += panelRows {
		rows := min(panelRows, f.from+c+hi-i)
		for r := range rows {
			copy(tmp[r*c:(r+1)*c], f.l[(i+r)*n+f.from:])
		}
		f.k.Gemm(rows, c, c, tmp, c, false, f.inverse, c, true, f.l[i*n+f.from:], n, false, f.work[w])
	}
}

func fillNaN[T simd.Float](x []T) {
	for i := range x {
		x[i] = T(math.NaN())
	}
}
