package fft_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/kolmogo/kolmogo/engine/cpu/fft"
	"github.com/kolmogo/kolmogo/engine/cpu/simd"
	"github.com/kolmogo/kolmogo/op"
)

func forAll(t *testing.T, f32 func(*testing.T, *simd.Kernels[float32]), f64 func(*testing.T, *simd.Kernels[float64])) {
	for _, s := range simd.Available() {
		t.Run(s.F32.Name+"/float32", func(t *testing.T) { f32(t, &s.F32) })
		t.Run(s.F64.Name+"/float64", func(t *testing.T) { f64(t, &s.F64) })
	}
}

func epsilon[T simd.Float]() float64 {
	if T(1)+T(0x1p-30) == 1 {
		return 0x1p-24
	}
	return 0x1p-53
}

func random[T simd.Float](n int, rnd *rand.Rand) []T {
	x := make([]T, n)
	for i := range x {
		x[i] = T(rnd.NormFloat64())
	}
	return x
}

// nan is an output that nobody has written yet.
func nan[T simd.Float](n int) []T {
	x := make([]T, n)
	for i := range x {
		x[i] = T(math.NaN())
	}
	return x
}

func wide[T simd.Float](x []T) []float64 {
	y := make([]float64, len(x))
	for i, v := range x {
		y[i] = float64(v)
	}
	return y
}

// near fails unless |got − want| ≤ limit everywhere.
func near[T simd.Float](t *testing.T, name string, got []T, want []float64, limit float64) {
	t.Helper()
	for i, v := range got {
		if d := math.Abs(float64(v) - want[i]); !(d <= limit) {
			t.Fatalf("%s: element %d is %v, want %v (limit %v)", name, i, v, want[i], limit)
		}
	}
}

// sizes are all up to 130 and some large ones, with every radix and with primes that have no pass of their own.
func sizes() []int {
	var n []int
	for i := 1; i <= 130; i++ {
		n = append(n, i)
	}
	return append(n, 256, 243, 343, 500, 512, 1001, 1024)
}

// realCase is one real transform.
type realCase struct {
	n, bins, c int
	twice      bool
}

func (r realCase) String() string {
	return fmt.Sprintf("n=%d,bins=%d,c=%d,twice=%v", r.n, r.bins, r.c, r.twice)
}

const scale = 0.375

func realCases() (cases []realCase) {
	for i, n := range sizes() {
		half := n/2 + 1
		cases = append(cases, realCase{n, half, 1 + i%5, i%2 == 0}, realCase{n, max(1, half/4), 3, i%2 == 1})
	}
	return append(cases, realCase{64, 16, 37, true}, realCase{64, 33, 64, false}, realCase{60, 20, 130, true}, realCase{4096, 512, 2, true})
}

// The plans equal the matrices of op on fields [2, n, c] and spectra [bins, 2, 2, c], and analysis and synthesis are adjoint.
func TestReal(t *testing.T) { forAll(t, testReal[float32], testReal[float64]) }

func testReal[T simd.Float](t *testing.T, k *simd.Kernels[T]) {
	rnd := rand.New(rand.NewPCG(1, 1))
	for _, r := range realCases() {
		f := fft.NewReal(k, r.n, r.bins, scale, r.twice)
		work := nan[T](f.Work(r.c))
		x, X := random[T](2*r.n*r.c, rnd), nan[T](r.bins*2*2*r.c)
		y, Y := nan[T](2*r.n*r.c), random[T](r.bins*2*2*r.c, rnd)
		for i := range 2 { // the rows of the field
			field := func(x []T) simd.Rows[T] { return simd.Rows[T]{Data: x, First: i * r.n * r.c, Step: r.c} }
			part := func(X []T, part int) simd.Rows[T] {
				return simd.Rows[T]{Data: X, First: (2*part + i) * r.c, Step: 4 * r.c}
			}
			f.Analyse(part(X, 0), part(X, 1), field(x), r.c, work)
			f.Synthesise(field(y), part(Y, 0), part(Y, 1), r.c, work)
		}
		limit := 8 * epsilon[T]() * scale * 4 * math.Sqrt(float64(r.n)) * (1 + math.Log2(float64(r.n)))
		forward := op.RealDFTOp{Bins: r.bins, Scale: scale, Twice: r.twice}
		near(t, r.String()+" analysis", X, eval(forward, op.Of(r.bins, 2, 2, r.c), x, op.Of(2, r.n, r.c)), limit)
		back := op.RealSynthesisOp{N: r.n, Scale: scale, Twice: r.twice}
		near(t, r.String()+" synthesis", y, eval(back, op.Of(2, r.n, r.c), Y, op.Of(r.bins, 2, 2, r.c)), limit)
		adjoint(t, r.String(), x, y, X, Y, limit)
	}
}

