package simd_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/kolmogo/kolmogo/engine/cpu/simd"
)

// guard is the number of NaNs on both sides of a guarded slice.
const guard = 40

// guarded is a slice inside a zone of NaNs that nobody may write.
type guarded[T simd.Float] struct{ zone, data []T }

func newGuarded[T simd.Float](n int) guarded[T] {
	zone := make([]T, n+2*guard)
	for i := range zone {
		zone[i] = T(math.NaN())
	}
	return guarded[T]{zone, zone[guard : guard+n : guard+n]}
}

// check fails the test if a value outside data is no longer NaN.
func (g guarded[T]) check(t *testing.T, name string) {
	t.Helper()
	for i, v := range g.zone {
		if (i < guard || i >= guard+len(g.data)) && v == v {
			t.Fatalf("%s: wrote %v at offset %d of %d elements", name, v, i-guard, len(g.data))
		}
	}
}

// matrix is a guarded row-major matrix whose gaps between rows are NaN.
type matrix[T simd.Float] struct {
	guarded[T]
	rows, cols, ld int
}

func newMatrix[T simd.Float](rows, cols, pad int, rnd *rand.Rand) matrix[T] {
	ld := cols + pad
	n := 0
	if rows > 0 && cols > 0 {
		n = (rows-1)*ld + cols
	}
	m := matrix[T]{newGuarded[T](n), rows, cols, ld}
	for i := range rows {
		for j := range cols {
			if rnd != nil {
				m.data[i*ld+j] = T(rnd.NormFloat64())
			}
		}
	}
	return m
}

func (m matrix[T]) checkGaps(t *testing.T, name string) {
	t.Helper()
	m.check(t, name)
	for k, v := range m.data {
		if k%m.ld >= m.cols && v == v {
			t.Fatalf("%s: wrote %v between rows at %d", name, v, k)
		}
	}
}

func (m matrix[T]) at(i, j int, trans bool) T {
	if trans {
		i, j = j, i
	}
	return m.data[i*m.ld+j]
}

// from is op(X) from row i on.
func from[T simd.Float](x matrix[T], i int, trans bool) []T {
	switch {
	case len(x.data) == 0:
		return nil
	case trans:
		return x.data[i:]
	default:
		return x.data[i*x.ld:]
	}
}

type problem struct {
	m, n, k        int
	transA, transB bool
	accumulate     bool
	pad            int
}

func (p problem) String() string {
	return fmt.Sprintf("%dx%dx%d/ta=%v,tb=%v,acc=%v,pad=%d", p.m, p.n, p.k, p.transA, p.transB, p.accumulate, p.pad)
}

func operands[T simd.Float](p problem, seed uint64) (a, b, c matrix[T]) {
	rnd := rand.New(rand.NewPCG(seed, 1))
	shape := func(r, c int, trans bool) (int, int) {
		if trans {
			return c, r
		}
		return r, c
	}
	ar, ac := shape(p.m, p.k, p.transA)
	br, bc := shape(p.k, p.n, p.transB)
	a, b = newMatrix[T](ar, ac, p.pad, rnd), newMatrix[T](br, bc, 2*p.pad, rnd)
	if p.accumulate {
		return a, b, newMatrix[T](p.m, p.n, p.pad, rnd)
	}
	return a, b, newMatrix[T](p.m, p.n, p.pad, nil)
}

func problems() []problem {
	var ps []problem
	sizes := [][3]int{
		{0, 5, 3}, {5, 0, 3}, {4, 3, 0}, {1, 1, 1}, {1, 40, 7}, {40, 1, 9}, {2, 2, 300}, {7, 33, 256}, {8, 32, 257},
		{130, 100, 33}, {1030, 20, 3}, {3, 17, 5}, {9, 31, 64}, {13, 47, 511}, {64, 16, 70}, {65, 64, 66}, {130, 95, 33}, {71, 520, 40}, {16, 64, 64}}
	for n := range 41 { // every rest of columns that shares vectors, below every number of whole vectors
		sizes = append(sizes, [3]int{8 + n%8, n, 7}, [3]int{4 + n%2*8, 8*5 + n, 3})
	}
	for i := 1; i <= 16; i++ {
		sizes = append(sizes, [3]int{i, 2*i + 1, i + 3}, [3]int{17 - i, 3 * i, 2}, [3]int{i, 32 + i, 5})
	}
	for _, s := range sizes {
		for bits := range 16 {
			pad := 0
			if bits&8 != 0 {
				pad = 3
			}
			ps = append(ps, problem{s[0], s[1], s[2], bits&1 != 0, bits&2 != 0, bits&4 != 0, pad})
		}
	}
	ps = append(ps, problem{16, 24, 3000, true, false, false, 300}, problem{20, 70, 40, false, false, true, 300},
		problem{66, 1030, 260, false, true, true, 1}, problem{66, 1030, 260, true, false, false, 0})
	return ps
}

