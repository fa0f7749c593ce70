package main

import (
	"context"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/kolmogo/kolmogo/datasets"
	"github.com/kolmogo/kolmogo/eval"
	"github.com/kolmogo/kolmogo/train"
)

// dataOptions are the flags of the commands that apply runs to data.
type dataOptions struct {
	runOptions
	data, split string
}

func dataFlags(cmd *cobra.Command, o *dataOptions) {
	o.device = "auto"
	cmd.Flags().StringVar(&o.data, "data", "", "another `FILE`, all of it, instead of the run's data")
	cmd.Flags().StringVar(&o.split, "split", "test", "test, valid or train")
	cmd.Flags().StringVar(&o.checkpoint, "checkpoint", "best", "best or last")
	cmd.Flags().StringArrayVar(&o.sets, "set", nil, "what predictions obey, other than in training: `model.constraint.KEY=value`, repeatable")
	deviceFlags(cmd, &o.device, &o.threads)
}

// usualPoints is the points per axis where none are asked for: as the run was trained, or all (0) of another file.
func (o dataOptions) usualPoints(run *trained) int {
	if o.data != "" {
		return 0
	}
	return run.config.Data.Resolution
}

// checkReportName reports a name that is no page's.
func checkReportName(report string) error {
	if report != "" && filepath.Ext(report) != ".html" {
		return usagef("--report %s: give a name that ends in .html", report)
	}
	return nil
}

// toldOf is what the prediction of a batch depends on beside its input.
func toldOf(b datasets.Batch) train.Told { return train.Told{Scalars: b.Condition, Samples: b.Indices} }

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
		if err := predict(out, b.Input, b.InputShape, toldOf(b)); err != nil {
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
		c = DataConfig{Path: data, Keys: c.Keys, Velocity: c.Velocity, Vectors: c.Vectors, Pseudo: c.Pseudo}
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
