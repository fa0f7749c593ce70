package models

import (
	"cmp"
	"errors"
	"fmt"
	"iter"

	"github.com/kolmogo/kolmogo/models/constraint"
	"github.com/kolmogo/kolmogo/models/refiner"
	"github.com/kolmogo/kolmogo/op"
)

// Surrogate is a model in physical units around a network in normalised ones:
//
//	y = μ_out + σ_out·net((x − μ_in)/σ_in, (c − μ_c)/σ_c)   or, with Difference,
//	y = x_last + Weight·(μ_out + σ_out·net(…)),
//
// per channel. x holds Frames frames in its channels, oldest first, and In scales each of them; x_last is the last frame's
// first channels, as many as y has. With Difference, Out describes the change from one frame to the next over Weight. c are the
// scalars of a Conditioned network. With a Process, net(..) is made by several calls of the network: see sampled.go.
type Surrogate struct {
	Net              Model
	In, Out, Scalars Scaling
	Frames           int // 0 means 1
	Difference       bool
	Weight           float64          // 0 means 1
	Constraint       constraint.Layer // what predictions obey; nil: nothing
	Process          refiner.Process
	Outputs          int // channels of y, which a Process has to know
}

// Apply implements Model.
func (s *Surrogate) Apply(x op.Value) op.Value { return s.ApplyGiven(x, op.Value{}) }

// ApplyGiven implements Conditioned.
func (s *Surrogate) ApplyGiven(x, c op.Value) op.Value {
	if s.Process != nil {
		return s.sample(x, c, func(int) op.Value {
			return x.Fail(errors.New("models: surrogate: its process draws noise: use Sample"))
		})
	}
	z, c := s.normalise(x, c)
	if !z.Valid() {
		return z
	}
	return s.restore(x, Given(s.Net, z, c))
}

// normalise returns the input and the scalars in the network's units.
func (s *Surrogate) normalise(x, c op.Value) (z, scalars op.Value) {
	if !x.Valid() {
		return x, c
	}
	in, frames := x.Dims().At(-1), cmp.Or(s.Frames, 1)
	if frames < 1 || in%frames != 0 {
		return x.Fail(fmt.Errorf("models: surrogate: %d input channels in %d frames", in, frames)), c
	}
	if err := s.In.Check(in / frames); err != nil {
		return x.Fail(err), c
	}
	if c.Valid() {
		if err := s.Scalars.Check(c.Dims().At(-1)); err != nil {
			return x.Fail(fmt.Errorf("scalar %w", err)), c
		}
		c = s.Scalars.normalise(c)
	}
	return s.In.normalise(x), c
}

// restore returns y from the network's answer z to x.
func (s *Surrogate) restore(x, z op.Value) op.Value {
	if !z.Valid() {
		return z
	}
	if s.Uncertain() {
		mean, _ := s.moments(x, z)
		return mean
	}
	if s.Constraint != nil && s.Constraint.Raw() {
		return s.Constraint.Apply(x, z)
	}
	out := z.Dims().At(-1)
	if err := s.Out.Check(out); err != nil {
		return x.Fail(err)
	}
	y := s.Out.restore(z)
	if !s.Difference {
		return s.constrain(x, y)
	}
	last := s.last(x, out)
	if w := cmp.Or(s.Weight, 1); w != 1 {
		y = op.Scale(y, w)
	}
	if !last.Valid() {
		return last
	}
	return s.constrain(x, op.Add(last, y))
}

// constrain returns what the constraint makes of a prediction.
func (s *Surrogate) constrain(x, y op.Value) op.Value {
	if s.Constraint == nil || !y.Valid() {
		return y
	}
	return s.Constraint.Apply(x, y)
}

// Uncertain reports whether the predictions have a variance.
func (s *Surrogate) Uncertain() bool {
	_, ok := s.Constraint.(*constraint.Uncertain)
	return ok
}

// Moments returns mean and variance of the prediction, of a surrogate that is Uncertain.
func (s *Surrogate) Moments(x, c op.Value) (mean, variance op.Value) {
	z, c := s.normalise(x, c)
	if !z.Valid() {
		return z, z
	}
	return s.moments(x, Given(s.Net, z, c))
}

// moments brings mean and deviation of a network's answer into units of the data and constrains them.
func (s *Surrogate) moments(x, z op.Value) (mean, variance op.Value) {
	if !z.Valid() {
		return z, z
	}
	mean, deviation := constraint.Split(z)
	if err := s.Out.Check(mean.Dims().At(-1)); err != nil {
		return x.Fail(err), op.Value{}
	}
	mean = s.Out.restore(mean)
	if len(s.Out.Std) > 0 {
		deviation = Scaling{Mean: make([]float64, len(s.Out.Std)), Std: s.Out.Std}.restore(deviation)
	}
	return s.Constraint.(*constraint.Uncertain).Moments(x, mean, op.Mul(deviation, deviation))
}

// last is x_last for y of so many channels.
func (s *Surrogate) last(x op.Value, out int) op.Value {
	axis, in, frames := x.Dims().Rank()-1, x.Dims().At(-1), cmp.Or(s.Frames, 1)
	if out > in/frames {
		return x.Fail(fmt.Errorf("models: surrogate: %d channels of change for a frame of %d", out, in/frames))
	}
	return op.SliceAxis(x, axis, in-in/frames, out)
}

// Params implements Model.
func (s *Surrogate) Params() iter.Seq2[string, *Param] { return s.Net.Params() }

// CheckGrid is what the function of that name asks.
func (s *Surrogate) CheckGrid(grid ...int) error { return CheckGrid(s.Net, grid...) }

// Fit gives a network that is Fitted what it should make for samples of physical inputs [x.., frames·channel] and outputs
// [x.., Outputs], row-major; any other network needs nothing.
func (s *Surrogate) Fit(inputs, outputs [][]float64) error {
	net, ok := s.Net.(Fitted)
	if !ok {
		return nil
	}
	targets := make([][]float64, len(outputs))
	for i, y := range outputs {
		points := len(y) / s.Outputs
		in := len(inputs[i]) / points
		last := in - in/cmp.Or(s.Frames, 1) // first channel of the last frame
		for j, v := range y {
			c := j % s.Outputs
			if s.Difference {
				v = (v - inputs[i][j/s.Outputs*in+last+c]) / cmp.Or(s.Weight, 1)
			}
			if len(s.Out.Std) > 0 {
				v = (v - s.Out.Mean[c]) / s.Out.Std[c]
			}
			targets[i] = append(targets[i], v)
		}
	}
	return net.Fit(targets)
}
