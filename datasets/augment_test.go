package datasets_test

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/kolmogo/kolmogo/datasets"
)

func randomField(shape []int) []float32 {
	random := rand.New(rand.NewPCG(11, 0))
	n := 1
	for _, d := range shape {
		n *= d
	}
	field := make([]float32, n)
	for i := range field {
		field[i] = random.Float32()
	}
	return field
}

func apply(g datasets.Transform, field []float32, shape []int) []float32 {
	dst := make([]float32, len(field))
	g.Apply(dst, field, shape, nil)
	return dst
}

// TestSymmetryGroup: the eight maps differ, contain the identity and all inverses, and are closed under composition.
func TestSymmetryGroup(t *testing.T) {
	shape := []int{5, 5, 2}
	field := randomField(shape)
	for _, reflection := range []datasets.Reflection{datasets.ReflectCells, datasets.ReflectNodes} {
		group := datasets.Symmetries(shape[:2], reflection)
		var images [][]float32
		for _, g := range group {
			image := apply(g, field, shape)
			if slices.ContainsFunc(images, func(v []float32) bool { return slices.Equal(v, image) }) {
				t.Errorf("%+v equals another element", g)
			}
			images = append(images, image)
			if back := apply(g.Inverse(), image, shape); !slices.Equal(back, field) {
				t.Errorf("%+v followed by its inverse is not the identity", g)
			}
		}
		if len(images) != 8 || !slices.Equal(images[0], field) {
			t.Errorf("%d elements, the first is the identity: %v", len(images), slices.Equal(images[0], field))
		}
		for i, g := range group {
			for _, image := range images {
				product := apply(g, image, shape)
				if !slices.ContainsFunc(images, func(v []float32) bool { return slices.Equal(v, product) }) {
					t.Errorf("element %d leads out of the group", i)
				}
			}
		}
	}
}

// TestReflectionKeepsSine: sin(π i/n) on the points i/n, with the wall at 1 missing, is even under reflection at the
// middle: u[i] = u[n−i] with u[0] kept. On cell centres it is u[i] = u[n−1−i].
func TestReflectionKeepsSine(t *testing.T) {
	const n = 6
	nodes, cells := make([]float32, n*n), make([]float32, n*n)
	for i := range n {
		for j := range n {
			nodes[i*n+j] = float32(i*(n-i)) * float32(1+j*(n-j))
			cells[i*n+j] = float32((2*i+1)*(2*n-2*i-1)) * float32((2*j+1)*(2*n-2*j-1))
		}
	}
	for reflection, field := range map[datasets.Reflection][]float32{datasets.ReflectNodes: nodes, datasets.ReflectCells: cells} {
		for _, g := range datasets.Symmetries([]int{n, n}, reflection)[:4] {
			if !slices.Equal(apply(g, field, []int{n, n, 1}), field) {
				t.Errorf("%+v changes the even field", g)
			}
		}
		wrong := datasets.Symmetries([]int{n, n}, 1-reflection)[2] // x is reflected
		if slices.Equal(apply(wrong, field, []int{n, n, 1}), field) {
			t.Errorf("%+v keeps the field of the other convention", wrong)
		}
	}
}

// TestTranspose is exact: (g u)[i, j] = u[j, i].
func TestTranspose(t *testing.T) {
	got := apply(datasets.Symmetries([]int{2, 2}, datasets.ReflectCells)[4], []float32{1, 2, 3, 4}, []int{2, 2, 1})
	if !slices.Equal(got, []float32{1, 3, 2, 4}) {
		t.Error(got)
	}
}

// TestTranslation: (g u)[i] = u[(i − s) mod n], and a translation followed by its inverse is the identity.
func TestTranslation(t *testing.T) {
	if got := apply(datasets.Translation{1}, []float32{1, 2, 3, 4}, []int{4, 1}); !slices.Equal(got, []float32{4, 1, 2, 3}) {
		t.Error(got)
	}
	for _, shape := range [][]int{{7, 2}, {4, 5, 3}, {2, 3, 4, 1}} {
		field := randomField(shape)
		space := shape[:len(shape)-1]
		for seed := range uint64(20) {
			g := datasets.Shift{}.Draw(rand.NewPCG(seed, 1), datasets.Grid{Points: space})
			if back := apply(g.Inverse(), apply(g, field, shape), shape); !slices.Equal(back, field) {
				t.Errorf("shape %v: %v followed by its inverse is not the identity", shape, g)
			}
		}
	}
}

// TestDrawUniform: each of the eight symmetries comes about equally often (5 σ of the binomial law).
func TestDrawUniform(t *testing.T) {
	const draws = 8000
	counts := map[datasets.Transform]int{}
	random := rand.NewPCG(1, 2)
	for range draws {
		counts[datasets.GridSymmetries{}.Draw(random, datasets.Grid{Points: []int{4, 4}})]++
	}
	for g, n := range counts {
		if n < 1000-150 || n > 1000+150 {
			t.Errorf("%+v came %d times of %d", g, n, draws)
		}
	}
	if len(counts) != 8 {
		t.Errorf("%d elements", len(counts))
	}
}
