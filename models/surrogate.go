package models

import (
	"cmp"
	"fmt"
	"iter"
	"math"

	"github.com/kolmogo/kolmogo/op"
)

// Surrogate is a model in physical units around a network in normalised ones:
//
//	y = μ_out + σ_out·net((x − μ_in)/σ_in, (c − μ_c)/σ_c)   or, with Difference,
//	y = x_last + Weight·(μ_out + σ_out·net(…)),
//
// per channel. x holds Frames frames in its channels, oldest first, and In scales each of them; x_last is the last frame's
// first channels, as many as y has. With Difference, Out describes the change from one frame to the next over Weight. c are the
// scalars of a Conditioned network.
type Surrogate struct {
	Net              Model
	In, Out, Scalars Scaling
	Frames           int // 0 means 1
	Difference       bool
	Weight           float64 // 0 means 1
}

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

// Apply implements Model.
func (s *Surrogate) Apply(x op.Value) op.Value { return s.ApplyGiven(x, op.Value{}) }

// ApplyGiven implements Conditioned.
func (s *Surrogate) ApplyGiven(x, c op.Value) op.Value {
	if !x.Valid() {
		return x
	}
	axis := x.Dims().Rank() - 1
	in, frames := x.Dims().At(axis), cmp.Or(s.Frames, 1)
	if frames < 1 || in%frames != 0 {
		return x.Fail(fmt.Errorf("models: surrogate: %d input channels in %d frames", in, frames))
	}
	if err := s.In.Check(in / frames); err != nil {
		return x.Fail(err)
	}
	if c.Valid() {
		if err := s.Scalars.Check(c.Dims().At(-1)); err != nil {
			return x.Fail(fmt.Errorf("scalar %w", err))
		}
		c = s.Scalars.normalise(c)
	}
	z := Given(s.Net, s.In.normalise(x), c)
	if !z.Valid() {
		return z
	}
	out := z.Dims().At(-1)
	if err := s.Out.Check(out); err != nil {
		return x.Fail(err)
	}
	y := s.Out.restore(z)
	if !s.Difference {
		return y
	}
	if out > in/frames {
		return x.Fail(fmt.Errorf("models: surrogate: %d channels of change for a frame of %d", out, in/frames))
	}
	if w := cmp.Or(s.Weight, 1); w != 1 {
		y = op.Scale(y, w)
	}
	return op.Add(op.SliceAxis(x, axis, in-in/frames, out), y)
}

// Params implements Model.
func (s *Surrogate) Params() iter.Seq2[string, *Param] { return s.Net.Params() }

// CheckGrid is what the function of that name asks.
func (s *Surrogate) CheckGrid(grid ...int) error { return CheckGrid(s.Net, grid...) }
