package simd_test

import (
	"fmt"
	"math"
	"math/cmplx"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/kolmogo/kolmogo/engine/cpu/simd"
)

// |y_j − w_j·Σ_l ω^(jl)·x_l| ≤ 20·ε·Σ_l |x_l| for every radix and ragged size; nothing else is written.
func TestRadix(t *testing.T) { forAll(t, testRadix[float32], testRadix[float64]) }

func testRadix[T simd.Float](t *testing.T, ks simd.Kernels[T]) {
	rnd := rand.New(rand.NewPCG(6, 6))
	for _, r := range ks.Radices {
		for _, rows := range []int{1, 2, 5} {
			for _, n := range []int{1, 3, 8, 15, 16, 17, 35, 64} {
				for _, last := range []bool{false, true} {
					testPass(t, ks, rnd, r, rows, n, last)
				}
			}
		}
	}
}

func testPass[T simd.Float](t *testing.T, ks simd.Kernels[T], rnd *rand.Rand, r, rows, n int, last bool) {
	name := fmt.Sprintf("radix %d of %d×%d, last=%v", r, rows, n, last)
	// x: rows n + 3 apart, branches below one another; y: branches n + 2 apart, rows below one another
	xStep, yJump := n+3, n+2
	branches := func(step, jump int, rnd *rand.Rand) (m [2]matrix[T], b simd.Branches[T]) {
		ld := min(step, jump)
		for i := range m {
			m[i] = newMatrix[T](rows*r, n, ld-n, rnd)
		}
		return m, simd.Branches[T]{Planar: simd.Planar[T]{Re: m[0].data, Im: m[1].data}, Step: step, Jump: jump}
	}
	xm, x := branches(xStep, rows*xStep, rnd)
	ym, y := branches(r*yJump, yJump, nil)
	var w []T
	if !last {
		w = make([]T, 2*(r-1)*rows)
		for i := range w {
			w[i] = T(rnd.NormFloat64())
		}
	}
	x0 := [2][]T{append([]T(nil), x.Re...), append([]T(nil), x.Im...)}
	const scale = 0.75
	ks.Radix(r, rows, n, y, x, w, scale)
	for i := range rows {
		for e := range n {
			for j := range r {
				var want complex128
				var size float64
				for l := range r {
					at := i*x.Step + l*x.Jump + e
					v := complex(float64(x.Re[at]), float64(x.Im[at]))
					want += v * cmplx.Rect(1, -2*math.Pi*float64(j*l)/float64(r))
					size += cmplx.Abs(v)
				}
				factor := complex(scale, 0)
				if !last {
					factor = 1
					if j > 0 {
						at := 2 * (i*(r-1) + j - 1)
						factor = complex(float64(w[at]), float64(w[at+1]))
					}
				}
				at := i*y.Step + j*y.Jump + e
				d := cmplx.Abs(complex(float64(y.Re[at]), float64(y.Im[at])) - factor*want)
				if !(d <= 20*epsilon[T]()*size*cmplx.Abs(factor)) {
					t.Fatalf("%s: element %d of branch %d of row %d is off by %v", name, e, j, i, d)
				}
			}
		}
	}
	for i := range ym {
		same(t, name+" operand", xm[i].data, x0[i])
		xm[i].checkGaps(t, name+" operand")
		ym[i].checkGaps(t, name)
	}
}

// The passes of all instruction sets equal the portable ones bit for bit.
func TestRadixBits(t *testing.T) { forAll(t, testRadixBits[float32], testRadixBits[float64]) }

func testRadixBits[T simd.Float](t *testing.T, ks simd.Kernels[T]) {
	if ks.Name == "generic" {
		return
	}
	portable := portable[T]()
	if !slices.Equal(ks.Radices, portable.Radices) {
		t.Fatalf("radices %v, the portable ones are %v: plans would differ", ks.Radices, portable.Radices)
	}
	rnd := rand.New(rand.NewPCG(6, 7))
	for _, r := range ks.Radices {
		const rows, n = 3, 37
		planes := func() simd.Planar[T] {
			x := simd.Planar[T]{Re: make([]T, rows*r*n), Im: make([]T, rows*r*n)}
			for i := range x.Re {
				x.Re[i], x.Im[i] = T(rnd.NormFloat64()), T(rnd.NormFloat64())
			}
			return x
		}
		x := simd.Branches[T]{Planar: planes(), Step: n, Jump: rows * n}
		w := planes().Re[:2*(r-1)*rows]
		for _, w := range [][]T{w, nil} {
			y, z := simd.Branches[T]{Planar: planes(), Step: r * n, Jump: n}, simd.Branches[T]{Planar: planes(), Step: r * n, Jump: n}
			ks.Radix(r, rows, n, y, x, w, 0.7)
			portable.Radix(r, rows, n, z, x, w, 0.7)
			same(t, fmt.Sprintf("radix %d, last=%v", r, w == nil), append(y.Re, y.Im...), append(z.Re, z.Im...))
		}
	}
}

func BenchmarkRadix(b *testing.B) {
	for _, s := range simd.Available() {
		benchRadix(b, s.F32, "f32")
		benchRadix(b, s.F64, "f64")
	}
}

// 1024 complex numbers, in the first-level cache.
func benchRadix[T simd.Float](b *testing.B, ks simd.Kernels[T], dtype string) {
	for _, r := range ks.Radices {
		b.Run(fmt.Sprintf("%s/%s/%d", ks.Name, dtype, r), func(b *testing.B) {
			const n, points = 64, 1024
			rows := points / n / r
			if rows == 0 {
				rows = 1
			}
			planes := func() simd.Planar[T] { return simd.Planar[T]{Re: make([]T, rows*r*n), Im: make([]T, rows*r*n)} }
			x := simd.Branches[T]{Planar: planes(), Step: n, Jump: rows * n}
			y := simd.Branches[T]{Planar: planes(), Step: r * n, Jump: n}
			w := make([]T, 2*(r-1)*rows)
			for b.Loop() {
				ks.Radix(r, rows, n, y, x, w, 1)
			}
			b.ReportMetric(float64(rows*r*n)*float64(b.N)/b.Elapsed().Seconds()/1e9, "Gpoint/s")
		})
	}
}
