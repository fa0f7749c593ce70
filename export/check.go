package export

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"github.com/kolmogo/kolmogo/engine"
	"github.com/kolmogo/kolmogo/models"
	"github.com/kolmogo/kolmogo/train"
)

// Check reads an exported file back and returns the largest difference, and the largest value, of its predictions and those of p
// for normal noise, as field and as scalars, on a small grid that the model runs on. On one backend the difference is 0.
func Check(path string, p *train.Predictor, b engine.Backend) (difference, largest float64, err error) {
	q, err := Read(path, b)
	if err != nil {
		return 0, 0, err
	}
	q.Seed = p.Seed // of the noise that a refiner draws
	d := p.Description
	grid, err := smallGrid(d)
	if err != nil {
		return 0, 0, err
	}
	const batch = 2
	shape := append(append([]int{batch}, grid...), max(d.Frames, 1)*d.Channels)
	in, told := noise(shape, len(d.Condition))
	n := d.Outputs
	for _, k := range shape[:len(shape)-1] {
		n *= k
	}
	ours, theirs := make([]float32, n), make([]float32, n)
	if err := p.PredictFor(ours, in, shape, told); err != nil {
		return 0, 0, err
	}
	if err := q.PredictFor(theirs, in, shape, told); err != nil {
		return 0, 0, err
	}
	return apart(path, wide(ours), wide(theirs))
}

// noise is a normal field of the given shape, and so many normal scalars for each sample.
func noise(shape []int, scalars int) (x []float32, told train.Told) {
	rnd := rand.New(rand.NewPCG(1, 2))
	draw := func(n int) []float32 {
		x := make([]float32, n)
		for i := range x {
			x[i] = float32(rnd.NormFloat64())
		}
		return x
	}
	n := 1
	for _, k := range shape {
		n *= k
	}
	return draw(n), train.Told{Scalars: draw(shape[0] * scalars)}
}

func wide(x []float32) []float64 {
	y := make([]float64, len(x))
	for i, v := range x {
		y[i] = float64(v)
	}
	return y
}

// apart returns the largest difference of two predictions, and the largest value.
func apart(path string, ours, theirs []float64) (difference, largest float64, err error) {
	if len(ours) != len(theirs) {
		return math.NaN(), 0, fmt.Errorf("export: %s: %d values, the model gives %d", path, len(theirs), len(ours))
	}
	for i, x := range ours {
		d := math.Abs(x - theirs[i])
		if math.IsNaN(d) {
			return d, largest, fmt.Errorf("export: %s: the models give NaN", path)
		}
		difference, largest = max(difference, d), max(largest, math.Abs(x))
	}
	return difference, largest, nil
}

// smallGrid is a grid that a surrogate can use all its parameters on: cubes of 8, 16, .. points, or else the one it was trained on.
func smallGrid(d models.Description) ([]int, error) {
	s, err := d.Build(nil)
	if err != nil {
		return nil, fmt.Errorf("export: %w", err)
	}
	for n := 8; n <= 1024; n *= 2 {
		grid := slices.Repeat([]int{n}, d.Axes)
		if err = models.CheckGrid(s, grid...); err == nil {
			return grid, nil
		}
	}
	if d.Grid != nil {
		return d.Grid, nil
	}
	return nil, fmt.Errorf("export: no grid to compare on: %w", err)
}
