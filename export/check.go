package export

import (
	"fmt"
	"math"
	"math/rand/v2"

	"github.com/kolmogo/kolmogo/engine"
	"github.com/kolmogo/kolmogo/train"
)

// Check reads an exported file back and returns the largest difference, and the largest value, of its predictions and those of p
// for normal noise on a grid of the given points per axis. On one backend the difference is 0.
func Check(path string, p *train.Predictor, b engine.Backend, points int) (difference, largest float64, err error) {
	q, err := Read(path, b)
	if err != nil {
		return 0, 0, err
	}
	shape := []int{2}
	n := 2
	for range p.Description.Axes {
		shape, n = append(shape, points), n*points
	}
	channels := max(p.Description.Frames, 1) * p.Description.Channels
	in := make([]float32, n*channels)
	rnd := rand.New(rand.NewPCG(1, 2))
	for i := range in {
		in[i] = float32(rnd.NormFloat64())
	}
	shape = append(shape, channels)
	ours, theirs := make([]float32, n*p.Description.Outputs), make([]float32, n*p.Description.Outputs)
	if err := p.Predict(ours, in, shape); err != nil {
		return 0, 0, err
	}
	if err := q.Predict(theirs, in, shape); err != nil {
		return 0, 0, err
	}
	for i, x := range ours {
		d := math.Abs(float64(x) - float64(theirs[i]))
		if math.IsNaN(d) {
			return d, largest, fmt.Errorf("export: %s: the models give NaN", path)
		}
		difference, largest = max(difference, d), max(largest, math.Abs(float64(x)))
	}
	return difference, largest, nil
}
