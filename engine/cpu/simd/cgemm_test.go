package simd_test

import (
	"fmt"
	"math"
	"math/cmplx"
	"math/rand/v2"
	"testing"

	"github.com/kolmogo/kolmogo/engine/cpu/simd"
)

// planar is a complex matrix in two guarded planes.
type planar[T simd.Float] struct{ re, im matrix[T] }

func (x planar[T]) data() simd.Planar[T] { return simd.Planar[T]{Re: x.re.data, Im: x.im.data} }

func (x planar[T]) copy() simd.Planar[T] {
	return simd.Planar[T]{Re: append([]T(nil), x.re.data...), Im: append([]T(nil), x.im.data...)}
}

// at is element (i, j) of the matrix or of its conjugate transpose.
func (x planar[T]) at(i, j int, adj bool) complex128 {
	v := complex(float64(x.re.at(i, j, adj)), float64(x.im.at(i, j, adj)))
	if adj {
		return cmplx.Conj(v)
	}
	return v
}

// part is op(X) from row i on.
func part[T simd.Float](x planar[T], i int, adj bool) simd.Planar[T] {
	return simd.Planar[T]{Re: from(x.re, i, adj), Im: from(x.im, i, adj)}
}

func samePlanar[T simd.Float](t *testing.T, name string, x, y simd.Planar[T]) {
	t.Helper()
	same(t, name+", real part", x.Re, y.Re)
	same(t, name+", imaginary part", x.Im, y.Im)
}

func complexOperands[T simd.Float](p problem, seed uint64) (a, b, c planar[T]) {
	a.re, b.re, c.re = operands[T](p, seed)
	a.im, b.im, c.im = operands[T](p, seed+100)
	return a, b, c
}

// complexProblems are the problems of Gemm but for the largest, whose blocks smaller ones have too.
func complexProblems() []problem {
	var ps []problem
	for _, p := range problems() {
		if p.m*p.n*p.k <= 140000 {
			ps = append(ps, p)
		}
	}
	return append(ps, problem{130, 95, 133, false, false, false, 1}, problem{66, 530, 140, true, true, true, 300}, problem{66, 70, 140, false, true, false, 300})
}

// |C − Σ_p a_p b_p| ≤ (k + 2)·2ε·(Σ_p |a_p b_p| + |c|) in each part; inputs, gaps and surroundings stay as they were.
func TestCGemmValue(t *testing.T) { forAll(t, testCGemmValue[float32], testCGemmValue[float64]) }

func testCGemmValue[T simd.Float](t *testing.T, ks simd.Kernels[T]) {
	for _, p := range complexProblems() {
		a, b, c := complexOperands[T](p, 7)
		a0, b0, c0 := a.copy(), b.copy(), c.copy()
		work := newGuarded[T](simd.CGemmWork(p.m, p.n, p.k))
		ks.CGemm(p.m, p.n, p.k, a.data(), a.re.ld, p.transA, b.data(), b.re.ld, p.transB, c.data(), c.re.ld, p.accumulate, work.data)
		for i := range p.m {
			for j := range p.n {
				var want complex128
				var scale float64
				at := i*c.re.ld + j
				if p.accumulate {
					want = complex(float64(c0.Re[at]), float64(c0.Im[at]))
					scale = cmplx.Abs(want)
				}
				for q := range p.k {
					x := a.at(i, q, p.transA) * b.at(q, j, p.transB)
					want += x
					scale += cmplx.Abs(x)
				}
				got := complex(float64(c.re.data[at]), float64(c.im.data[at]))
				limit := float64(p.k+2) * 2 * epsilon[T]() * scale
				if d := got - want; !(math.Abs(real(d)) <= limit && math.Abs(imag(d)) <= limit) {
					t.Fatalf("%v: C[%d, %d] = %v, want %v", p, i, j, got, want)
				}
			}
		}
		work.check(t, p.String()+" work")
		c.re.checkGaps(t, p.String()+" re C")
		c.im.checkGaps(t, p.String()+" im C")
		samePlanar(t, p.String()+" A", a.data(), a0)
		samePlanar(t, p.String()+" B", b.data(), b0)
	}
}

// Rows computed one by one, in pieces and all at once have the same bits, and so have columns.
func TestCGemmSplit(t *testing.T) { forAll(t, testCGemmSplit[float32], testCGemmSplit[float64]) }

func testCGemmSplit[T simd.Float](t *testing.T, ks simd.Kernels[T]) {
	for _, p := range complexProblems() {
		if p.m == 0 || p.n == 0 || p.m*p.n*p.k > 40000 {
			continue
		}
		a, b, c := complexOperands[T](p, 11)
		work := make([]T, simd.CGemmWork(p.m, p.n, p.k))
		start := c.copy()
		again := func() simd.Planar[T] {
			return simd.Planar[T]{Re: append([]T(nil), start.Re...), Im: append([]T(nil), start.Im...)}
		}
		after := func(x simd.Planar[T], n int) simd.Planar[T] { return simd.Planar[T]{Re: x.Re[n:], Im: x.Im[n:]} }
		ks.CGemm(p.m, p.n, p.k, a.data(), a.re.ld, p.transA, b.data(), b.re.ld, p.transB, c.data(), c.re.ld, p.accumulate, work)
		for _, step := range []int{1, 3, 24} {
			got := again()
			for i := 0; i < p.m; i += step {
				ks.CGemm(min(step, p.m-i), p.n, p.k, part(a, i, p.transA), a.re.ld, p.transA, b.data(), b.re.ld, p.transB, after(got, i*c.re.ld), c.re.ld, p.accumulate, work)
			}
			samePlanar(t, fmt.Sprintf("%v by %d rows", p, step), got, c.data())

			got = again()
			for j := 0; j < p.n; j += step {
				cols := part(b, j, !p.transB)
				for i := range p.m {
					ks.CGemm(1, min(step, p.n-j), p.k, part(a, i, p.transA), a.re.ld, p.transA, cols, b.re.ld, p.transB, after(got, i*c.re.ld+j), c.re.ld, p.accumulate, work)
				}
			}
			samePlanar(t, fmt.Sprintf("%v by %d columns", p, step), got, c.data())
		}
	}
}

