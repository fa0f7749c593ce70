package train

import (
	"context"
	"fmt"
	"math"

	"github.com/kolmogo/kolmogo/datasets"
)

// validate returns the mean over the validation samples of the relative L2 error of one step. Samples whose target is zero have
// none and do not count.
func (t *Trainer) validate(ctx context.Context) (float64, error) {
	if t.valid == nil {
		p, err := NewPredictor(t.Description, t.Precision, t.Backend)
		if err != nil {
			return 0, err
		}
		if err := p.declare(); err != nil {
			return 0, err
		}
		t.valid = p
	}
	if err := t.valid.copyFrom(t.store); err != nil {
		return 0, err
	}
	sum, n := 0.0, 0
	var out []float32
	for b, err := range t.Valid.Batches(context.WithoutCancel(ctx), 0, 0) {
		if err != nil {
			return 0, err
		}
		frame := frameSize(b)
		if len(out) < b.InputShape[0]*frame {
			out = make([]float32, b.InputShape[0]*frame)
		}
		if err := t.valid.PredictFor(out[:b.InputShape[0]*frame], b.Input, b.InputShape, Told{Scalars: b.Condition, Samples: b.Indices}); err != nil {
			return 0, err
		}
		stride := len(b.Target) / b.InputShape[0]
		for i := range b.InputShape[0] {
			e, ok := relative(out[i*frame:(i+1)*frame], b.Target[i*stride:i*stride+frame])
			if ok {
				sum += e
				n++
			}
		}
	}
	if n == 0 {
		return 0, fmt.Errorf("%w: every validation target is zero: choose another split", ErrConfig)
	}
	if math.IsNaN(sum) || math.IsInf(sum, 0) {
		return 0, &DivergedError{Step: t.state.Step, Epoch: t.state.Epoch, What: "the validation error", Loss: sum}
	}
	return sum / float64(n), nil
}

// frameSize is the number of values of one target frame.
func frameSize(b datasets.Batch) int {
	shape := b.TargetShape[1:]
	if len(b.TargetShape) > len(b.InputShape) {
		shape = b.TargetShape[2:]
	}
	n := 1
	for _, s := range shape {
		n *= s
	}
	return n
}

// relative is ‖p − y‖/‖y‖, if y is not zero.
func relative(p, y []float32) (e float64, ok bool) {
	a, b := 0.0, 0.0
	for i, v := range y {
		d := float64(p[i]) - float64(v)
		a += d * d
		b += float64(v) * float64(v)
	}
	return math.Sqrt(a / b), b != 0
}
