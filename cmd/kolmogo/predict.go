package main

import (
	"slices"

	"github.com/kolmogo/kolmogo/datasets"
	"github.com/kolmogo/kolmogo/train"
)

// stepFunc writes the prediction for src [batch, x.., frames·channel] of the given shape into dst [batch, x.., output].
type stepFunc func(dst, src []float32, shape []int, told train.Told) error

// fits reports a set whose channels or axes are not those of the surrogate.
func (r *trained) fits(set *datasets.Set) error {
	d := r.predictor.Description
	channels, outputs := set.Meta.Channels, set.Meta.Channels
	if set.Pairs() {
		channels = set.Meta.InputChannels
	}
	channels = slices.Concat(channels, r.config.Data.Constants)
	if axes := len(space(set)); axes != d.Axes || len(channels) != d.Channels || len(outputs) != d.Outputs {
		return usagef("the surrogate maps %d channels to %d on %d axes, but %s has %d and %d on %d",
			d.Channels, d.Outputs, d.Axes, set.Path, len(channels), len(outputs), axes)
	}
	return nil
}

// averaged is the mean over the symmetries g of the square of g⁻¹ f(g a): eight predictions f.
func (r *trained) averaged(f stepFunc, set *datasets.Set) (stepFunc, error) {
	if !slices.Contains(r.config.Data.Augment, "symmetries") {
		return nil, usagef("--average needs a run that was trained with data.augment: [symmetries]")
	}
	reflection := r.config.Data.reflection()
	group := datasets.Symmetries(space(set), reflection)
	outputTurns, err := set.Meta.Turning(set.Meta.Channels)
	if err != nil {
		return nil, inUsage(err)
	}
	inputs := set.Meta.Channels
	if set.Pairs() {
		inputs = set.Meta.InputChannels
	}
	inputTurns, err := set.Meta.Turning(slices.Concat(inputs, r.config.Data.Constants))
	if err != nil {
		return nil, inUsage(err)
	}
	inputTurns = repeated(inputTurns, max(r.config.Data.Window.History, 1))
	outputs := r.predictor.Description.Outputs
	return func(dst, src []float32, shape []int, told train.Told) error {
		turned, predicted, back := make([]float32, len(src)), make([]float32, len(dst)), make([]float32, len(dst))
		sum := make([]float64, len(dst))
		grid := shape[1 : len(shape)-1]
		for _, g := range group {
			samples(turned, src, shape[0], g, append(slices.Clone(grid), shape[len(shape)-1]), inputTurns)
			if err := f(predicted, turned, shape, told); err != nil {
				return err
			}
			samples(back, predicted, shape[0], g.Inverse(), append(slices.Clone(grid), outputs), outputTurns)
			for i, v := range back {
				sum[i] += float64(v)
			}
		}
		for i, v := range sum {
			dst[i] = float32(v / float64(len(group)))
		}
		return nil
	}, nil
}

// repeated says how the channels of several frames turn.
func repeated(channels []datasets.Channel, frames int) []datasets.Channel {
	var all []datasets.Channel
	for k := range frames {
		for _, c := range channels {
			c.Components = slices.Clone(c.Components)
			for i := range c.Components {
				c.Components[i] += k * len(channels)
			}
			all = append(all, c)
		}
	}
	return all
}

// samples applies a transform to each of n samples of the given shape.
func samples(dst, src []float32, n int, g datasets.Transform, shape []int, channels []datasets.Channel) {
	size := len(src) / n
	for i := range n {
		g.Apply(dst[i*size:(i+1)*size], src[i*size:(i+1)*size], shape, channels)
	}
}