func epsilon[T simd.Float]() float64 {
	if T(1)+T(0x1p-30) == 1 {
		return 0x1p-24
	}
	return 0x1p-53
}

// forAll runs a law for every implementation of the machine and both element types.
func forAll(t *testing.T, f32 func(*testing.T, simd.Kernels[float32]), f64 func(*testing.T, simd.Kernels[float64])) {
	for _, s := range simd.Available() {
		t.Run(s.F32.Name+"/float32", func(t *testing.T) { f32(t, s.F32) })
		t.Run(s.F64.Name+"/float64", func(t *testing.T) { f64(t, s.F64) })
	}
}

// |C − Σ_p a_p b_p| ≤ (k + 2)·ε·(Σ_p |a_p b_p| + |c|); inputs, gaps and surroundings stay as they were.
func TestGemmValue(t *testing.T) { forAll(t, testGemmValue[float32], testGemmValue[float64]) }

func testGemmValue[T simd.Float](t *testing.T, ks simd.Kernels[T]) {
	for _, p := range problems() {
		a, b, c := operands[T](p, 7)
		a0, b0, c0 := append([]T(nil), a.data...), append([]T(nil), b.data...), append([]T(nil), c.data...)
		work := newGuarded[T](simd.GemmWork(p.m, p.n, p.k))
		ks.Gemm(p.m, p.n, p.k, a.data, a.ld, p.transA, b.data, b.ld, p.transB, c.data, c.ld, p.accumulate, work.data)
		for i := range p.m {
			for j := range p.n {
				var want, scale float64
				if p.accumulate {
					want = float64(c0[i*c.ld+j])
					scale = math.Abs(want)
				}
				for q := range p.k {
					x := float64(a.at(i, q, p.transA)) * float64(b.at(q, j, p.transB))
					want += x
					scale += math.Abs(x)
				}
				got := float64(c.data[i*c.ld+j])
				if d := math.Abs(got - want); !(d <= float64(p.k+2)*epsilon[T]()*scale) {
					t.Fatalf("%v: C[%d, %d] = %v, want %v", p, i, j, got, want)
				}
			}
		}
		work.check(t, p.String()+" work")
		c.checkGaps(t, p.String()+" C")
		same(t, p.String()+" A", a.data, a0)
		same(t, p.String()+" B", b.data, b0)
	}
}

// same fails unless x and y agree, NaNs included.
func same[T simd.Float](t *testing.T, name string, x, y []T) {
	t.Helper()
	for i := range x {
		if x[i] != y[i] && (x[i] == x[i] || y[i] == y[i]) || math.Signbit(float64(x[i])) != math.Signbit(float64(y[i])) {
			t.Fatalf("%s: element %d is %v, want %v", name, i, x[i], y[i])
		}
	}
}

// Rows computed one by one, in pieces and all at once have the same bits, and so have columns.
func TestGemmSplit(t *testing.T) { forAll(t, testGemmSplit[float32], testGemmSplit[float64]) }

func testGemmSplit[T simd.Float](t *testing.T, ks simd.Kernels[T]) {
	for _, p := range problems() {
		if p.m == 0 || p.n == 0 {
			continue
		}
		a, b, c := operands[T](p, 11)
		work := make([]T, simd.GemmWork(p.m, p.n, p.k))
		start := append([]T(nil), c.data...)
		ks.Gemm(p.m, p.n, p.k, a.data, a.ld, p.transA, b.data, b.ld, p.transB, c.data, c.ld, p.accumulate, work)
		for _, step := range []int{1, 3, 24} {
			got := append([]T(nil), start...)
			for i := 0; i < p.m; i += step {
				rows := from(a, i, p.transA)
				ks.Gemm(min(step, p.m-i), p.n, p.k, rows, a.ld, p.transA, b.data, b.ld, p.transB, got[i*c.ld:], c.ld, p.accumulate, work)
			}
			same(t, fmt.Sprintf("%v by %d rows", p, step), got, c.data)

			got = append(got[:0], start...)
			for j := 0; j < p.n; j += step {
				cols := from(b, j, !p.transB)
				for i := range p.m {
					rows := from(a, i, p.transA)
					ks.Gemm(1, min(step, p.n-j), p.k, rows, a.ld, p.transA, cols, b.ld, p.transB, got[i*c.ld+j:], c.ld, p.accumulate, work)
				}
			}
			same(t, fmt.Sprintf("%v by %d columns", p, step), got, c.data)
		}
	}
}

