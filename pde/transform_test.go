package pde

import (
	"fmt"
	"math"
	"math/cmplx"
	"testing"
)

// Values at the points of exp(i k·x) sums, and back: the transform against its definition, on one and more axes, for every kind of length.
func TestTransformDefinition(t *testing.T) {
	for _, points := range [][]int{{1}, {2}, {3}, {4}, {6}, {8}, {15}, {16}, {32}, {64}, {77}, {128}, {4, 5}, {5, 8}, {8, 14}, {3, 4, 16}, {4, 6, 5}} {
		var ranges []span
		for axis, n := range points {
			ranges = append(ranges, every(axis, n))
		}
		f := newTransform(Portable[float64]{}, points, ranges, 1)
		u, back := make([]float64, f.size), make([]float64, f.size)
		random := Rand(1, uint64(f.size))
		for i := range u {
			u[i] = random.NormFloat64()
		}
		c := planes[float64]{make([]float64, f.modes), make([]float64, f.modes)}
		f.forward(c, u)
		for mode := range f.modes {
			var want complex128
			for i, v := range u {
				angle, rest := 0.0, i
				for axis := len(points) - 1; axis >= 0; axis-- {
					j := rest % points[axis]
					rest /= points[axis]
					angle += 2 * math.Pi * float64(j*f.wavenumber(axis, mode)) / float64(points[axis])
				}
				want += complex(v/float64(f.size), 0) * cmplx.Rect(1, -angle)
			}
			if got := complex(c.re[mode], c.im[mode]); !(cmplx.Abs(got-want) <= 1e-14) {
				t.Fatalf("%v: mode %d is %v, want %v", points, mode, got, want)
			}
		}
		f.inverse(back, c)
		for i := range u {
			if d := math.Abs(back[i] - u[i]); !(d <= 1e-14) {
				t.Fatalf("%v: value %d comes back as %v, was %v", points, i, back[i], u[i])
			}
		}
	}
}

func BenchmarkTransform(b *testing.B) {
	for _, points := range [][]int{{256}, {384}, {512}, {128, 128}} {
		b.Run(fmt.Sprint(points), func(b *testing.B) {
			var ranges []span
			for axis, n := range points {
				ranges = append(ranges, every(axis, n))
			}
			f := newTransform(Portable[float64]{}, points, ranges, 1)
			u, c := make([]float64, f.size), planes[float64]{make([]float64, f.modes), make([]float64, f.modes)}
			for b.Loop() {
				f.forward(c, u)
				f.inverse(u, c)
			}
		})
	}
}