// adjoint fails unless ⟨F·x, Y⟩ = ⟨x, Fᵀ·Y⟩.
func adjoint[T simd.Float](t *testing.T, name string, x, y, X, Y []T, limit float64) {
	t.Helper()
	var a, b, size float64
	for i := range x {
		a += float64(x[i]) * float64(y[i])
		size += math.Abs(float64(x[i]))
	}
	for i := range X {
		b += float64(X[i]) * float64(Y[i])
		size += math.Abs(float64(Y[i]))
	}
	if d := math.Abs(a - b); !(d <= limit*size) {
		t.Errorf("%s: ⟨F·x, Y⟩ − ⟨x, Fᵀ·Y⟩ = %v", name, d)
	}
}

type evaluated interface {
	Eval(out op.Array, in ...op.Array)
}

func eval[T simd.Float](o evaluated, out op.Dims, x []T, in op.Dims) []float64 {
	y := op.Array{Dims: out, Data: make([]float64, out.Size())}
	o.Eval(y, op.Array{Dims: in, Data: wide(x)})
	return y.Data
}

type complexCase struct{ n, first, count, c int }

func complexCases() (cases []complexCase) {
	for i, n := range sizes() {
		cases = append(cases, complexCase{n, 0, n, 1 + i%3}, complexCase{n, -n / 4, max(1, n/2), 2})
	}
	return append(cases, complexCase{64, -16, 32, 70}, complexCase{48, 40, 20, 5}, complexCase{2048, -8, 16, 2})
}

// The plans equal the matrices of op, and analysis and synthesis are adjoint.
func TestComplex(t *testing.T) { forAll(t, testComplex[float32], testComplex[float64]) }

func testComplex[T simd.Float](t *testing.T, k *simd.Kernels[T]) {
	rnd := rand.New(rand.NewPCG(2, 1))
	for _, r := range complexCases() {
		name := fmt.Sprintf("%+v", r)
		f := fft.NewComplex(k, r.n, r.first, r.count, scale)
		work := nan[T](f.Work(r.c))
		grid, spectrum := op.Of(2, 2, r.n, r.c), op.Of(r.count, 2, 2, r.c)
		x, X := random[T](grid.Size(), rnd), nan[T](spectrum.Size())
		y, Y := nan[T](grid.Size()), random[T](spectrum.Size(), rnd)
		for i := range 2 {
			field := func(x []T, part int) simd.Rows[T] {
				return simd.Rows[T]{Data: x, First: (2*part + i) * r.n * r.c, Step: r.c}
			}
			part := func(X []T, part int) simd.Rows[T] {
				return simd.Rows[T]{Data: X, First: (2*part + i) * r.c, Step: 4 * r.c}
			}
			f.Analyse(part(X, 0), part(X, 1), field(x, 0), field(x, 1), r.c, work)
			f.Synthesise(field(y, 0), field(y, 1), part(Y, 0), part(Y, 1), r.c, work)
		}
		limit := 8 * epsilon[T]() * scale * 4 * math.Sqrt(float64(r.n)) * (1 + math.Log2(float64(r.n)))
		near(t, name+" analysis", X, eval(op.DFTOp{First: r.first, Count: r.count, Scale: scale}, spectrum, x, grid), limit)
		near(t, name+" synthesis", y, eval(op.SynthesisOp{First: r.first, N: r.n, Scale: scale}, grid, Y, spectrum), limit)
		adjoint(t, name, x, y, X, Y, limit)
	}
}

