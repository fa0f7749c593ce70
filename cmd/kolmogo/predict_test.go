package main

import (
	"math"
	"testing"

	"github.com/kolmogo/kolmogo/datasets"
	"github.com/kolmogo/kolmogo/models"
	"github.com/kolmogo/kolmogo/train"
)

// TestAverageIsEquivariant: the average f over the symmetries g of the square satisfies f(g a) = g f(a), whatever is averaged.
func TestAverageIsEquivariant(t *testing.T) {
	const n = 4
	field := func(seed uint64) []float32 {
		random, data := newRandom(seed), make([]float32, n*n)
		for i := range data {
			data[i] = float32(random.NormFloat64())
		}
		return data
	}
	array, err := datasets.NewArray(field(1), 1, n, n, 1)
	if err != nil {
		t.Fatal(err)
	}
	set, err := datasets.NewPairs(datasets.Meta{}, array, array)
	if err != nil {
		t.Fatal(err)
	}
	lopsided := func(dst, src []float32, _ []int, _ train.Told) error {
		for i, v := range src {
			dst[i] = v*float32(i) + v*v
		}
		return nil
	}
	for _, reflection := range []string{"cells", "nodes"} {
		r := &trained{config: defaults(), predictor: &train.Predictor{Description: models.Description{Outputs: 1}}}
		r.config.Data.Augment, r.config.Data.Reflection = []string{"symmetries"}, reflection
		f, err := r.averaged(lopsided, set)
		if err != nil {
			t.Fatal(err)
		}
		shape, a := []int{1, n, n, 1}, field(2)
		plain, turned, moved, want := make([]float32, n*n), make([]float32, n*n), make([]float32, n*n), make([]float32, n*n)
		if err := f(plain, a, shape, train.Told{}); err != nil {
			t.Fatal(err)
		}
		for _, g := range datasets.Symmetries([]int{n, n}, r.config.Data.reflection()) {
			g.Apply(turned, a, shape[1:], nil)
			if err := f(moved, turned, shape, train.Told{}); err != nil {
				t.Fatal(err)
			}
			g.Apply(want, plain, shape[1:], nil)
			for i := range want {
				if d := math.Abs(float64(moved[i] - want[i])); !(d <= 1e-5) {
					t.Fatalf("%s %+v: %v, want %v", reflection, g, moved, want)
				}
			}
		}
	}
}

// TestDifferenceScaling: for u(t) = a + bt the network of data.target = difference sees the mean and the deviation of b·stride.
func TestDifferenceScaling(t *testing.T) {
	slopes := []float64{1, 3}
	var data []float64
	for i, b := range slopes {
		for frame := range 6 {
			for range 8 {
				data = append(data, 10*float64(i)+b*float64(frame))
			}
		}
	}
	array, err := datasets.NewArray(data, 2, 6, 8, 1)
	if err != nil {
		t.Fatal(err)
	}
	set, err := datasets.NewSet(datasets.Meta{}, array)
	if err != nil {
		t.Fatal(err)
	}
	c := defaults()
	c.Data.Target, c.Data.Window = "difference", datasets.Window{Stride: 2, History: 3}
	d, err := surrogateFor(t.Context(), c, set)
	if err != nil {
		t.Fatal(err)
	}
	if !(math.Abs(d.Output.Mean[0]-4) <= 1e-14) || !(math.Abs(d.Output.Std[0]-2) <= 1e-14) || !(d.Input.Std[0] > 4) || d.Frames != 3 || !d.Difference {
		t.Errorf("%+v", d)
	}
}
