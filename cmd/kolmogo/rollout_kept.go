package main

import (
	"slices"

	"github.com/kolmogo/kolmogo/eval"
)

// kept holds the frames of some trajectories that pictures are made of: one channel, on lines or on planes.
type kept struct {
	trajectories []int
	channel      int
	last         int // step
	every        int // steps between two frames
	steps        []int
	grid         []int       // of a frame: one or two axes
	prediction   [][]float64 // by trajectory, [time, x..]
	target       [][]float64 // as long as there is truth
}

// The frames that are kept: enough for a space–time picture on a line, and for an animation on a plane.
const (
	keptTrajectories = 6
	keptLines        = 400
	keptPlanes       = 40
)

// newKept keeps frames of the steps up to last.
func newKept(trajectories, last, channel int, grid []int) *kept {
	k := &kept{channel: channel, grid: grid[max(0, len(grid)-2):], last: last, every: 1 + (last-1)/keptLines}
	if len(grid) > 1 {
		k.every = 1 + (last-1)/keptPlanes
	}
	n := min(trajectories, keptTrajectories)
	for i := range n {
		k.trajectories = append(k.trajectories, i*trajectories/n)
	}
	k.prediction, k.target = make([][]float64, n), make([][]float64, n)
	return k
}

// add keeps what it wants of a step.
func (k *kept) add(step int, pred, target eval.Field[float32]) {
	if (step-1)%k.every != 0 || step > k.last {
		return
	}
	k.steps = append(k.steps, step)
	for i, b := range k.trajectories {
		k.prediction[i] = append(k.prediction[i], k.cut(pred, b)...)
		if target.Data != nil {
			k.target[i] = append(k.target[i], k.cut(target, b)...)
		}
	}
}

// cut is the channel of a frame, of three axes the plane in the middle of the first.
func (k *kept) cut(f eval.Field[float32], trajectory int) []float64 {
	v := f.Space(trajectory, 0, k.channel)
	n := points(k.grid)
	middle := len(v) / n / 2
	return slices.Clone(v[middle*n : (middle+1)*n])
}

// compared is how many of the frames have a truth beside them.
func (k *kept) compared() int { return len(k.target[0]) / points(k.grid) }