// The vector implementations agree with each other bit for bit.
func TestGemmSameBits(t *testing.T) {
	all := simd.Available()
	if len(all) < 3 {
		t.Skip("fewer than two vector implementations on this machine")
	}
	testGemmSameBits(t, all[0].F32, all[1].F32)
	testGemmSameBits(t, all[0].F64, all[1].F64)
}

func testGemmSameBits[T simd.Float](t *testing.T, x, y simd.Kernels[T]) {
	for _, p := range problems() {
		var got [2][]T
		for i, ks := range []simd.Kernels[T]{x, y} {
			a, b, c := operands[T](p, 3)
			ks.Gemm(p.m, p.n, p.k, a.data, a.ld, p.transA, b.data, b.ld, p.transB, c.data, c.ld, p.accumulate, make([]T, simd.GemmWork(p.m, p.n, p.k)))
			got[i] = c.data
		}
		same(t, p.String(), got[0], got[1])
	}
}

// The transpose of every ragged size, gaps untouched.
func TestTranspose(t *testing.T) { forAll(t, testTranspose[float32], testTranspose[float64]) }

func testTranspose[T simd.Float](t *testing.T, ks simd.Kernels[T]) {
	rnd := rand.New(rand.NewPCG(4, 4))
	for _, rows := range []int{0, 1, 3, 4, 7, 8, 9, 16, 21} {
		for _, cols := range []int{0, 1, 2, 4, 5, 8, 15, 16, 33} {
			for pad := range 3 {
				x, y := newMatrix[T](rows, cols, pad, rnd), newMatrix[T](cols, rows, 2*pad, nil)
				x0 := append([]T(nil), x.data...)
				ks.Transpose(y.data, y.ld, x.data, x.ld, rows, cols)
				same(t, "source", x.data, x0)
				y.checkGaps(t, "result")
				for i := range rows {
					for j := range cols {
						if x.at(i, j, false) != y.at(i, j, true) {
							t.Fatalf("%d×%d: element [%d, %d] is %v, want %v", rows, cols, i, j, y.at(i, j, true), x.at(i, j, false))
						}
					}
				}
			}
		}
	}
}

// A short slice is refused before anything is written.
func TestGemmBounds(t *testing.T) { forAll(t, testGemmBounds[float32], testGemmBounds[float64]) }

func testGemmBounds[T simd.Float](t *testing.T, ks simd.Kernels[T]) {
	x := func(n int) []T { return make([]T, n) }
	for name, f := range map[string]func(){
		"A":    func() { ks.Gemm(3, 4, 5, x(14), 5, false, x(20), 4, false, x(12), 4, false, x(2000)) },
		"B":    func() { ks.Gemm(3, 4, 5, x(15), 5, false, x(19), 4, false, x(12), 4, false, x(2000)) },
		"C":    func() { ks.Gemm(3, 4, 5, x(15), 5, false, x(20), 4, false, x(11), 4, false, x(2000)) },
		"lda":  func() { ks.Gemm(3, 4, 5, x(15), -1, false, x(20), 4, false, x(12), 4, false, x(2000)) },
		"ldb":  func() { ks.Gemm(3, 4, 5, x(15), 5, false, x(20), 3, false, x(12), 4, false, x(2000)) },
		"work": func() { ks.Gemm(3, 4, 5, x(15), 5, false, x(20), 4, false, x(12), 4, false, nil) },
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s: too short a slice was accepted", name)
				}
			}()
			f()
		}()
	}
}

// Rows of A that overlap, the windows of a sequence, count as their copies do.
func TestGemmWindows(t *testing.T) { forAll(t, testGemmWindows[float32], testGemmWindows[float64]) }

