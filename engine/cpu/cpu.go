package cpu

import (
	"fmt"
	"runtime"
	"unsafe"

	"github.com/kolmogo/kolmogo/engine"
	"github.com/kolmogo/kolmogo/engine/cpu/simd"
	"github.com/kolmogo/kolmogo/op"
)

// Config says how to run; the zero value uses every core and the best instructions that the processor has.
type Config struct {
	Threads      int
	Instructions string // "", "avx512", "avx2" or "generic"
}

// Backend is the CPU as an engine.Backend. Its programs run one at a time.
type Backend struct {
	pool *pool
	simd simd.Set
}

// New returns a backend. Unknown or missing instructions are an error.
func New(cfg Config) (*Backend, error) {
	if cfg.Threads < 0 {
		return nil, fmt.Errorf("cpu: %d threads: give 1 or more, or 0 for one per core", cfg.Threads)
	}
	if cfg.Threads == 0 {
		cfg.Threads = runtime.GOMAXPROCS(0)
	}
	set, err := simd.Best(cfg.Instructions)
	if err != nil {
		return nil, fmt.Errorf("cpu: %w", err)
	}
	return &Backend{pool: newPool(cfg.Threads), simd: set}, nil
}

// Name implements engine.Backend.
func (b *Backend) Name() string {
	return fmt.Sprintf("cpu %s, %d threads", b.simd.F32.Name, b.pool.workers)
}

// Close ends the worker goroutines. The backend's programs may not run afterwards.
func (b *Backend) Close() { b.pool.close() }

// Build implements engine.Backend.
func (b *Backend) Build(steps []engine.Step) (engine.Runner, error) {
	var full []engine.Step
	var kernels []kernel
	for _, s := range steps {
		if s.Out[0].Dims.Size() > 0 {
			full, kernels = append(full, s), append(kernels, b.lower(s))
		}
	}
	var calls []func()
	for _, d := range b.bands(full, kernels) {
		if err := b.place(d, full); err != nil {
			return nil, err
		}
		calls = append(calls, d.lower(b.pool))
	}
	return engine.RunFunc(func() (err error) {
		defer func() {
			if v := recover(); v != nil {
				bad, ok := v.(inputError)
				if !ok {
					panic(v)
				}
				err = bad
			}
		}()
		for _, call := range calls {
			call()
		}
		return nil
	}), nil
}

func (b *Backend) lower(s engine.Step) kernel {
	t := s.Out[0].Dtype
	if len(s.In) > 0 && s.In[0].Dtype != t {
		return castKernel(s)
	}
	if t == op.Float64 {
		return kernelOf(b.pool, &b.simd.F64, s)
	}
	return kernelOf(b.pool, &b.simd.F32, s)
}

// args are the operands of a step as slices.
type args[T simd.Float] struct {
	pool *pool
	k    *simd.Kernels[T]
	in   [][]T
	dims []op.Dims // of the inputs
	out  []T
	to   op.Dims // of the output
	add  bool    // to what out holds
	same bool    // there are two inputs, which are one
	base bases   // see kernel
}

