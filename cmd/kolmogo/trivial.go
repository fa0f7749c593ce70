package main

import (
	"context"

	"github.com/kolmogo/kolmogo/train"
)

// trivial is a prediction that asks no network: "input" repeats the last input frame, "mean" the mean target of the training set.
func (a *app) trivial(ctx context.Context, run *trained, what string, points int) (stepFunc, error) {
	outputs := run.predictor.Description.Outputs
	switch what {
	case "input":
		return func(dst, src []float32, shape []int, _ train.Told) error {
			channels := shape[len(shape)-1]
			if channels < outputs {
				return usagef("--instead input: %d input channels for a prediction of %d", channels, outputs)
			}
			for i := range len(dst) / outputs {
				copy(dst[i*outputs:(i+1)*outputs], src[(i+1)*channels-outputs:])
			}
			return nil
		}, nil
	case "mean":
		mean, err := a.meanTarget(ctx, run, points)
		if err != nil {
			return nil, err
		}
		return func(dst, _ []float32, _ []int, _ train.Told) error {
			for i := range dst {
				dst[i] = float32(mean[i%len(mean)])
			}
			return nil
		}, nil
	}
	return nil, usagef("--instead %q: use input or mean", what)
}

// meanTarget is the mean of the training targets at every point.
func (a *app) meanTarget(ctx context.Context, run *trained, points int) ([]float64, error) {
	set, done, err := a.openPart(ctx, run, "", "train", points)
	if err != nil {
		return nil, err
	}
	defer done()
	var mean []float64
	n := 0
	for b, err := range run.config.Data.loader(set, 0, false).Batches(ctx, 0, 0) {
		if err != nil {
			return nil, err
		}
		size := len(b.Target) / b.TargetShape[0]
		if mean == nil {
			mean = make([]float64, size)
		}
		for i, v := range b.Target {
			mean[i%size] += float64(v)
		}
		n += b.TargetShape[0]
	}
	for i := range mean {
		mean[i] /= float64(n)
	}
	return mean, nil
}
