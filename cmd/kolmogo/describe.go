package main

import (
	"context"

	"github.com/kolmogo/kolmogo/datasets"
	"github.com/kolmogo/kolmogo/models"
)

// surrogateFor describes the surrogate for a training set: its channels, and the normalisation measured on the set.
func surrogateFor(ctx context.Context, c Config, set *datasets.Set) (models.Description, error) {
	grid := space(set)
	d := models.Description{Axes: len(grid), Grid: grid, Frames: 1, Outputs: len(set.Meta.Channels), Difference: c.Data.Target == "difference"}
	input, output, names := set.Target(), set.Target(), set.Meta.Channels
	switch {
	case set.Pairs() && d.Difference:
		return d, usagef("data.target is difference, but %s holds pairs, which have no last frame: use value", set.Path)
	case set.Pairs():
		input, names = set.Inputs, set.Meta.InputChannels
	default:
		d.Frames = max(c.Data.Window.History, 1)
		if d.Difference {
			output = changes{set.Fields, max(c.Data.Window.Stride, 1)}
		}
	}
	d.Channels = len(names) + len(c.Data.Constants)
	if d.Weight = c.Data.Weight; d.Weight != 0 && (!d.Difference || c.Data.Normalise != "none" || !(d.Weight > 0)) {
		return d, usagef("data.difference_weight %v: must be positive, and is for data.target difference with data.normalise none", d.Weight)
	}
	if len(c.Data.Constants) > 0 && c.Data.Window.Unroll > 1 {
		return d, usagef("data.constants are not predicted, so that data.window.unroll must be 1")
	}
	var err error
	if d.Model, err = c.Model.Resolve(d.Axes); err != nil {
		return d, inUsage(err)
	}
	if d.Refiner, err = c.Refiner.Resolve(); err != nil {
		return d, inUsage(err)
	}
	d.Condition = c.Data.Condition
	conditions, err := set.Conditions(d.Condition, c.Data.Window.Stride)
	if err != nil {
		return d, inUsage(err)
	}
	if c.Data.Normalise == "none" {
		return d, nil
	}
	if len(d.Condition) > 0 {
		s, err := conditions.Measure(ctx)
		if err != nil {
			return d, inData(err)
		}
		d.Scalars = scalingOf(s)
	}
	if d.Input, err = scaling(ctx, input, names); err != nil {
		return d, err
	}
	if len(c.Data.Constants) > 0 {
		f, err := set.ConstantFields(c.Data.Constants)
		if err != nil {
			return d, inUsage(err)
		}
		s, err := scaling(ctx, f, c.Data.Constants)
		if err != nil {
			return d, err
		}
		d.Input.Mean, d.Input.Std = append(d.Input.Mean, s.Mean...), append(d.Input.Std, s.Std...)
	}
	d.Output, err = scaling(ctx, output, set.Meta.Channels)
	return d, err
}

// scaling measures mean and deviation of each channel; a constant channel is only shifted.
func scaling(ctx context.Context, f datasets.Fields, names []string) (models.Scaling, error) {
	s, err := datasets.Measure(ctx, f, names)
	if err != nil {
		return models.Scaling{}, inData(err)
	}
	return scalingOf(s), nil
}

func scalingOf(s datasets.Statistics) models.Scaling {
	var r models.Scaling
	for _, c := range s.Channels {
		if c.Std == 0 {
			c.Std = 1
		}
		r.Mean, r.Std = append(r.Mean, c.Mean), append(r.Std, c.Std)
	}
	return r
}

// changes is uₜ₊ₛ − uₜ of fields, s the stored frames of a step.
type changes struct {
	datasets.Fields
	stride int
}

// Shape implements [datasets.Fields].
func (c changes) Shape() []int {
	shape := append([]int{}, c.Fields.Shape()...)
	shape[1] = max(shape[1]-c.stride, 0)
	return shape
}

// ReadFrames64 implements [datasets.Fields].
func (c changes) ReadFrames64(dst []float64, trajectory, first, count int) error {
	before := make([]float64, len(dst))
	if err := c.Fields.ReadFrames64(before, trajectory, first, count); err != nil {
		return err
	}
	if err := c.Fields.ReadFrames64(dst, trajectory, first+c.stride, count); err != nil {
		return err
	}
	for i, v := range before {
		dst[i] -= v
	}
	return nil
}
