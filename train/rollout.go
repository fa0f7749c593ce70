package train

import (
	"fmt"

	"github.com/kolmogo/kolmogo/engine"
	"github.com/kolmogo/kolmogo/op"
)

// Rollout feeds a surrogate its own predictions on the device: the last frames, and the counters of the noise, are variables that one
// program reads and updates, so that a step moves nothing between host and device. Its memory does not grow with its steps.
type Rollout struct {
	Step    int // steps done
	program *engine.Program
}

// NewRollout begins a rollout from initial [trajectory, x.., frames·channel], the oldest frame first within a point. first is the number
// of the first trajectory: noise is a function of the predictor's seed, the trajectory's number and the step. A new rollout with the
// same shape and number takes the place of an older one. The surrogate predicts every channel that it is given.
func (p *Predictor) NewRollout(initial []float32, shape []int, first int) (*Rollout, error) {
	if err := p.fits(shape); err != nil {
		return nil, err
	}
	if d := p.Description; d.Outputs != d.Channels {
		return nil, fmt.Errorf("%w: a rollout feeds predictions back, but the model makes %d channels of %d", ErrConfig, d.Outputs, d.Channels)
	}
	name := fmt.Sprintf("rollout.%d.%v", first, shape)
	prog, ok := p.rollouts[name]
	if !ok {
		var err error
		if prog, err = p.rolloutProgram(name, shape); err != nil {
			return nil, err
		}
		p.rollouts[name] = prog
	}
	samples := make([]int, shape[0])
	for i := range samples {
		samples[i] = first + i
	}
	state := make([]float64, len(initial))
	for i, v := range initial {
		state[i] = float64(v)
	}
	if err := p.store.Set(name+".state", state); err != nil {
		return nil, err
	}
	if err := p.store.Set(name+".draws", drawCounters(shape[0], Told{Samples: samples})); err != nil {
		return nil, err
	}
	return &Rollout{program: prog}, nil
}

// rolloutProgram compiles one step: u ← surrogate(state), state ← its later frames and u, counters ← counters + 1.
func (p *Predictor) rolloutProgram(name string, shape []int) (*engine.Program, error) {
	g := op.NewGraph()
	d := op.Of(shape...)
	state := g.Variable(name+".state", p.Precision, d)
	draws := g.Variable(name+".draws", p.Precision, op.Of(shape[0], 2))
	y := p.sample(g, state, draws)
	next, axis := y, d.Rank()-1
	if y.Valid() && y.Dims() != d {
		channels := y.Dims().At(-1)
		next = op.Concat(axis, op.SliceAxis(state, axis, channels, d.At(-1)-channels), y)
	}
	updates := []engine.Update{{Variable: state, Value: next}, {Variable: draws, Value: nextCounter(draws)}}
	return engine.Compile(g, []op.Value{y}, updates, p.store)
}

// nextCounter is the step counters [batch, 2] one step later: (low + 1, high), and at low + 1 = 2²⁰ (0, high + 1).
func nextCounter(c op.Value) op.Value {
	const base = 1 << 20
	low, high := op.Affine(op.SliceAxis(c, 1, 0, 1), 1, 1), op.SliceAxis(c, 1, 1, 1)
	carry := op.ReLU(op.Affine(low, 1, 1-base)) // 1 where low is 2²⁰, else 0
	return op.Concat(1, op.Sub(low, op.Scale(carry, base)), op.Add(high, carry))
}

// Next makes the next step. scalars [trajectory, condition] are what the model is told for it; nil: the same as before.
func (r *Rollout) Next(scalars []float32) error {
	if scalars != nil {
		if err := engine.Feed(r.program, inputGiven, scalars); err != nil {
			return err
		}
	}
	if err := r.program.Run(); err != nil {
		return err
	}
	r.Step++
	return nil
}

// Frame copies the last predicted frame [trajectory, x.., channel] into dst. Non-finite values are passed on like any other.
func (r *Rollout) Frame(dst []float32) error { return engine.Output(r.program, 0, dst) }
