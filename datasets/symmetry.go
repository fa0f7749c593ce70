package datasets

import (
	"errors"
	"math/rand/v2"
	"slices"
)

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

// maxAxes is the greatest number of axes of space whose symmetries there are.
const maxAxes = 3

// Symmetry is a map R of a grid of up to three axes to itself, a permutation of its axes with reflections of some: with σ the permutation
// and f_k = −1 for an axis k that is reflected, otherwise 1,
//
//	(R x)_σ(k) = f_k x_k,   (g u)(x) = R·u(R⁻¹ x)
//
// where R· acts on the components of u as [Channel] says. [Symmetries] makes them.
type Symmetry struct {
	axes       int
	perm       [maxAxes]int // σ
	flip       [maxAxes]bool
	reflection Reflection
}

// Symmetries returns all symmetries of a grid of the given points, the identity first: those of the square or the cube where all axes have
// the same number of points, otherwise fewer.
func Symmetries(points []int, r Reflection) []Symmetry {
	return symmetries(Grid{Points: points}, r)
}

// symmetries exchanges axes of the same points, lengths and ends only.
func symmetries(g Grid, r Reflection) []Symmetry {
	d := len(g.Points)
	if d > maxAxes {
		return nil
	}
	var group []Symmetry
	for _, perm := range permutations(d) {
		if !slices.ContainsFunc(perm, func(k int) bool { return !g.alike(k, perm[k]) }) {
			for bits := range 1 << d {
				s := Symmetry{axes: d, reflection: r}
				copy(s.perm[:], perm)
				for k := range d {
					s.flip[k] = bits>>(d-1-k)&1 == 1
				}
				group = append(group, s)
			}
		}
	}
	return group
}

// alike reports whether two axes can be exchanged.
func (g Grid) alike(i, j int) bool {
	near := func(a, b float64) bool { return a-b < 1e-6*a && b-a < 1e-6*a }
	return i == j || g.Points[i] == g.Points[j] &&
		(g.Lengths == nil || near(g.Lengths[i], g.Lengths[j])) &&
		(g.Axes == nil || g.Axes[i].Low == g.Axes[j].Low && g.Axes[i].High == g.Axes[j].High)
}

// permutations of 0..n−1 in lexicographic order.
func permutations(n int) [][]int {
	if n == 0 {
		return [][]int{{}}
	}
	var all [][]int
	for first := range n {
		for _, rest := range permutations(n - 1) {
			p := []int{first}
			for _, k := range rest {
				if k >= first {
					k++
				}
				p = append(p, k)
			}
			all = append(all, p)
		}
	}
	return all
}

// Apply writes g(src) into dst.
func (g Symmetry) Apply(dst, src []float32, shape []int, channels []Channel) {
	d, n := g.axes, shape[g.axes]
	from, sign := make([]int, n), make([]float32, n)
	for c := range n {
		from[c], sign[c] = c, 1
		if channels != nil {
			from[c], sign[c] = g.component(channels[c], c)
		}
	}
	stride := strides(shape)
	point := make([]int, d) // of dst
	for to := 0; to < len(dst); to += n {
		at := 0
		for k := range d {
			i := point[g.perm[k]]
			if g.flip[k] {
				i = g.reflection.index(i, shape[k])
			}
			at += i * stride[k]
		}
		for c, f := range from {
			dst[to+c] = sign[c] * src[at+f]
		}
		for k := d - 1; k >= 0; k-- {
			if point[k]++; point[k] < shape[k] {
				break
			}
			point[k] = 0
		}
	}
}

// component is the channel that becomes channel i, and its sign.
func (g Symmetry) component(c Channel, i int) (from int, sign float32) {
	from, sign = i, 1
	if c.Pseudo {
		sign = g.det()
	}
	if len(c.Axes) == 0 {
		return from, sign
	}
	at := 0
	for _, axis := range c.Axes {
		k := slices.Index(g.perm[:g.axes], axis) // component σ(k) comes from component k
		if g.flip[k] {
			sign = -sign
		}
		at = at*g.axes + k
	}
	return c.Components[at], sign
}

// det is the determinant of R.
func (g Symmetry) det() float32 {
	det := float32(1)
	for k := range g.axes {
		if g.flip[k] {
			det = -det
		}
		for j := range k {
			if g.perm[j] > g.perm[k] {
				det = -det
			}
		}
	}
	return det
}

// Inverse returns g⁻¹.
func (g Symmetry) Inverse() Transform {
	inverse := g
	for k := range g.axes {
		inverse.perm[g.perm[k]], inverse.flip[g.perm[k]] = k, g.flip[k]
	}
	return inverse
}

// GridSymmetries draws one of the symmetries of the grid.
type GridSymmetries struct{ Reflection Reflection }

// Check asks for one to three axes.
func (GridSymmetries) Check(l *Loader) error {
	if shape := l.Set.Target().Shape(); len(shape)-3 > maxAxes {
		return errors.New("the symmetries of a grid are those of up to three axes")
	}
	return nil
}

// Draw draws each element with the same probability.
func (s GridSymmetries) Draw(random *rand.PCG, g Grid) Transform {
	group := symmetries(g, s.Reflection)
	return group[below(random, len(group))]
}
