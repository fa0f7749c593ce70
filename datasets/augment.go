package datasets

import (
	"fmt"
	"math/rand/v2"
)

// Augmentation is a law of random transformations under which the data is invariant: if (a, u) is a sample then so is
// (g a, g u). A loader draws g as a function of (seed, epoch, sample).
type Augmentation interface {
	// Check reports fields on a grid of the given points per axis to which the law does not apply.
	Check(space []int) error
	// Draw draws one transformation of fields on such a grid.
	Draw(random *rand.PCG, space []int) Transform
}

// Transform is an invertible map of fields on a grid to fields on the same grid.
type Transform interface {
	// Apply writes g(src) into dst, which must not overlap. The shape of both is [x.., channel].
	Apply(dst, src []float32, shape []int)
	// Inverse returns g⁻¹.
	Inverse() Transform
}

// Reflection says where the points of an axis lie, and so what a reflection does to their indices.
type Reflection int

const (
	// ReflectCells is for cell centres, and for points on both walls: i → n−1−i.
	ReflectCells Reflection = iota
	// ReflectNodes is for points i/n, where the wall at 0 is a point of the grid and the opposite one is not stored:
	// i → (n−i) mod n. Periodic grids are of this kind too.
	ReflectNodes
)

func (r Reflection) index(i, n int) int {
	if r == ReflectNodes {
		return (n - i) % n
	}
	return n - 1 - i
}

// Symmetry is an element of the group of the square, for scalar fields on n × n points:
//
//	(g u)[i, j] = u[p(i), q(j)], or u[p(j), q(i)] if Transpose
//
// where p is the reflection of the first axis if FlipX and q that of the second if FlipY, and the identity otherwise.
type Symmetry struct {
	Transpose, FlipX, FlipY bool
	Reflection              Reflection
}

// Symmetries returns the eight elements of the group, the identity first.
func Symmetries(r Reflection) []Symmetry {
	group := make([]Symmetry, 8)
	for i := range group {
		group[i] = Symmetry{i&4 != 0, i&2 != 0, i&1 != 0, r}
	}
	return group
}

// Apply writes g(src) into dst; shape is [x, y, channel], with x = y if g transposes.
func (g Symmetry) Apply(dst, src []float32, shape []int) {
	nx, ny, channels := shape[0], shape[1], shape[2]
	for i := range nx {
		for j := range ny {
			a, b := i, j
			if g.Transpose {
				a, b = j, i
			}
			if g.FlipX {
				a = g.Reflection.index(a, nx)
			}
			if g.FlipY {
				b = g.Reflection.index(b, ny)
			}
			to, from := (i*ny+j)*channels, (a*ny+b)*channels
			copy(dst[to:to+channels], src[from:])
		}
	}
}

// Inverse returns g⁻¹: reflections are their own inverses, and a transposition exchanges them.
func (g Symmetry) Inverse() Transform {
	if g.Transpose {
		g.FlipX, g.FlipY = g.FlipY, g.FlipX
	}
	return g
}

// SquareSymmetries draws one of the eight symmetries of the square, for scalar fields in 2-D.
type SquareSymmetries struct{ Reflection Reflection }

// Check asks for two axes of the same length.
func (s SquareSymmetries) Check(space []int) error {
	if len(space) != 2 || space[0] != space[1] {
		return fmt.Errorf("the symmetries of the square do not apply to a grid of %v points", space)
	}
	return nil
}

// Draw draws each element with the same probability.
func (s SquareSymmetries) Draw(random *rand.PCG, _ []int) Transform {
	return Symmetries(s.Reflection)[below(random, 8)]
}

// Shift draws a translation of fields that are periodic in every axis, by any number of points.
type Shift struct{}

// Check asks for at least one axis.
func (Shift) Check(space []int) error {
	if len(space) == 0 {
		return fmt.Errorf("a shift needs an axis of space")
	}
	return nil
}

// Draw draws each translation with the same probability.
func (Shift) Draw(random *rand.PCG, space []int) Transform {
	by := make(Translation, len(space))
	for i, n := range space {
		by[i] = below(random, n)
	}
	return by
}

// Translation moves periodic fields by whole points: (g u)[i, ..] = u[(i − s) mod n, ..], s the entry of the axis.
type Translation []int

// Apply writes g(src) into dst.
func (t Translation) Apply(dst, src []float32, shape []int) {
	if len(t) == 0 {
		copy(dst, src)
		return
	}
	block := 1
	for _, n := range shape[1:] {
		block *= n
	}
	for i := range shape[0] {
		to := modulo(i+t[0], shape[0])
		t[1:].Apply(dst[to*block:(to+1)*block], src[i*block:(i+1)*block], shape[1:])
	}
}

// Inverse returns the translation by −s.
func (t Translation) Inverse() Transform {
	inverse := make(Translation, len(t))
	for i, s := range t {
		inverse[i] = -s
	}
	return inverse
}

func modulo(i, n int) int { return ((i % n) + n) % n }
