//go:build gpu

package cuda

import (
	"fmt"
	"math"

	"gorgonia.org/cu"

	"github.com/kolmogo/kolmogo/engine"
	"github.com/kolmogo/kolmogo/op"
)

// split mirrors struct Split of product.cu: index i is at ⌊i/inner⌋·outer + (i mod inner)·step.
type split struct {
	Inner, _    int32
	Outer, Step int64
}

// every is an index that is one step in memory.
func every(step int) split { return split{Inner: math.MaxInt32, Step: int64(step)} }

// pairs is an index (outer, inner).
func pairs(inner, outer, step int) split {
	return split{Inner: int32(inner), Outer: int64(outer), Step: int64(step)}
}

// view mirrors struct View.
type view struct{ Batch, Row, Column split }

// productLaunch mirrors struct Product.
type productLaunch struct {
	A, B, C                   view
	M, N, K, Batch            int32
	Splits, Terms             int32
	Add, AByK, BByK           int32
	ConjugateA, ConjugateB, _ int32
	PlaneA, PlaneB, PlaneC    int64
}

func truth(b bool) int32 {
	if b {
		return 1
	}
	return 0
}

// rounding is how products of a dtype are rounded where they may be.
func (l *lowering) rounding(t op.Dtype) Rounding {
	if t == op.Float32 {
		return l.b.config.Products
	}
	return Exact
}

// suffix is what names of kernels end in that round.
func (r Rounding) suffix() string {
	if r == Exact {
		return ""
	}
	return "_" + string(r)
}

// product launches C (+)= A·B; operands are addresses or tables.
func (l *lowering) product(s engine.Step, p productLaunch, a, b any) error {
	return l.rounded(Exact, s, p, a, b)
}

// rounded does so with rounded factors, by the library or by our kernels.
func (l *lowering) rounded(r Rounding, s engine.Step, p productLaunch, a, b any) error {
	t, c := s.Out[0].Dtype, l.result(s.Out[0])
	p.Add = truth(s.Add)
	if l.then != nil {
		return l.ourProduct(r, t, p, a, b, c)
	}
	if g, ok := l.gemm(r, t, p); ok {
		theirs, err := l.byLibrary(g, t, p, func(trial *lowering, a, b, c cu.DevicePtr) error { return trial.ourProduct(r, t, p, a, b, c) })
		if err != nil {
			return err
		}
		if theirs {
			l.libraryProduct(g, a, b, c)
			return nil
		}
	}
	return l.ourProduct(r, t, p, a, b, c)
}

// result is where a product goes, nowhere if it only passes to its epilogue.
func (l *lowering) result(o engine.Operand) cu.DevicePtr {
	if o.Memory == nil && l.then != nil {
		return 0
	}
	return pointer(o)
}

// ourProduct launches our kernels: one for large tiles, or the exact one for small ones.
func (l *lowering) ourProduct(r Rounding, t op.Dtype, p productLaunch, a, b any, c cu.DevicePtr) error {
	name, tile := "product"+r.suffix(), 64
	count := func() int { return int(p.Batch) * ((int(p.M) + tile - 1) / tile) * ((int(p.N) + tile - 1) / tile) }
	if p.M <= 32 || p.N <= 32 || r == Exact && count() < l.b.multiprocessors {
		name, tile, r = "product_small", 32, Exact
	}
	splits, terms := l.parts(count(), int(p.K))
	p.Splits, p.Terms = int32(splits), int32(terms)
	if splits == 1 {
		if l.then != nil {
			return l.finished(fmt.Sprintf("product_tile<%d, %s>(p, a, b, partial, take)", tile, modes[r]), t, count(), p, a, b, c, c)
		}
		return l.launch("product", name, t, count(), threads, record(p), a, b, c, c)
	}
	size := int(p.Batch * p.M * p.N)
	partial := l.temporary(splits * size * t.Size())
	if err := l.launch("product", name, t, count()*splits, threads, record(p), a, b, c, partial); err != nil {
		return err
	}
	if l.then != nil {
		return l.finished("product_total(p, partial, take)", t, (size+threads-1)/threads, p, a, b, c, partial)
	}
	return l.each("product", "product_sum", t, size, record(p), partial, c)
}

// modes are the names of roundings in mma.h.
var modes = map[Rounding]string{Exact: "EXACT", TF32: "TF32", TF32x3: "TF32X3", BF16: "BF16"}

// leastTerms is how many terms of a sum one block should have.
const leastTerms = 128

// parts cuts a sum of k terms where blocks are too few to keep the device busy.
func (l *lowering) parts(blocks, k int) (splits, terms int) {
	splits = max(1, min(2*l.b.multiprocessors/max(blocks, 1), k/leastTerms))
	terms = max(1, (k+splits-1)/splits)
	return max(1, (k+terms-1)/terms), terms
}

// matrix is the view of a batch of row-major matrices rows × columns, transposed where asked.
func matrix(rows, columns, batch int, transposed bool) view {
	if transposed {
		return view{every(batch), every(1), every(rows)}
	}
	return view{every(batch), every(columns), every(1)}
}

// matmul: C = op(A)·op(B) for each leading index.
func (l *lowering) matmul(s engine.Step, o op.MatMulOp) error {
	batch, m, n, k := o.Sizes(s.In[0].Dims, s.In[1].Dims)
	p := productLaunch{M: int32(m), N: int32(n), K: int32(k), Batch: int32(batch), AByK: truth(!o.TransA), BByK: truth(o.TransB)}
	p.A, p.B, p.C = matrix(m, k, m*k, o.TransA), matrix(k, n, k*n, o.TransB), matrix(m, n, m*n, false)
	return l.rounded(l.rounding(s.Out[0].Dtype), s, p, pointer(s.In[0]), pointer(s.In[1]))
}