func testGemmWindows[T simd.Float](t *testing.T, ks simd.Kernels[T]) {
	rnd := rand.New(rand.NewPCG(3, 1))
	for _, s := range []struct{ m, n, k, step int }{{5, 3, 7, 2}, {70, 40, 300, 64}, {130, 33, 90, 0}, {300, 64, 600, 257}} {
		sequence, b := newMatrix[T](1, (s.m-1)*s.step+s.k, 0, rnd), newMatrix[T](s.k, s.n, 0, rnd)
		work := make([]T, simd.GemmWork(s.m, s.n, s.k))
		copied := make([]T, s.m*s.k)
		for i := range s.m {
			copy(copied[i*s.k:(i+1)*s.k], sequence.data[i*s.step:])
		}
		got, want := newMatrix[T](s.m, s.n, 0, nil), newMatrix[T](s.m, s.n, 0, nil)
		ks.Gemm(s.m, s.n, s.k, sequence.data, s.step, false, b.data, s.n, false, got.data, s.n, false, work)
		ks.Gemm(s.m, s.n, s.k, copied, s.k, false, b.data, s.n, false, want.data, s.n, false, work)
		same(t, fmt.Sprintf("%+v", s), got.data, want.data)

		// the sum over the windows of their products with the rows of Y
		y := newMatrix[T](s.m, s.n, 0, rnd)
		work = make([]T, simd.GemmWork(s.k, s.n, s.m))
		got, want = newMatrix[T](s.k, s.n, 0, nil), newMatrix[T](s.k, s.n, 0, nil)
		ks.Gemm(s.k, s.n, s.m, sequence.data, s.step, true, y.data, s.n, false, got.data, s.n, false, work)
		ks.Gemm(s.k, s.n, s.m, copied, s.k, true, y.data, s.n, false, want.data, s.n, false, work)
		same(t, fmt.Sprintf("%+v transposed", s), got.data, want.data)
	}
}

func BenchmarkGemm(b *testing.B) {
	for _, s := range simd.Available() {
		benchGemm(b, s.F32, "f32")
		benchGemm(b, s.F64, "f64")
	}
}

func benchGemm[T simd.Float](b *testing.B, ks simd.Kernels[T], dtype string) {
	for _, p := range []problem{
		{m: 65536, n: 32, k: 32}, {m: 65536, n: 64, k: 64}, {m: 65536, n: 128, k: 128}, {m: 65536, n: 256, k: 64}, {m: 65536, n: 1, k: 128},
		{m: 65536, n: 64, k: 64, transB: true}, {m: 64, n: 64, k: 65536, transA: true}, {m: 128, n: 128, k: 65536, transA: true},
		{m: 16, n: 64, k: 64}, {m: 16, n: 64, k: 64, transB: true}, {m: 64, n: 64, k: 16, transA: true}, {m: 32, n: 256, k: 64}, {m: 32, n: 64, k: 256},
		{m: 1024, n: 1024, k: 1024},
		{m: 5000, n: 20, k: 20}, {m: 5000, n: 20, k: 20, transB: true}, {m: 500, n: 20, k: 20, transB: true}, {m: 20, n: 20, k: 500, transA: true},
		{m: 500, n: 50, k: 50}, {m: 500, n: 100, k: 100}, {m: 500, n: 1, k: 20}, {m: 500, n: 20, k: 2}, {m: 20, n: 1, k: 500, transA: true},
		{m: 5000, n: 4, k: 64}, {m: 5000, n: 8, k: 64},
	} {
		b.Run(fmt.Sprintf("%s/%s/%dx%dx%d,ta=%v,tb=%v", ks.Name, dtype, p.m, p.n, p.k, p.transA, p.transB), func(b *testing.B) {
			x, y, z := operands[T](p, 1)
			work := make([]T, simd.GemmWork(p.m, p.n, p.k))
			for b.Loop() {
				ks.Gemm(p.m, p.n, p.k, x.data, x.ld, p.transA, y.data, y.ld, p.transB, z.data, z.ld, false, work)
			}
			b.ReportMetric(2*float64(p.m)*float64(p.n)*float64(p.k)*float64(b.N)/b.Elapsed().Seconds()/1e9, "GFLOP/s")
		})
	}
}
