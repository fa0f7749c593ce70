package main

import (
	"context"

	"github.com/kolmogo/kolmogo/datasets"
	"github.com/kolmogo/kolmogo/eval"
)

// trajectory is a rollout beside the stored frames.
type trajectory struct {
	set        *datasets.Set
	steps      int
	times      []float64           // of each step
	initial    eval.Field[float32] // [trajectory, history, x.., channel]
	target     eval.Field[float32] // [trajectory, compared, x.., channel]
	prediction eval.Field[float32] // [trajectory, steps, x.., channel]
	growth     *eval.Growth
}

// startRollout reads the first frames of n trajectories, and those to compare with.
func startRollout(run *trained, set *datasets.Set, n, steps int) (*trajectory, error) {
	if set.Pairs() {
		return nil, usagef("%s holds pairs, which have no time to roll out in: use eval", set.Path)
	}
	shape := set.Fields.Shape()
	if n == 0 {
		n = shape[0]
	}
	if n > shape[0] {
		return nil, usagef("--n %d: there are %d trajectories", n, shape[0])
	}
	window := run.config.Data.Window
	history, stride := max(window.History, 1), max(window.Stride, 1)
	if shape[1] < 1+(history-1)*stride {
		return nil, usagef("%s holds %d frames, the surrogate begins with %d, each %d after the one before", set.Path, shape[1], history, stride)
	}
	stored := (shape[1]-1)/stride + 1 - history
	if steps == 0 {
		steps = stored
	}
	if steps == 0 {
		return nil, usagef("%s holds no frame after those that the surrogate begins with: give --steps", set.Path)
	}
	t := &trajectory{set: set, steps: steps, growth: &eval.Growth{}}
	var err error
	if t.initial, err = readFrames(set.Fields, n, 0, stride, history); err != nil {
		return nil, err
	}
	if t.target, err = readFrames(set.Fields, n, history*stride, stride, min(stored, steps)); err != nil {
		return nil, err
	}
	t.times = stepTimes(set.Meta.Times, (history-1)*stride, stride, steps)
	return t, nil
}

// readFrames reads count frames from first on, each stride after the one before, of n trajectories.
func readFrames(f datasets.Fields, n, first, stride, count int) (eval.Field[float32], error) {
	shape := append([]int{n, count}, f.Shape()[2:]...)
	size := 1
	for _, k := range shape[2:] {
		size *= k
	}
	field := eval.Field[float32]{Shape: shape, Data: make([]float32, n*count*size)}
	for i := range n * count {
		if err := f.ReadFrames(field.Data[i*size:(i+1)*size], i/count, first+i%count*stride, 1); err != nil {
			return field, inData(err)
		}
	}
	return field, nil
}

// stepTimes are the times of steps after frame start; where the file has none, or they end, they go on by the last difference.
func stepTimes(times []float64, start, stride, steps int) []float64 {
	if len(times) < start+2 {
		return nil
	}
	list := make([]float64, steps)
	last := len(times) - 1
	for i := range list {
		at := start + (i+1)*stride
		list[i] = times[min(at, last)] + float64(max(at-last, 0))*(times[last]-times[last-1])
	}
	return list
}

// run computes the steps.
func (t *trajectory) run(ctx context.Context, run *trained, bar *bar) error {
	defer bar.end()
	n := t.initial.Trajectories()
	t.prediction.Shape = append([]int{n, t.steps}, t.initial.Shape[2:]...)
	frame := len(t.initial.Data) / n / t.initial.Frames()
	t.prediction.Data = make([]float32, n*t.steps*frame)
	for f, err := range eval.Rollout(ctx, run.stepper(t.initial), t.initial, t.steps) {
		if err != nil {
			return err
		}
		for i := range n {
			copy(t.prediction.Frame(i, f.Step-1).Data, f.Values.Frame(i, 0).Data)
		}
		if f.Step <= t.target.Frames() {
			if err := t.growth.Add(f.Values, frameOf(t.target, f.Step-1)); err != nil {
				return err
			}
		}
		bar.show(f.Step, t.steps, "")
	}
	return nil
}

// frameOf is one frame of all trajectories.
func frameOf(f eval.Field[float32], time int) eval.Field[float32] {
	g := eval.Field[float32]{Shape: append([]int{f.Trajectories(), 1}, f.Shape[2:]...)}
	for i := range f.Trajectories() {
		g.Data = append(g.Data, f.Frame(i, time).Data...)
	}
	return g
}