// kernelOf is the table from ops to kernels.
func kernelOf[T simd.Float](p *pool, k *simd.Kernels[T], s engine.Step) kernel {
	if s.Chain != nil {
		return chainKernel(p, k, s)
	}
	a := args[T]{pool: p, k: k, out: slice[T](s.Out[0]), to: s.Out[0].Dims, add: s.Add, base: newBases(p.workers, len(s.In)+1)}
	a.same = len(s.In) == 2 && s.In[0].Offset == s.In[1].Offset && same(s.In[0].Memory, s.In[1].Memory)
	for _, o := range s.In {
		a.in, a.dims = append(a.in, slice[T](o)), append(a.dims, o.Dims)
	}
	switch o := s.Op.(type) {
	case op.Reshape, op.DetachOp, op.CastOp: // a cast to the type it has
		return copyKernel(a)
	case op.Sum:
		return sumKernel(a, o)
	case op.DotOp:
		return dotAllKernel(a)
	case op.MatMulOp:
		return matmulKernel(a, o)
	case op.CMatMulOp:
		return cmatmulKernel(a, o)
	case op.RealDFTOp:
		return either(byFFT(a, o), realFFTKernel[T], realDFTKernel[T])(a, o)
	case op.RealSynthesisOp:
		return either(byFFT(a, o), realInverseFFTKernel[T], realSynthesisKernel[T])(a, o)
	case op.DFTOp:
		return either(byFFT(a, o), fftKernel[T], dftKernel[T])(a, o)
	case op.SynthesisOp:
		return either(byFFT(a, o), inverseFFTKernel[T], synthesisKernel[T])(a, o)
	case op.TransposeOp:
		return transposeKernel(a, o)
	case op.SliceOp:
		return sliceKernel(a, o)
	case op.ConcatOp:
		return concatKernel(a, o)
	case op.PadOp:
		return padKernel(a, o)
	case op.ConvOp:
		return convKernel(a, o)
	case op.ConvTransposeOp:
		return convTransposeKernel(a, o)
	case op.ConvWeightOp:
		return convWeightKernel(a, o)
	case op.DepthwiseOp:
		return depthwiseKernel(a, o)
	case op.DepthwiseWeightOp:
		return depthwiseWeightKernel(a, o)
	case op.NormalizeOp:
		return normalizeKernel(a, o)
	case op.NormalizeGradOp:
		return normalizeGradKernel(a, o)
	case op.JetOp:
		return jetKernel(a, o)
	case op.JetGradOp:
		return jetGradKernel(a, o)
	case op.SoftmaxOp:
		return softmaxKernel(a)
	case op.CholeskyOp:
		return choleskyKernel(a)
	case op.TriangularSolveOp:
		return triangularSolveKernel(a, o)
	case op.TriangleOp:
		return triangleKernel(a, o)
	case op.QROp:
		return qrKernel(a)
	case op.BrokenOp:
		return brokenKernel(a)
	case op.FitOp:
		return fitKernel(a, o, s)
	case op.FitAdjointOp:
		return fitAdjointKernel(a, o, s)
	case op.FitRowsOp:
		return fitRowsKernel(a, o, s)
	case op.GatherOp:
		return gatherKernel(a)
	case op.ScatterOp:
		return scatterKernel(a, o)
	case op.RowOuterOp:
		return rowOuterKernel(a, o)
	case op.NormalOp:
		return normalKernel(a, o)
	case op.DropoutOp:
		return dropoutKernel(a, o)
	}
	return fallback(s)
}

// slice views an operand's memory, as much of the operand as there is; nil where it has none yet.
func slice[T simd.Float](o engine.Operand) []T {
	n := o.Dims.Size()
	if n == 0 || o.Memory == nil {
		return nil
	}
	m := o.Memory.(memory)[o.Offset:]
	return unsafe.Slice((*T)(unsafe.Pointer(&m[0])), min(n, len(m)/o.Dtype.Size()))
}

// fallback runs an op's definition in float64.
func fallback(s engine.Step) kernel {
	in := make([]op.Array, len(s.In))
	for i, o := range s.In {
		in[i] = op.NewArray(o.Dims)
	}
	out := op.NewArray(s.Out[0].Dims)
	return serial(func() {
		for i, o := range s.In {
			load(in[i].Data, o)
		}
		s.Op.Eval(out, in...)
		save(s.Out[0], out.Data)
	})
}

func load(dst []float64, o engine.Operand) {
	if o.Dtype == op.Float64 {
		copy(dst, slice[float64](o))
		return
	}
	for i, x := range slice[float32](o) {
		dst[i] = float64(x)
	}
}

func save(o engine.Operand, src []float64) {
	if o.Dtype == op.Float64 {
		copy(slice[float64](o), src)
		return
	}
	for i, dst := 0, slice[float32](o); i < len(dst); i++ {
		dst[i] = float32(src[i])
	}
}
