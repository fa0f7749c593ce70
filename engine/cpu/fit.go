package cpu

import (
	"github.com/kolmogo/kolmogo/engine/cpu/simd"
	"github.com/kolmogo/kolmogo/op"
)

const (
	fitBlock = 256  // rows that are evaluated together: their Jacobian stays in the cache
	fitChunk = 2048 // rows of one sample that one worker does
)

// fitItem is a chunk of the rows of one block.
type fitItem struct{ block, from, to int }

// fit is a FitOp or a FitAdjointOp on its operands. Chunks of rows add up their part of E, H and g apart; the parts are added in order,
// so that results do not depend on the workers.
type fit struct {
	k       *simd.Kernels[float64]
	pool    *pool
	rows    []op.Rows
	in      [][]float64 // of the blocks
	lengths []int       // rows of each block
	first   []int       // each block's first operand
	n       int
	ridge   float64
	second  bool
	items   []fitItem
	w       []float64 // [S, N]: where rows are evaluated
	live    []int     // the samples that are evaluated
	parts   []float64 // [S, items, N² + N + 1]
	rooms   []fitRoom // by worker
	chunks  func(worker, lo, hi int)
}

// fitRoom is one worker's.
type fitRoom struct {
	x, reg, p [][]float64
	values    [][]float64 // of each block
	jacobian  []float64
	other     []float64
	weight    []float64
	work      []float64
	solve     *cholesky[float64]
	factor    []float64
	damped    []float64
	step      []float64
	room      []float64
	solveWork []float64
}

// newFit prepares the rows of text; in and dims are the operands from the first field on.
func newFit(a args[float64], text string, second bool, ridge float64, n int) *fit {
	rows, err := op.ParseRows(text, second)
	if err != nil {
		panic("cpu: " + err.Error()) // the op's shape rule has read it
	}
	f := &fit{k: a.k, pool: a.pool, rows: rows, in: a.in[1:], n: n, ridge: ridge, second: second}
	at, code, variables := 0, 0, 0
	for b, r := range rows {
		m := a.dims[1+at].At(1)
		f.first, f.lengths = append(f.first, at), append(f.lengths, m)
		for from := 0; from < m; from += fitChunk {
			f.items = append(f.items, fitItem{b, from, min(m, from+fitChunk)})
		}
		at, code, variables = at+r.Variables(), max(code, len(r.Formula.Code)), max(variables, r.Variables())
	}
	samples := a.dims[0].At(0)
	f.w, f.live = make([]float64, samples*n), make([]int, 0, samples)
	f.parts = make([]float64, samples*len(f.items)*f.part())
	for range a.pool.workers {
		r := fitRoom{jacobian: make([]float64, fitBlock*n), other: make([]float64, fitBlock*n), weight: make([]float64, fitBlock)}
		for range variables {
			r.x, r.p = append(r.x, make([]float64, fitBlock)), append(r.p, make([]float64, fitBlock))
		}
		for range code {
			r.reg = append(r.reg, make([]float64, fitBlock))
		}
		r.values = make([][]float64, variables)
		r.work = make([]float64, simd.GemmWork(n, n, fitBlock))
		r.solve = newCholesky(a.k, n, 1, alone)
		r.factor, r.damped, r.step = make([]float64, n*n), make([]float64, n*n), make([]float64, n)
		r.room, r.solveWork = make([]float64, panel), make([]float64, simd.GemmWork(panel, 1, n))
		f.rooms = append(f.rooms, r)
	}
	f.chunks = f.evaluateChunks
	return f
}

// part is the size of what a chunk adds up: H, g and E.
func (f *fit) part() int { return f.n*f.n + f.n + 1 }

// operand is variable j of a block.
func (f *fit) operand(block, j int) []float64 { return f.in[f.first[block]+j] }

// evaluate makes the parts of all live samples at w.
func (f *fit) evaluate() { f.pool.split(len(f.live)*len(f.items), 1, f.chunks) }

func (f *fit) evaluateChunks(worker, lo, hi int) {
	for i := lo; i < hi; i++ {
		s, item := f.live[i/len(f.items)], f.items[i%len(f.items)]
		at := (s*len(f.items) + i%len(f.items)) * f.part()
		part := f.parts[at : at+f.part()]
		clear(part)
		for from := item.from; from < item.to; from += fitBlock {
			f.block(&f.rooms[worker], part, item.block, s, from, min(fitBlock, item.to-from))
		}
	}
}

// fields evaluates the formula of a block at m rows of sample s, with the unknowns w.
func (f *fit) fields(room *fitRoom, block, s, from, m int, w []float64) {
	r := f.rows[block]
	first := s*f.lengths[block] + from
	for j := range r.Variables() {
		if a := f.operand(block, j); j < r.Fields {
			f.k.Gemv(room.x[j][:m], a[first*f.n:(first+m)*f.n], f.n, w)
		} else {
			copy(room.x[j], a[first:first+m])
		}
	}
	r.Formula.Run(room.reg, room.x, m)
}

