package train

import (
	"context"
	"fmt"
	"math"

	"github.com/kolmogo/kolmogo/datasets"
	"github.com/kolmogo/kolmogo/engine"
	"github.com/kolmogo/kolmogo/op"
)

// LevelError is how well a refiner's network answers at one level.
type LevelError struct {
	Level float64 // its number
	Noise float64 // deviation of the noise in the state, in the network's units
	Loss  float64 // mean square error of the answer
	// Error is that of the y which state and answer tell, in the network's units: a level helps where its error is below that of the
	// levels before it.
	Error float64
}

// LevelErrors judges the network of a refiner level by level on the samples of a loader, with the loss of the objective refiner; nil for
// a surrogate whose step is one call.
func (p *Predictor) LevelErrors(ctx context.Context, l *datasets.Loader) ([]LevelError, error) {
	process := p.surrogate.Process
	if !draws(p.surrogate) {
		return nil, nil
	}
	o := &denoising{seed: p.Seed, process: process}
	list := make([]LevelError, process.Stages())
	programs := map[string]*engine.Program{}
	n := 0
	for b, err := range l.Batches(ctx, 0, 0) {
		if err != nil {
			return nil, err
		}
		key := fmt.Sprint(b.InputShape, b.TargetShape, b.ConditionShape)
		prog, ok := programs[key]
		if !ok {
			if prog, err = p.levelProgram(o, b); err != nil {
				return nil, err
			}
			programs[key] = prog
		}
		counter := op.StepCounter(uint64(n))
		for name, data := range map[string][]float32{inputX: b.Input, inputY: b.Target, inputGiven: b.Condition, inputCounter: {float32(counter[0]), float32(counter[1])}} {
			if err := engine.Feed(prog, name, data); err != nil {
				return nil, err
			}
		}
		samples := b.InputShape[0]
		for i := range list {
			level := process.At((float64(i) + 0.5) / float64(len(list)))
			o.table = o.table[:0]
			for range samples {
				o.table = level.AppendTo(o.table)
			}
			if err := engine.Feed(prog, inputLevels, o.table); err != nil {
				return nil, err
			}
			if err := prog.Run(); err != nil {
				return nil, err
			}
			loss, err := prog.Scalar(0)
			if err != nil {
				return nil, err
			}
			list[i].Level, list[i].Noise, list[i].Error = level.Number, level.Noise, level.Amplification()
			list[i].Loss += loss * float64(samples)
		}
		n += samples
	}
	for i := range list {
		list[i].Loss /= float64(n)
		list[i].Error *= math.Sqrt(list[i].Loss)
	}
	return list, nil
}

// levelProgram is the loss of a batch at the levels that it is fed.
func (p *Predictor) levelProgram(o *denoising, b datasets.Batch) (*engine.Program, error) {
	g, t := op.NewGraph(), p.Precision
	v := batchValues{x: g.Input(inputX, t, op.Of(b.InputShape...)), y: g.Input(inputY, t, op.Of(b.TargetShape...)), counter: g.Input(inputCounter, t, op.Of(2)), seed: p.Seed}
	if b.ConditionShape != nil {
		v.given = g.Input(inputGiven, t, op.Of(b.ConditionShape...))
	}
	loss, err := o.loss(p.surrogate, v, Config{})
	if err != nil {
		return nil, err
	}
	return engine.Compile(g, []op.Value{loss}, nil, p.store)
}
