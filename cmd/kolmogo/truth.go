package main

import (
	"github.com/kolmogo/kolmogo/datasets"
	"github.com/kolmogo/kolmogo/eval"
)

// truth reads the stored frames that steps are compared with, a block of them at a time.
type truth struct {
	fields               datasets.Fields
	n                    int // trajectories
	first, stride, count int // stored frames: of step one, between steps, and how many steps have one
	block                eval.Field[float32]
	begin                int // step of the block's first frame, counted from zero
}

// truthBytes is how much of the truth is held in memory.
const truthBytes = 64 << 20

// frame is the stored frame of a step, counted from one, [trajectory, 1, x.., channel], until the next call; without data past the last one.
func (t *truth) frame(step int) (eval.Field[float32], error) {
	shape := append([]int{t.n, 1}, t.fields.Shape()[2:]...)
	at := step - 1
	if at >= t.count {
		return eval.Field[float32]{}, nil
	}
	if t.block.Data == nil || at < t.begin || at >= t.begin+t.block.Frames() {
		frames := max(1, truthBytes/(4*points(shape)))
		t.begin = at
		var err error
		if t.block, err = readFrames(t.fields, t.n, t.first+at*t.stride, t.stride, min(frames, t.count-at)); err != nil {
			return eval.Field[float32]{}, err
		}
	}
	f := eval.Field[float32]{Shape: shape, Data: make([]float32, 0, points(shape))}
	for b := range t.n {
		f.Data = append(f.Data, t.block.Frame(b, at-t.begin).Data...)
	}
	return f, nil
}

// readFrames reads count frames from first on, each stride after the one before, of n trajectories.
func readFrames(f datasets.Fields, n, first, stride, count int) (eval.Field[float32], error) {
	shape := append([]int{n, count}, f.Shape()[2:]...)
	size := points(shape[2:])
	field := eval.Field[float32]{Shape: shape, Data: make([]float32, n*count*size)}
	if stride == 1 && count > 0 {
		for b := range n {
			if err := f.ReadFrames(field.Data[b*count*size:(b+1)*count*size], b, first, count); err != nil {
				return field, inData(err)
			}
		}
		return field, nil
	}
	for i := range n * count {
		if err := f.ReadFrames(field.Data[i*size:(i+1)*size], i/count, first+i%count*stride, 1); err != nil {
			return field, inData(err)
		}
	}
	return field, nil
}

// conditionsOf reads the conditions [trajectory, condition] of n trajectories for steps counted from one, the first of which begins with the
// stored frame first; nil where there are none.
func conditionsOf(c *datasets.Conditions, n, first, stride int) func(step int) ([]float32, error) {
	numbers := len(c.Names)
	if numbers == 0 {
		return nil
	}
	list := make([]float32, n*numbers)
	return func(step int) ([]float32, error) {
		for i := range n {
			if err := c.Read(list[i*numbers:(i+1)*numbers], i, first+(step-1)*stride); err != nil {
				return nil, inData(err)
			}
		}
		return list, nil
	}
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
