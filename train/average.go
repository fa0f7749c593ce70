package train

import (
	"fmt"

	"github.com/kolmogo/kolmogo/datasets"
)

// PredictAveraged is Predict averaged over a finite group of transformations under which the true solution operator is invariant:
//
//	ȳ(x) = 1/|G| Σ_g g⁻¹ y(g x)
//
// Each g maps the fields [x.., channel] of a sample to the same grid. The mean is equivariant exactly, and its error is at most the
// mean error of its terms.
func (p *Predictor) PredictAveraged(dst, src []float32, shape []int, group []datasets.Transform) error {
	if len(group) == 0 {
		return fmt.Errorf("train: average over no transformations")
	}
	batch := shape[0]
	in, out := shape[1:], append(append([]int{}, shape[1:len(shape)-1]...), p.Description.Outputs)
	n, m := len(src)/batch, len(dst)/batch
	moved, predicted, back := make([]float32, len(src)), make([]float32, len(dst)), make([]float32, m)
	sum := make([]float64, len(dst))
	for _, g := range group {
		for i := range batch {
			g.Apply(moved[i*n:(i+1)*n], src[i*n:(i+1)*n], in)
		}
		if err := p.Predict(predicted, moved, shape); err != nil {
			return err
		}
		inverse := g.Inverse()
		for i := range batch {
			inverse.Apply(back, predicted[i*m:(i+1)*m], out)
			for j, v := range back {
				sum[i*m+j] += float64(v)
			}
		}
	}
	for i, s := range sum {
		dst[i] = float32(s / float64(len(group)))
	}
	return nil
}
