package train

import (
	"context"
	"fmt"

	"github.com/kolmogo/kolmogo/models"
)

// fitSamples is the number of training samples, at most, that fixed parameters are computed from.
const fitSamples = 512

// fit computes the fixed parameters of a network that has any from the first samples of the first epoch.
func (t *Trainer) fit(ctx context.Context) error {
	if _, ok := t.surrogate.Net.(models.Fitted); !ok {
		return nil
	}
	var inputs, outputs [][]float64
	for b, err := range t.Train.Batches(ctx, 0, 0) {
		if err != nil {
			return err
		}
		n, frame := b.InputShape[0], frameSize(b)
		for i := range n {
			inputs = append(inputs, widened(b.Input[i*len(b.Input)/n:(i+1)*len(b.Input)/n]))
			first := i * (len(b.Target) / n)
			outputs = append(outputs, widened(b.Target[first:first+frame]))
		}
		if len(inputs) >= fitSamples {
			break
		}
	}
	if err := t.surrogate.Fit(inputs, outputs); err != nil {
		return fmt.Errorf("%w: %w", ErrData, err)
	}
	return nil
}

// widened copies numbers.
func widened(x []float32) []float64 {
	y := make([]float64, len(x))
	for i, v := range x {
		y[i] = float64(v)
	}
	return y
}