// cmatmul: the same of complex matrices, whose parts are planes.
func (l *lowering) cmatmul(s engine.Step, o op.CMatMulOp) error {
	batch, m, n, k := o.Sizes(s.In[0].Dims, s.In[1].Dims)
	p := productLaunch{M: int32(m), N: int32(n), K: int32(k), Batch: int32(batch), Splits: 1, Terms: int32(k), Add: truth(s.Add),
		AByK: truth(!o.AdjA), BByK: truth(o.AdjB), ConjugateA: truth(o.AdjA), ConjugateB: truth(o.AdjB),
		PlaneA: int64(m * k), PlaneB: int64(k * n), PlaneC: int64(m * n)}
	p.A, p.B, p.C = matrix(m, k, 2*m*k, o.AdjA), matrix(k, n, 2*k*n, o.AdjB), matrix(m, n, 2*m*n, false)
	blocks := batch * ((m + 31) / 32) * ((n + 31) / 32)
	c := l.result(s.Out[0])
	if l.then != nil {
		return l.finished("complex_tile(p, a, b, take)", s.Out[0].Dtype, blocks, p, pointer(s.In[0]), pointer(s.In[1]), c, c)
	}
	return l.launch("product", "cproduct", s.Out[0].Dtype, blocks, threads, record(p), pointer(s.In[0]), pointer(s.In[1]), c)
}

// realDFT: X[i, r, c] = Σ_j M[i, j]·x[r, j, c], i counting the real and imaginary parts of the bins.
func (l *lowering) realDFT(s engine.Step, o op.RealDFTOp) error {
	d := s.In[0].Dims
	n, c, rows := d.At(-2), d.At(-1), d.Span(0, d.Rank()-2)
	p := productLaunch{M: int32(2 * o.Bins), N: int32(c), K: int32(n), Batch: int32(rows), AByK: 1}
	p.A = view{every(0), every(n), every(1)}
	p.B = view{every(n * c), every(c), every(1)}
	p.C = view{every(c), every(rows * c), every(1)}
	return l.product(s, p, l.numbers(s.Out[0].Dtype, o.Matrix(n)), pointer(s.In[0]))
}

// realSynthesis: x[r, j, c] = Σ_i M[i, j]·X[i, r, c].
func (l *lowering) realSynthesis(s engine.Step, o op.RealSynthesisOp) error {
	d := s.Out[0].Dims
	bins, c, rows := s.In[0].Dims.At(0), d.At(-1), d.Span(0, d.Rank()-2)
	p := productLaunch{M: int32(o.N), N: int32(c), K: int32(2 * bins), Batch: int32(rows)}
	p.A = view{every(0), every(1), every(o.N)}
	p.B = view{every(c), every(rows * c), every(1)}
	p.C = view{every(o.N * c), every(c), every(1)}
	return l.product(s, p, l.numbers(s.Out[0].Dtype, op.RealDFTOp{Bins: bins, Scale: o.Scale, Twice: o.Twice}.Matrix(o.N)), pointer(s.In[0]))
}

// complexMatrix is the transform as a real matrix [2·count, 2·n], rows (k, part), columns (part, j):
// re_k = Σ cos·re + sin·im, im_k = Σ cos·im − sin·re.
func complexMatrix(o op.DFTOp, n int) []float64 {
	cos, sin := o.Matrices(n)
	m := make([]float64, 4*o.Count*n)
	for k := range o.Count {
		re, im := m[4*k*n:], m[(4*k+2)*n:]
		for j := range n {
			re[j], re[n+j] = cos[k*n+j], sin[k*n+j]
			im[j], im[n+j] = -sin[k*n+j], cos[k*n+j]
		}
	}
	return m
}

// complexViews are the spectrum [count, K, 2, P, C] with rows (k, part) and the grid [K, 2, P, N, C] with rows (part, j), for each of
// K × P.
func complexViews(o op.DFTOp, grid op.Dims) (spectrum, points view, batch int) {
	n, c := grid.At(-2), grid.At(-1)
	lead, p := grid.Span(0, o.Lead), grid.Span(o.Lead+1, grid.Rank()-2)
	spectrum = view{pairs(p, 2*p*c, c), pairs(2, lead*2*p*c, p*c), every(1)}
	points = view{pairs(p, 2*p*n*c, n*c), pairs(n, p*n*c, c), every(1)}
	return spectrum, points, lead * p
}

// dft: X = W·x with the matrix of the transform.
func (l *lowering) dft(s engine.Step, o op.DFTOp) error {
	n, c := s.In[0].Dims.At(-2), s.In[0].Dims.At(-1)
	spectrum, points, batch := complexViews(o, s.In[0].Dims)
	p := productLaunch{M: int32(2 * o.Count), N: int32(c), K: int32(2 * n), Batch: int32(batch), AByK: 1,
		A: view{every(0), every(2 * n), every(1)}, B: points, C: spectrum}
	return l.product(s, p, l.numbers(s.Out[0].Dtype, complexMatrix(o, n)), pointer(s.In[0]))
}

// synthesis: x = Wᵀ·X.
func (l *lowering) synthesis(s engine.Step, o op.SynthesisOp) error {
	d := s.Out[0].Dims
	w := op.DFTOp{Lead: o.Lead, First: o.First, Count: s.In[0].Dims.At(0), Scale: o.Scale}
	spectrum, points, batch := complexViews(w, d)
	p := productLaunch{M: int32(2 * o.N), N: int32(d.At(-1)), K: int32(2 * w.Count), Batch: int32(batch),
		A: view{every(0), every(1), every(2 * o.N)}, B: spectrum, C: points}
	return l.product(s, p, l.numbers(s.Out[0].Dtype, complexMatrix(w, o.N)), pointer(s.In[0]))
}