// block adds m rows from one on to a part. With second derivatives H has those of the objective.
func (f *fit) block(room *fitRoom, part []float64, block, s, from, m int) {
	n, r := f.n, f.rows[block]
	f.fields(room, block, s, from, m, f.w[s*n:(s+1)*n])
	first := s*f.lengths[block] + from
	res := room.reg[r.Formula.Value][:m]
	f.combine(room, room.jacobian[:m*n], block, first, m, r.First)
	part[n*n+n] += f.k.Dot(res, res) / 2
	g := part[n*n : n*n+n]
	for i, x := range res {
		f.k.Axpy(g, x, room.jacobian[i*n:(i+1)*n])
	}
	f.square(part, room, m)
	for j, row := range r.Second[:r.Fields] {
		if !f.second || !f.combine(room, room.other[:m*n], block, first, m, row) {
			continue
		}
		for i, x := range res {
			f.k.Scale(room.other[i*n:(i+1)*n], room.other[i*n:(i+1)*n], x)
		}
		f.k.Gemm(n, n, m, f.operand(block, j)[first*n:(first+m)*n], n, true, room.other, n, false, part, n, true, room.work)
	}
}

// square adds JᵀJ of m rows to a part: the upper half of the square in one product, and of the lower half what is right of it. What is
// left out mirrors it, see sum.
func (f *fit) square(part []float64, room *fitRoom, m int) {
	n, half := f.n, f.half()
	if half > 0 {
		f.k.Gemm(half, n, m, room.jacobian, n, true, room.jacobian, n, false, part, n, true, room.work)
	}
	f.k.Gemm(n-half, n-half, m, room.jacobian[half:], n, true, room.jacobian[half:], n, false, part[half*(n+1):], n, true, room.work)
}

// half is the number of rows of H above those of which only a part is made; 0 for a small H.
func (f *fit) half() int {
	if f.n < 32 || f.second {
		return 0
	}
	return f.n / 32 * 16
}

// combine writes Σ_j c_ij·F_j[i, :] to m rows of dst, c_j being what instruction code[j] made; it reports whether there is any.
func (f *fit) combine(room *fitRoom, dst []float64, block, first, m int, code []int) bool {
	n, any := f.n, false
	for j, d := range code[:f.rows[block].Fields] {
		if d < 0 {
			continue
		}
		x := f.operand(block, j)[first*n : (first+m)*n]
		for i, c := range room.reg[d][:m] {
			if any {
				f.k.Axpy(dst[i*n:(i+1)*n], c, x[i*n:(i+1)*n])
			} else {
				f.k.Scale(dst[i*n:(i+1)*n], x[i*n:(i+1)*n], c)
			}
		}
		any = true
	}
	if !any {
		clear(dst)
	}
	return any
}

// sum adds up the parts of sample s and what the ridge gives, into the first of them, and returns H, g and E.
func (f *fit) sum(s int) (h, g []float64, e float64) {
	n, size := f.n, f.part()
	parts := f.parts[s*len(f.items)*size : (s+1)*len(f.items)*size]
	total := parts[:size]
	for at := size; at < len(parts); at += size {
		f.k.Add(total, total, parts[at:at+size])
	}
	w := f.w[s*n : (s+1)*n]
	h, g = total[:n*n], total[n*n:n*n+n]
	for half, i := f.half(), f.half(); i < n; i++ {
		for j := range half {
			h[i*n+j] = h[j*n+i]
		}
	}
	for k := range n {
		h[k*(n+1)] += f.ridge
	}
	f.k.Axpy(g, f.ridge, w)
	return h, g, total[n*n+n] + f.ridge*f.k.Dot(w, w)/2
}

// solve writes (H + λ·diag D)⁻¹·b to the room's step and reports whether the matrix is positive definite.
func (f *fit) solve(room *fitRoom, h, d []float64, lambda float64, b []float64) bool {
	n := f.n
	copy(room.damped, h)
	for k := range n {
		room.damped[k*(n+1)] += lambda * d[k*(n+1)]
	}
	room.solve.factor(room.factor, room.damped)
	if n > 0 && room.factor[0]-room.factor[0] != 0 {
		return false
	}
	copy(room.step, b)
	solveTriangular(f.k, op.TriangularSolveOp{}, room.factor, n, room.step, 1, 1, room.room, room.solveWork)
	solveTriangular(f.k, op.TriangularSolveOp{Trans: true}, room.factor, n, room.step, 1, 1, room.room, room.solveWork)
	return op.AllFinite(room.step)
}
