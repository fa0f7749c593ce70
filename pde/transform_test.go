package pde

import (
	"fmt"
	"math"
	"math/cmplx"
	"testing"
)

// Values at the points of exp(i k·x) sums, and back: the transform against its definition, on one and more axes, for every kind of length.
func TestTransformDefinition(t *testing.T) {
	for _, points := range [][]int{{1}, {2}, {3}, {4}, {6}, {8}, {15}, {16}, {32}, {64}, {128}, {4, 5}, {5, 8}, {3, 4, 16}} {
		f := newTransform(points)
		u, back := make([]float64, f.size), make([]float64, f.size)
		random := Rand(1, uint64(f.size))
		for i := range u {
			u[i] = random.NormFloat64()
		}
		c := make([]complex128, f.modes)
		f.forward(c, u)
		for mode := range c {
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
			if d := cmplx.Abs(c[mode] - want); !(d <= 1e-14*float64(f.size)) {
				t.Fatalf("%v: mode %d is %v, want %v", points, mode, c[mode], want)
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
	for _, n := range []int{256, 384, 512} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			f := newTransform([]int{n})
			u, c := make([]float64, n), make([]complex128, n/2+1)
			for b.Loop() {
				f.forward(c, u)
				f.inverse(u, c)
			}
		})
	}
}