// Synthesis of the whole half spectrum undoes analysis, and Σ|x|² = (1/n)·Σ c_k·|X_k|².
func TestRoundTrip(t *testing.T) { forAll(t, testRoundTrip[float32], testRoundTrip[float64]) }

func testRoundTrip[T simd.Float](t *testing.T, k *simd.Kernels[T]) {
	rnd := rand.New(rand.NewPCG(3, 1))
	for _, n := range append(sizes(), 4096, 10000) {
		const c = 3
		bins := n/2 + 1
		x, X, y := random[T](n*c, rnd), nan[T](bins*2*c), nan[T](n*c)
		forward, back := fft.NewReal(k, n, bins, 1, false), fft.NewReal(k, n, bins, 1/float64(n), true)
		work := make([]T, max(forward.Work(c), back.Work(c)))
		re, im := simd.Rows[T]{Data: X, Step: 2 * c}, simd.Rows[T]{Data: X, First: c, Step: 2 * c}
		forward.Analyse(re, im, simd.Rows[T]{Data: x, Step: c}, c, work)
		back.Synthesise(simd.Rows[T]{Data: y, Step: c}, re, im, c, work)
		near(t, fmt.Sprint("round trip of ", n), y, wide(x), 32*epsilon[T]()*(1+math.Log2(float64(n))))

		var space, spectrum float64
		for _, v := range x {
			space += float64(v) * float64(v)
		}
		for i, v := range X {
			weight := 2.0
			if b := i / (2 * c); b == 0 || 2*b == n {
				weight = 1
			}
			spectrum += weight * float64(v) * float64(v) / float64(n)
		}
		if d := math.Abs(space - spectrum); !(d <= 32*epsilon[T]()*(1+math.Log2(float64(n)))*space) {
			t.Errorf("n = %d: energies %v and %v", n, space, spectrum)
		}
	}
}

// The operations of a plan are counted alike before and after it is made; those of a power of two are near 5·n·log₂ n.
func TestFLOPs(t *testing.T) { forAll(t, testFLOPs[float32], testFLOPs[float64]) }

func testFLOPs[T simd.Float](t *testing.T, k *simd.Kernels[T]) {
	for _, n := range sizes() {
		const c = 3
		if got, want := fft.NewComplex(k, n, 0, n, 1).FLOPs(c), c*fft.FLOPs(k, n); got != want {
			t.Errorf("n = %d: %d operations planned, %d foreseen", n, got, want)
		}
	}
	for _, n := range []int{16, 64, 256, 1024} {
		ratio := float64(fft.FLOPs(k, n)) / (5 * float64(n) * math.Log2(float64(n)))
		if !(ratio > 0.7 && ratio < 1.1) {
			t.Errorf("n = %d: %v of 5·n·log₂ n", n, ratio)
		}
	}
}

// A plan allocates nothing when it runs.
func TestNoAllocation(t *testing.T) { forAll(t, testNoAllocation[float32], testNoAllocation[float64]) }

func testNoAllocation[T simd.Float](t *testing.T, k *simd.Kernels[T]) {
	for _, n := range []int{8, 60, 77} {
		const c = 5
		f, g := fft.NewReal(k, n, n/2, 1, true), fft.NewComplex(k, n, -2, 5, 1)
		work := make([]T, max(f.Work(c), g.Work(c)))
		x := make([]T, 2*n*c)
		X := make([]T, 2*n*c)
		field, fieldIm := simd.Rows[T]{Data: x, Step: c}, simd.Rows[T]{Data: x, First: n * c, Step: c}
		re, im := simd.Rows[T]{Data: X, Step: 2 * c}, simd.Rows[T]{Data: X, First: c, Step: 2 * c}
		if a := testing.AllocsPerRun(3, func() {
			f.Analyse(re, im, field, c, work)
			f.Synthesise(field, re, im, c, work)
			g.Analyse(re, im, field, fieldIm, c, work)
			g.Synthesise(field, fieldIm, re, im, c, work)
		}); a != 0 {
			t.Errorf("n = %d: %v allocations", n, a)
		}
	}
}