// The vector implementations agree with each other bit for bit.
func TestCGemmSameBits(t *testing.T) {
	all := simd.Available()
	if len(all) < 3 {
		t.Skip("fewer than two vector implementations on this machine")
	}
	testCGemmSameBits(t, all[0].F32, all[1].F32)
	testCGemmSameBits(t, all[0].F64, all[1].F64)
}

func testCGemmSameBits[T simd.Float](t *testing.T, x, y simd.Kernels[T]) {
	for _, p := range complexProblems() {
		var got [2]simd.Planar[T]
		for i, ks := range []simd.Kernels[T]{x, y} {
			a, b, c := complexOperands[T](p, 3)
			ks.CGemm(p.m, p.n, p.k, a.data(), a.re.ld, p.transA, b.data(), b.re.ld, p.transB, c.data(), c.re.ld, p.accumulate, make([]T, simd.CGemmWork(p.m, p.n, p.k)))
			got[i] = c.data()
		}
		samePlanar(t, p.String(), got[0], got[1])
	}
}

// A short plane is refused.
func TestCGemmBounds(t *testing.T) { forAll(t, testCGemmBounds[float32], testCGemmBounds[float64]) }

func testCGemmBounds[T simd.Float](t *testing.T, ks simd.Kernels[T]) {
	x := func(re, im int) simd.Planar[T] { return simd.Planar[T]{Re: make([]T, re), Im: make([]T, im)} }
	work := make([]T, simd.CGemmWork(3, 4, 5))
	for name, f := range map[string]func(){
		"re A": func() { ks.CGemm(3, 4, 5, x(14, 15), 5, false, x(20, 20), 4, false, x(12, 12), 4, false, work) },
		"im B": func() { ks.CGemm(3, 4, 5, x(15, 15), 5, false, x(20, 19), 4, false, x(12, 12), 4, false, work) },
		"im C": func() { ks.CGemm(3, 4, 5, x(15, 15), 5, false, x(20, 20), 4, false, x(12, 11), 4, false, work) },
		"work": func() { ks.CGemm(3, 4, 5, x(15, 15), 5, false, x(20, 20), 4, false, x(12, 12), 4, false, work[1:]) },
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

func BenchmarkCGemm(b *testing.B) {
	for _, s := range simd.Available() {
		benchCGemm(b, s.F32, "f32")
		benchCGemm(b, s.F64, "f64")
	}
}

// A batch of products, as a spectral layer makes of its modes: 8mnk operations each.
func benchCGemm[T simd.Float](b *testing.B, ks simd.Kernels[T], dtype string) {
	for _, p := range []problem{
		{m: 16, n: 64, k: 64}, {m: 16, n: 64, k: 64, transB: true}, {m: 64, n: 64, k: 16, transA: true}, {m: 20, n: 64, k: 64},
		{m: 16, n: 32, k: 32}, {m: 16, n: 32, k: 32, transB: true}, {m: 32, n: 32, k: 16, transA: true},
	} {
		for _, batch := range []int{1, 512} {
			b.Run(fmt.Sprintf("%s/%s/%dx%dx%d,adjA=%v,adjB=%v,batch=%d", ks.Name, dtype, p.m, p.n, p.k, p.transA, p.transB, batch), func(b *testing.B) {
				rnd := rand.New(rand.NewPCG(1, 1))
				stack := func(n int) []T {
					x := make([]T, 2*n*batch)
					for i := range x {
						x[i] = T(rnd.NormFloat64())
					}
					return x
				}
				x, y, z := stack(p.m*p.k), stack(p.k*p.n), stack(p.m*p.n)
				lda, ldb := p.k, p.n
				if p.transA {
					lda = p.m
				}
				if p.transB {
					ldb = p.k
				}
				plane := func(x []T, i, n int) simd.Planar[T] {
					return simd.Planar[T]{Re: x[2*i*n : (2*i+1)*n], Im: x[(2*i+1)*n : (2*i+2)*n]}
				}
				work := make([]T, simd.CGemmWork(p.m, p.n, p.k))
				for b.Loop() {
					for i := range batch {
						ks.CGemm(p.m, p.n, p.k, plane(x, i, p.m*p.k), lda, p.transA, plane(y, i, p.k*p.n), ldb, p.transB, plane(z, i, p.m*p.n), p.n, false, work)
					}
				}
				b.ReportMetric(8*float64(p.m)*float64(p.n)*float64(p.k)*float64(batch)*float64(b.N)/b.Elapsed().Seconds()/1e9, "GFLOP/s")
			})
		}
	}
}
