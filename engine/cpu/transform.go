package cpu

import (
	"fmt"

	"github.com/kolmogo/kolmogo/engine"
	"github.com/kolmogo/kolmogo/engine/cpu/fft"
	"github.com/kolmogo/kolmogo/engine/cpu/simd"
	"github.com/kolmogo/kolmogo/op"
)

// fftFactor is what an operation of the FFT costs in operations of the folded product, which run at a higher share of the peak:
// 40 to 60 GFLOP/s for float32 on a core with AVX-512 (BenchmarkTransforms, and BenchmarkReal of package fft).
const fftFactor = 1.5

// method is a way to do a transform, with the operations of both for one channel.
type method struct {
	fast           bool // by FFT; else by the folded product
	product, quick float64
}

// choose compares the folded product, which takes what its matrices have entries, with the FFT, for real or complex signals.
func choose[T simd.Float](k *simd.Kernels[T], n, wavenumbers int, complex bool) method {
	share := 2.0 // of the entries, by the fold
	if n%4 == 0 {
		share = 4
	}
	m := method{product: 4 * float64(wavenumbers) * float64(n) / share, quick: float64(fft.FLOPs(k, n)) / 2}
	if complex {
		m.product, m.quick = 2*m.product, 2*m.quick
	}
	m.fast = fftFactor*m.quick < m.product
	return m
}

func (m method) String() string {
	if m.fast {
		return fmt.Sprintf("FFT (%.0f operations a channel; by matrix %.0f)", m.quick, m.product)
	}
	return fmt.Sprintf("folded matrix product (%.0f operations a channel; by FFT %.0f)", m.product, m.quick)
}

// transformOf describes a transform: points, the number of wavenumbers of its matrix, and whether it is complex.
func transformOf(o op.Op, in op.Dims) (name string, n, wavenumbers int, complex, ok bool) {
	switch o := o.(type) {
	case op.RealDFTOp:
		return "real transform", in.At(-2), o.Bins, false, true
	case op.RealSynthesisOp:
		return "real synthesis", o.N, in.At(0), false, true
	case op.DFTOp:
		return "complex transform", in.At(-2), most(o.First, o.Count) + 1, true, true
	case op.SynthesisOp:
		return "complex synthesis", o.N, most(o.First, in.At(0)) + 1, true, true
	}
	return "", 0, 0, false, false
}

// most is the largest |k| of a window of wavenumbers.
func most(first, count int) int { return max(first, -first, first+count-1, 1-first-count) }

// Explain implements engine.Explainer: it says how transforms are done.
func (b *Backend) Explain(s engine.Step) string {
	if s.Chain != nil {
		return ""
	}
	name, n, wavenumbers, complex, ok := transformOf(s.Op, s.In[0].Dims)
	if !ok {
		return ""
	}
	return fmt.Sprintf("%s of %d points, %d wavenumbers: %v", name, n, wavenumbers, choose(&b.simd.F32, n, wavenumbers, complex))
}

// byFFT reports whether a transform is done by FFT.
func byFFT[T simd.Float](a args[T], o op.Op) bool {
	_, n, wavenumbers, complex, _ := transformOf(o, a.dims[0])
	return choose(a.k, n, wavenumbers, complex).fast
}

// either is one of two makers of kernels.
func either[F any](first bool, x, y F) F {
	if first {
		return x
	}
	return y
}

// realFFTKernel is realDFTKernel by FFT.
func realFFTKernel[T simd.Float](a args[T], o op.RealDFTOp) kernel {
	d := a.dims[0]
	n, c := d.At(-2), d.At(-1)
	rows := d.Span(0, d.Rank()-2)
	f := fft.NewReal(a.k, n, o.Bins, o.Scale, o.Twice)
	work := workspaces[T](a.pool, f.Work(c))
	body := func(w, lo, hi int) {
		for r := lo; r < hi; r++ {
			re, im := a.spectrum(a.out, r*c, rows*c)
			f.Analyse(re, im, simd.Rows[T]{Data: a.in[0], First: (r - a.base[w][0]) * n * c, Step: c}, c, work[w])
		}
	}
	return kernel{items: rows, body: body, in: []int{n * c}, base: a.base}
}

// realInverseFFTKernel is realSynthesisKernel by FFT.
func realInverseFFTKernel[T simd.Float](a args[T], o op.RealSynthesisOp) kernel {
	bins, c := a.dims[0].At(0), a.to.At(-1)
	rows := a.to.Span(0, a.to.Rank()-2)
	f := fft.NewReal(a.k, o.N, bins, o.Scale, o.Twice)
	work := workspaces[T](a.pool, f.Work(c))
	body := func(w, lo, hi int) {
		for r := lo; r < hi; r++ {
			re, im := a.spectrum(a.in[0], r*c, rows*c)
			f.Synthesise(simd.Rows[T]{Data: a.out, First: (r - a.base[w][1]) * o.N * c, Step: c}, re, im, c, work[w])
		}
	}
	return kernel{items: rows, body: body, out: []int{o.N * c}, base: a.base}
}

// complexRows are the rows of item i of a complex transform of c channels: its field x [K, 2, P, N, C] and its spectrum
// X [count, K, 2, P, C], real and imaginary part each.
func complexRows[T simd.Float](i, lead, p, n, c int, field, spectrum []T) (x, xIm, re, im simd.Rows[T]) {
	l, q := i/p, i%p
	at := (l*2*p + q) * c
	x = simd.Rows[T]{Data: field, First: at * n, Step: c}
	re = simd.Rows[T]{Data: spectrum, First: at, Step: lead * 2 * p * c}
	xIm, im = x, re
	xIm.First, im.First = x.First+p*n*c, re.First+p*c
	return x, xIm, re, im
}

// fftKernel is dftKernel by FFT.
func fftKernel[T simd.Float](a args[T], o op.DFTOp) kernel {
	d := a.dims[0]
	n, c := d.At(-2), d.At(-1)
	lead, p := d.Span(0, o.Lead), d.Span(o.Lead+1, d.Rank()-2)
	f := fft.NewComplex(a.k, n, o.First, o.Count, o.Scale)
	work := workspaces[T](a.pool, f.Work(c))
	body := func(w, lo, hi int) {
		for i := lo; i < hi; i++ {
			x, xIm, re, im := complexRows(i, lead, p, n, c, a.in[0], a.out)
			f.Analyse(re, im, x, xIm, c, work[w])
		}
	}
	return kernel{items: lead * p, body: body}
}

// inverseFFTKernel is synthesisKernel by FFT.
func inverseFFTKernel[T simd.Float](a args[T], o op.SynthesisOp) kernel {
	d := a.dims[0]
	n, c := o.N, d.At(-1)
	lead, p := d.Span(1, o.Lead+1), d.Span(o.Lead+2, d.Rank()-1)
	f := fft.NewComplex(a.k, n, o.First, d.At(0), o.Scale)
	work := workspaces[T](a.pool, f.Work(c))
	body := func(w, lo, hi int) {
		for i := lo; i < hi; i++ {
			x, xIm, re, im := complexRows(i, lead, p, n, c, a.out, a.in[0])
			f.Synthesise(x, xIm, re, im, c, work[w])
		}
	}
	return kernel{items: lead * p, body: body}
}
