//go:build gpu

package cuda

import (
	"fmt"
	"math"

	"github.com/kolmogo/kolmogo/cuda/drv"
	"github.com/kolmogo/kolmogo/engine"
	"github.com/kolmogo/kolmogo/op"
)

// Build implements engine.Backend: the steps become launches, captured as one graph.
func (b *Backend) Build(steps []engine.Step) (engine.Runner, error) {
	l := &lowering{b: b}
	pairs := b.epilogues(steps)
	waits := map[int]bool{}
	for _, i := range pairs {
		waits[i] = true
	}
	for i, s := range steps {
		if s.Out[0].Dims.Size() == 0 || waits[i] {
			continue
		}
		if product, ok := pairs[i]; ok {
			l.then = &epilogue{s, given(s, steps[product].Out[0])}
			s = steps[product]
		}
		err := l.step(s)
		if l.then = nil; err != nil {
			return nil, fmt.Errorf("cuda: step %d (%s): %w", i, describe(s), err)
		}
	}
	if err := l.place(); err != nil {
		return nil, err
	}
	batch, err := l.batch()
	if err != nil {
		return nil, err
	}
	b.free = append(b.free, batch.Free)
	if b.config.Sync || batch.Len() == 0 {
		return engine.RunFunc(func() error { return b.runSingly(batch, l.launches) }), nil
	}
	graph, err := b.x.Capture(b.stream, func() error { return batch.Run(b.x, b.stream) })
	if err != nil {
		return nil, fmt.Errorf("cuda: capturing %d launches: %w", batch.Len(), l.named(err))
	}
	b.free = append(b.free, graph.Free)
	return &program{b, batch, graph}, nil
}

// program is steps on the device, as launches and as the graph of them.
type program struct {
	b     *Backend
	batch *drv.Batch
	graph *drv.Graph
}

// Run implements engine.Runner.
func (p *program) Run() error {
	if err := p.graph.Launch(p.b.stream); err != nil {
		return fmt.Errorf("cuda: running a program of %d launches: %w (KOLMOGO_CUDA_SYNC=1 finds the kernel at fault)", p.batch.Len(), err)
	}
	return nil
}

// runSingly launches one kernel after another and waits for each.
func (b *Backend) runSingly(batch *drv.Batch, launches []launch) error {
	for i := range batch.Len() {
		err := batch.RunOne(b.x, b.stream, i)
		if err == nil {
			err = b.x.Sync(b.stream)
		}
		if err != nil {
			return fmt.Errorf("cuda: kernel %s, launch %d of %d: %w", launches[i].name, i+1, batch.Len(), err)
		}
	}
	return nil
}

// describe names a step for messages.
func describe(s engine.Step) string {
	if s.Chain != nil {
		return fmt.Sprintf("chain over %v", s.Chain.Dims)
	}
	return fmt.Sprintf("%s to %v", op.Name(s.Op), s.Out[0].Dims)
}

// step is the table from ops to launchers.
func (l *lowering) step(s engine.Step) error {
	for _, o := range append(append([]engine.Operand{}, s.In...), s.Out...) {
		if o.Dims.Size() > math.MaxInt32 {
			return fmt.Errorf("an operand of shape %v has more elements than the kernels count (2³¹ − 1)", o.Dims)
		}
	}
	if s.Chain != nil {
		return l.chain(s)
	}
	switch o := s.Op.(type) {
	case op.Reshape, op.DetachOp:
		return l.copy(s)
	case op.CastOp:
		return l.cast(s)
	case op.Sum:
		return l.sum(s, o)
	case op.DotOp:
		return l.dot(s)
	case op.MatMulOp:
		return l.matmul(s, o)
	case op.CMatMulOp:
		return l.cmatmul(s, o)
	case op.RealDFTOp:
		return l.realDFT(s, o)
	case op.RealSynthesisOp:
		return l.realSynthesis(s, o)
	case op.DFTOp:
		return l.dft(s, o)
	case op.SynthesisOp:
		return l.synthesis(s, o)
	case op.TransposeOp:
		return l.transpose(s, o)
	case op.SliceOp:
		return l.slice(s, o)
	case op.ConcatOp:
		return l.concat(s, o)
	case op.PadOp:
		return l.pad(s, o)
	case op.ConvOp:
		return l.conv(s, o)
	case op.ConvTransposeOp:
		return l.convTranspose(s, o)
	case op.ConvWeightOp:
		return l.convWeight(s, o)
	case op.DepthwiseOp:
		return l.depthwise(s, o)
	case op.DepthwiseWeightOp:
		return l.depthwiseWeight(s, o)
	case op.NormalizeOp:
		return l.normalize(s, "normalize", o)
	case op.NormalizeGradOp:
		return l.normalize(s, "normalize_grad", op.NormalizeOp(o))
	case op.JetOp:
		return l.jet(s, "jet", o, 0)
	case op.JetGradOp:
		return l.jet(s, "jet_grad", op.JetOp(o), 1)
	case op.SoftmaxOp:
		return l.softmax(s)
	case op.GatherOp:
		return l.gather(s)
	case op.ScatterOp:
		return l.scatter(s, o)
	case op.CholeskyOp:
		return l.cholesky(s)
	case op.TriangularSolveOp:
		return l.triangularSolve(s, o)
	case op.QROp:
		return l.qr(s)
	case op.TriangleOp:
		return l.triangle(s, o)
	case op.BrokenOp:
		return l.broken(s)
	case op.RowOuterOp:
		return l.rowOuter(s, o)
	case op.FitOp:
		return l.fit(s, o)
	case op.FitAdjointOp:
		return l.fitAdjoint(s, o)
	case op.FitRowsOp:
		return l.fitRows(s, o)
	case op.NonnegativeOp:
		return l.nonnegative(s)
	case op.NonnegativeAdjointOp:
		return l.nonnegativeAdjoint(s)
	case op.NormalOp:
		return l.normal(s, o)
	case op.DropoutOp:
		return l.dropout(s, o)
	}
	return fmt.Errorf("no kernel for %T", s.Op)
}
