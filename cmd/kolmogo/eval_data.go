package main

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/kolmogo/kolmogo/datasets"
	"github.com/kolmogo/kolmogo/eval"
)

// oneStep judges every sample of a loader.
func oneStep(ctx context.Context, l *datasets.Loader, predict stepFunc, metrics []eval.Metric) (results []eval.Result, n int, err error) {
	acc := eval.NewAccumulator[float32](metrics...)
	var out []float32
	for b, err := range l.Batches(ctx, 0, 0) {
		if err != nil {
			return nil, 0, err
		}
		shape := append([]int{b.TargetShape[0], 1}, b.TargetShape[len(b.TargetShape)-(len(b.InputShape)-1):]...)
		out = slices.Grow(out[:0], len(b.Target))[:len(b.Target)]
		if err := predict(out, b.Input, b.InputShape); err != nil {
			return nil, 0, err
		}
		if err := acc.Add(eval.Field[float32]{Data: out, Shape: shape}, eval.Field[float32]{Data: b.Target, Shape: shape}); err != nil {
			return nil, 0, inUsage(err) // a metric that does not fit the data
		}
		n += b.InputShape[0]
	}
	results, err = acc.Results()
	return results, n, inUsage(err)
}

// openPart opens the part of the run's data, or the other file, on a grid.
func (a *app) openPart(ctx context.Context, run *trained, data, split string, points int) (set *datasets.Set, done func() error, err error) {
	if points < 0 {
		return nil, nil, usagef("--resolution %d: give a number of points", points)
	}
	c := run.config.Data
	if data != "" {
		c = DataConfig{Path: data, Keys: c.Keys}
		split = "train" // a file by itself is undivided
	}
	splits, err := a.openData(ctx, c, points)
	if err != nil {
		return nil, nil, err
	}
	switch split {
	case "train":
		set = splits.Train
	case "valid":
		set = splits.Valid
	case "test":
		set = splits.Test
	default:
		return nil, nil, closing(usagef("--split %q: use test, valid or train", split), splits.Close)
	}
	if set == nil {
		return nil, nil, closing(usagef("the run's configuration sets no data aside for --split %s: give --data FILE, or set data.split.%s", split, split), splits.Close)
	}
	if err := run.fits(set); err != nil {
		return nil, nil, closing(err, splits.Close)
	}
	return set, splits.Close, nil
}

// closing is err after something was closed because of it.
func closing(err error, end func() error) error {
	end() // err is what matters
	return err
}

// gridName is 64 for 64 or 64 × 64 points, else 64x32.
func gridName(grid []int) string {
	if slices.Max(grid) == slices.Min(grid) {
		return strconv.Itoa(grid[0])
	}
	parts := make([]string, len(grid))
	for i, n := range grid {
		parts[i] = strconv.Itoa(n)
	}
	return strings.Join(parts, "x")
}
