package main

import (
	"context"
	"iter"

	"github.com/kolmogo/kolmogo/eval"
	"github.com/kolmogo/kolmogo/train"
)

// rollout yields the steps that the surrogate makes of initial [trajectory, history, x.., channel], on the device. The values of a frame
// are overwritten by the next one. told gives the conditions of a step.
func (r *trained) rollout(ctx context.Context, initial eval.Field[float32], steps int, told func(step int) ([]float32, error)) iter.Seq2[eval.Frame, error] {
	n, history, channels := initial.Trajectories(), initial.Frames(), initial.Channels()
	grid := initial.Grid()
	plan := train.RolloutPlan{
		Initial: sideBySide(initial), Shape: append(append([]int{n}, grid...), history*channels),
		Batch: max(r.config.Data.Batch, rolloutBatch), Steps: steps, Scalars: told,
	}
	shape := append(append([]int{n, 1}, grid...), r.predictor.Description.Outputs)
	return func(yield func(eval.Frame, error) bool) {
		for f, err := range r.predictor.Rollout(ctx, plan) {
			if !yield(eval.Frame{Step: f.Step, Values: eval.Field[float32]{Data: f.Values, Shape: shape}}, err) {
				return
			}
		}
	}
}

// rolloutBatch is the least number of trajectories that are rolled out together.
const rolloutBatch = 32

// sideBySide lays the frames of every point beside each other: [trajectory, x.., history·channel].
func sideBySide(f eval.Field[float32]) []float32 {
	n, history, channels := f.Trajectories(), f.Frames(), f.Channels()
	list := make([]float32, len(f.Data))
	points := len(f.Data) / n / history / channels
	for i := range n {
		for t := range history {
			frame := f.Frame(i, t).Data
			for x := range points {
				copy(list[((i*points+x)*history+t)*channels:], frame[x*channels:(x+1)*channels])
			}
		}
	}
	return list
}
