//go:build gpu

package cuda

import (
	"fmt"
	"math"
	"slices"
	"time"

	"gorgonia.org/cu"

	"github.com/kolmogo/kolmogo/cuda/dl"
	"github.com/kolmogo/kolmogo/cuda/drv"
	"github.com/kolmogo/kolmogo/engine"
	"github.com/kolmogo/kolmogo/op"
)

// blas is cuBLAS on the backend's stream. For each kind of product it is measured against our kernel once, before the first program
// that has one is captured; the choice then stays, see Choices.
type blas struct {
	handle  dl.Handle
	always  bool
	choices *choices
}

// openBLAS makes the backend ask a library for products.
func (b *Backend) openBLAS(l *dl.BLAS, always bool) error {
	workspace, err := b.alloc(dl.WorkspaceBytes)
	if err != nil {
		return err
	}
	return b.x.Within(func() error {
		h, err := l.Open(drv.Handle(b.stream), uint64(workspace.at))
		if err != nil {
			return err
		}
		b.blas = &blas{h, always, newChoices(b.name, "cuBLAS "+l.Version())}
		b.free = append(b.free, func() { b.x.Within(h.Close) }) // what failed before has been reported
		return nil
	})
}

// gemm is a product as cuBLAS takes it, column by column: what we call Cᵀ = Bᵀ·Aᵀ. It is false for one whose factors lie otherwise
// than a batch of matrices, or are to be rounded as cuBLAS does not, and where there is no cuBLAS.
func (l *lowering) gemm(r Rounding, t op.Dtype, p productLaunch) (g dl.Gemm, ok bool) {
	if l.b.blas == nil {
		return g, false
	}
	compute, known := map[Rounding]dl.Compute{Exact: dl.Plain, TF32: dl.FastTF32, BF16: dl.FastBF16}[r]
	left, okLeft := columnMajor(p.B, int(p.N), int(p.K))
	right, okRight := columnMajor(p.A, int(p.K), int(p.M))
	to, okTo := columnMajor(p.C, int(p.N), int(p.M))
	if !known || !okLeft || !okRight || !okTo || to.transposed || p.K == 0 {
		return g, false
	}
	return dl.Gemm{Float64: t == op.Float64, Compute: compute, TransA: left.transposed, TransB: right.transposed, Add: p.Add != 0,
		M: int(p.N), N: int(p.M), K: int(p.K), Batch: int(p.Batch), LDA: left.ld, LDB: right.ld, LDC: to.ld,
		StrideA: left.stride, StrideB: right.stride, StrideC: to.stride}, true
}

// columns is how a batch of matrices lies, or of their transposes.
type columns struct {
	ld, stride int
	transposed bool
}

// columnMajor reads a view, whose rows are the columns of the matrix of height × width that cuBLAS sees.
func columnMajor(v view, height, width int) (columns, bool) {
	if v.Batch.Inner != math.MaxInt32 || v.Row.Inner != math.MaxInt32 || v.Column.Inner != math.MaxInt32 {
		return columns{}, false
	}
	across, along := int(v.Row.Step), int(v.Column.Step)
	c := columns{across, int(v.Batch.Step), false}
	switch {
	case along == 1 && (across >= height || width == 1):
		c.ld = max(across, height)
	case across == 1 && (along >= width || height == 1):
		c.ld, c.transposed = max(along, width), true
	default:
		return columns{}, false
	}
	return c, c.ld <= math.MaxInt32
}

// extents are how many elements of A, B and C a product touches, from the first on.
func (p productLaunch) extents() (a, b, c int) {
	last := func(v view, rows, columns int32) int {
		at := func(s split, i int32) int64 { return int64(i/s.Inner)*s.Outer + int64(i%s.Inner)*s.Step }
		return int(at(v.Batch, p.Batch-1)+at(v.Row, rows-1)+at(v.Column, columns-1)) + 1
	}
	return last(p.A, p.M, p.K), last(p.B, p.K, p.N), last(p.C, p.M, p.N)
}

