package cpu

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/kolmogo/kolmogo/engine"
	"github.com/kolmogo/kolmogo/engine/cpu/simd"
	"github.com/kolmogo/kolmogo/op"
)

// The folded product and the FFT are the same transform, whichever the cost model takes: both agree with the definition at every
// length, window of wavenumbers and instruction set, within a few roundings of the largest term.
func TestBothWaysOfTransforming(t *testing.T) {
	p := newPool(2)
	defer p.close()
	for _, set := range simd.Available() {
		t.Run(set.F32.Name, func(t *testing.T) {
			testTransforms(t, p, &set.F32, 0x1p-23)
			testTransforms(t, p, &set.F64, 0x1p-52)
		})
	}
}

func testTransforms[T simd.Float](t *testing.T, p *pool, k *simd.Kernels[T], eps float64) {
	for _, n := range []int{1, 2, 3, 4, 5, 6, 7, 8, 9, 12, 16, 20, 33, 64, 100} {
		for _, bins := range []int{1, n/4 + 1, n/2 + 1} {
			dft := op.RealDFTOp{Bins: bins, Scale: .7, Twice: n%2 == 0}
			bothWays(t, p, k, eps, dft, op.Of(5, n, 7), realDFTKernel[T], realFFTKernel[T])
			back := op.RealSynthesisOp{N: n, Scale: .7, Twice: n%3 == 0}
			bothWays(t, p, k, eps, back, op.Of(bins, 2, 5, 7), realSynthesisKernel[T], realInverseFFTKernel[T])
		}
		for _, first := range []int{-n / 2, -1, 0, 1} {
			for _, count := range []int{1, n/2 + 1, n} {
				dft := op.DFTOp{Lead: 1, First: first, Count: count, Scale: .7}
				bothWays(t, p, k, eps, dft, op.Of(2, 2, 3, n, 5), dftKernel[T], fftKernel[T])
				back := op.SynthesisOp{Lead: 1, First: first, N: n, Scale: .7}
				bothWays(t, p, k, eps, back, op.Of(count, 2, 2, 3, 5), synthesisKernel[T], inverseFFTKernel[T])
			}
		}
	}
}

func bothWays[T simd.Float, O op.Op](t *testing.T, p *pool, k *simd.Kernels[T], eps float64, o O, in op.Dims, ways ...func(args[T], O) kernel) {
	t.Helper()
	d, err := o.Shape(in)
	if err != nil {
		t.Fatal(err)
	}
	x, want := op.NewArray(in), op.NewArray(d)
	rnd := rand.New(rand.NewPCG(uint64(in.Size()), 1))
	data := make([]T, in.Size())
	for i := range data {
		data[i] = T(rnd.NormFloat64())
		x.Data[i] = float64(data[i])
	}
	o.Eval(want, x)
	largest := 0.0
	for _, v := range want.Data {
		largest = max(largest, math.Abs(v))
	}
	for way, f := range ways {
		got := make([]T, d.Size())
		for i := range got {
			got[i] = T(math.NaN())
		}
		kernel := f(args[T]{pool: p, k: k, in: [][]T{data}, dims: []op.Dims{in}, out: got, to: d, base: newBases(p.workers, 2)}, o)
		p.run(&kernel)
		for i, w := range want.Data {
			if !(math.Abs(float64(got[i])-w) <= 8*eps*math.Sqrt(float64(in.Size()))*max(largest, 1)) {
				t.Fatalf("%T%+v of %v, way %d: element %d is %v, want %v", o, o, in, way, i, got[i], w)
			}
		}
	}
}

// Many wavenumbers of many points go to the FFT, few to the product; Explain says so.
func TestChoiceOfTransform(t *testing.T) {
	b, err := New(Config{Threads: 1})
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	for bins, want := range map[int]string{8: "folded matrix product", 512: "FFT"} {
		s := engine.Step{Op: op.RealDFTOp{Bins: bins, Scale: 1}, In: []engine.Operand{{Dims: op.Of(2, 1024, 4)}}}
		text := b.Explain(s)
		if !strings.Contains(text, ": "+want) || !strings.Contains(text, fmt.Sprintf("1024 points, %d wavenumbers", bins)) {
			t.Errorf("%d of 1024 wavenumbers: %q, want %s", bins, text, want)
		}
	}
}
