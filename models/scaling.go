package models

import (
	"fmt"
	"math"

	"github.com/kolmogo/kolmogo/op"
)

// Scaling is the mean and the standard deviation of each channel. The zero value is mean 0 and deviation 1.
type Scaling struct {
	Mean []float64 `json:"mean,omitempty"`
	Std  []float64 `json:"std,omitempty"`
}

// Check reports a scaling that cannot be applied to fields of the given number of channels.
func (s Scaling) Check(channels int) error {
	if len(s.Mean) == 0 && len(s.Std) == 0 {
		return nil
	}
	if len(s.Mean) != channels || len(s.Std) != channels {
		return fmt.Errorf("models: scaling: %d means and %d deviations for %d channels", len(s.Mean), len(s.Std), channels)
	}
	for i, sigma := range s.Std {
		if !(sigma > 0 && sigma <= math.MaxFloat64) || math.IsNaN(s.Mean[i]) || math.IsInf(s.Mean[i], 0) {
			return fmt.Errorf("models: scaling: channel %d has mean %v and deviation %v: the deviation must be positive (1 for a constant channel) and both finite", i, s.Mean[i], sigma)
		}
	}
	return nil
}

// affine returns a·x + b per channel; a and b repeat over the frames in x.
func affine(x op.Value, name string, a, b []float64) op.Value {
	d := op.Of(x.Dims().At(-1))
	constant := func(part string, v []float64) op.Value {
		data := make([]float64, d.Size())
		for i := range data {
			data[i] = v[i%len(v)]
		}
		return x.Graph().Constant(fmt.Sprintf("%s.%s %v", name, part, data), x.Dtype(), d, data)
	}
	return op.Add(op.Mul(x, constant("factor", a)), constant("shift", b))
}

// normalise returns (x − μ)/σ.
func (s Scaling) normalise(x op.Value) op.Value {
	if len(s.Std) == 0 {
		return x
	}
	a, b := make([]float64, len(s.Std)), make([]float64, len(s.Std))
	for i, sigma := range s.Std {
		a[i], b[i] = 1/sigma, -s.Mean[i]/sigma
	}
	return affine(x, "normalise", a, b)
}

// restore returns μ + σ·z.
func (s Scaling) restore(z op.Value) op.Value {
	if len(s.Std) == 0 {
		return z
	}
	return affine(z, "restore", s.Std, s.Mean)
}