// byLibrary reports whether cuBLAS makes a product: always if so configured, as chosen before, else the faster of both, measured now.
// ours are the launches of our kernel. Either way the library has done the product once outside of any program, so that it has loaded
// what it needs before a capture.
func (l *lowering) byLibrary(g dl.Gemm, t op.Dtype, p productLaunch, ours func(trial *lowering, a, b, c cu.DevicePtr) error) (bool, error) {
	w, key := l.b.blas, describeProduct(g)
	l.asked = key
	way, known := w.choices.get(key)
	if l.quiet || known && !w.always && !way.Library {
		return false, nil
	}
	var at [3]cu.DevicePtr
	sizeA, sizeB, sizeC := p.extents()
	for i, n := range []int{sizeA, sizeB, sizeC} {
		var err error
		if at[i], err = l.b.x.Alloc(n * t.Size()); err != nil { // what is left does not do for a trial
			return known || w.always, nil
		}
		defer l.b.x.Free(at[i])
		if err := l.b.x.Zero(at[i], n*t.Size()/4, l.b.stream); err != nil {
			return false, fmt.Errorf("cuda: %w", err)
		}
	}
	trial := &lowering{b: l.b}
	trial.libraryProduct(g, at[0], at[1], at[2])
	if known || w.always {
		_, err := trial.fastest(0)
		return true, err
	}
	theirs, err := trial.fastest(rounds)
	if err != nil {
		return false, err
	}
	trial = &lowering{b: l.b}
	if err := ours(trial, at[0], at[1], at[2]); err != nil {
		return false, err
	}
	own, err := trial.fastest(rounds)
	if err != nil {
		return false, err
	}
	way = choice{Library: theirs < own, LibraryTime: theirs.Seconds(), OwnTime: own.Seconds()}
	return way.Library, w.choices.set(key, way)
}

// libraryProduct appends a call of the library to the launches: for its C = A·B, column by column, B is our left factor.
func (l *lowering) libraryProduct(g dl.Gemm, a, b, c any) {
	l.launches = append(l.launches, launch{name: describeProduct(g), gemm: &g, args: []any{b, a, c}})
}

// describeProduct tells one kind of product from another.
func describeProduct(g dl.Gemm) string {
	text := "float32"
	switch {
	case g.Float64:
		text = "float64"
	case g.Compute == dl.FastTF32:
		text = "tf32"
	case g.Compute == dl.FastBF16:
		text = "bf16"
	}
	layout := func(transposed bool) string {
		if transposed {
			return "ᵀ"
		}
		return ""
	}
	text += fmt.Sprintf(" product %d × %d × %d, A%s·B%s", g.N, g.K, g.M, layout(g.TransB), layout(g.TransA))
	if g.Batch > 1 {
		text += fmt.Sprintf(", %d of them every %d, %d, %d", g.Batch, g.StrideB, g.StrideA, g.StrideC)
	}
	text += fmt.Sprintf(", rows of %d, %d, %d", g.LDB, g.LDA, g.LDC)
	if g.Add {
		text += ", added"
	}
	return text
}

// rounds and repeat say how often a product is timed: the least of so many times, each of so many products.
const rounds, repeat = 5, 4

// fastest is the least time that the launches take, of a number of rounds after one that loads their code.
func (l *lowering) fastest(rounds int) (time.Duration, error) {
	if l.scratchBytes > 0 {
		at, err := l.b.x.Alloc(l.scratchBytes)
		if err != nil {
			return 0, fmt.Errorf("cuda: %w", err)
		}
		defer l.b.x.Free(at)
		l.scratch = at
	}
	batch, err := l.batch()
	if err != nil {
		return 0, err
	}
	defer batch.Free()
	best := time.Duration(math.MaxInt64)
	for i := range rounds + 1 {
		d, err := l.b.x.Time(l.b.stream, func() error {
			for range repeat {
				if err := batch.Run(l.b.x, l.b.stream); err != nil {
					return l.named(err)
				}
			}
			return nil
		})
		if err != nil {
			return 0, fmt.Errorf("cuda: %w", err)
		}
		if i > 0 {
			best = min(best, d/repeat)
		}
	}
	return best, nil
}

// Explain implements engine.Explainer: how a product is made, and what was measured.
func (b *Backend) Explain(s engine.Step) string {
	if b.blas == nil || s.Chain != nil {
		return ""
	}
	switch s.Op.(type) {
	case op.MatMulOp, op.RealDFTOp, op.RealSynthesisOp, op.DFTOp, op.SynthesisOp:
	default:
		return ""
	}
	for _, o := range append(slices.Clone(s.In), s.Out...) {
		if o.Memory == nil { // a product with an epilogue
			return ""
		}
	}
	look := &lowering{b: b, quiet: true}
	if look.step(s) != nil { // Build has told why
		return ""
	}
	c, measured := b.blas.choices.get(look.asked)
	switch {
	case measured && c.Library:
		return fmt.Sprintf("%s: %s, %.3g µs (our kernel %.3g)", look.asked, b.blas.choices.Library, 1e6*c.LibraryTime, 1e6*c.OwnTime)
	case measured:
		return fmt.Sprintf("%s: our kernel, %.3g µs (%s %.3g)", look.asked, 1e6*c.OwnTime, b.blas.choices.Library, 1e6*c.LibraryTime)
	}
	return ""
}
