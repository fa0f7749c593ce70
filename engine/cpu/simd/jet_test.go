package simd_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/kolmogo/kolmogo/engine/cpu/simd"
)

// Jets on every instruction set are the portable ones in float64, at every length and place, and nothing else is written.
func TestJetsEqualPortable(t *testing.T) { forAll(t, testJets[float32], testJets[float64]) }

func testJets[T simd.Float](t *testing.T, k simd.Kernels[T]) {
	rnd := rand.New(rand.NewPCG(5, 6))
	eps := 0x1p-52
	if _, single := any(T(0)).(float32); single {
		eps = 0x1p-23
	}
	degrees := []int{0, -1, 1, 2, 5, 0, 3, 4, 1, 2, 5}
	ends := []int{0, 1, 4, 6, 10} // terms with a result
	for n := range 40 {
		at, size := n%7, n+13
		draw := func() (x []T, wide []float64) {
			for range size {
				v := T(rnd.Float64() - 0.5)
				x, wide = append(x, v), append(wide, float64(v))
			}
			return x, wide
		}
		var terms []simd.JetTerm[T]
		var plain []simd.JetTerm[float64]
		for _, d := range degrees {
			a, b := simd.JetTerm[T]{Degree: d, C: T(1 + d)}, simd.JetTerm[float64]{Degree: d, C: float64(1 + d)}
			for i := range max(d, 0) {
				a.Factors[i], b.Factors[i] = draw()
			}
			terms, plain = append(terms, a), append(plain, b)
		}
		var outs [][2][]T
		var wide [][]float64
		for _, i := range ends {
			x, y := draw()
			outs, wide = append(outs, [2][]T{x, append([]T{}, x...)}), append(wide, y)
			terms[i].Out, plain[i].Out = x, y
		}
		z, zWide := draw()
		b, bWide := draw()
		check := func(name string) {
			for i, o := range outs {
				for j, got := range o[0] {
					if inside := j >= at && j < at+n; !inside && got != o[1][j] || inside && !(math.Abs(float64(got)-wide[i][j]) <= 60*eps*(1+math.Abs(wide[i][j]))) {
						t.Fatalf("%s: %d elements from %d on: element %d of result %d is %v, want %v", name, n, at, j, i, got, wide[i][j])
					}
				}
			}
		}
		g := simd.Generic().F64
		k.TanhJet(terms, z[:n], b[:n], at, 5)
		g.TanhJet(plain, zWide[:n], bWide[:n], at, 5)
		check("tanh z + b")
		k.TanhJet(terms, z[:n], nil, at, 5)
		g.TanhJet(plain, zWide[:n], nil, at, 5)
		check("tanh z")
		k.SineJet(terms, z[:n], b[:n], at, 5)
		g.SineJet(plain, zWide[:n], bWide[:n], at, 5)
		check("sine")
	}
}
