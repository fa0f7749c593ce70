package datasets

import (
	"context"
	"fmt"
	"iter"
	"slices"
)

// plan is a loader that was checked, with its shapes.
type plan struct {
	Loader
	input, target []int // shapes of a frame, [x.., channel]
	starts        int   // samples of a trajectory
	samples       int
	batches       int
	prefetch      int
	frames        []float32 // one sample as it was read
	spare         []float32 // one frame
	conditions    *Conditions
	constants     Fields    // nil: none
	constant      []float32 // those of one sample, of shape constantShape
	constantShape []int
	turns         *augmenter // nil: nothing to augment
}

func (l *Loader) plan() (*plan, error) {
	p := &plan{Loader: *l, prefetch: l.Prefetch, starts: 1}
	fail := func(err error) (*plan, error) { return nil, fmt.Errorf("datasets: %s: %w", l.Set.Path, err) }
	if l.Batch < 0 || l.Prefetch < 0 {
		return fail(fmt.Errorf("batch %d, prefetch %d", l.Batch, l.Prefetch))
	}
	if p.Batch == 0 {
		p.Batch = 1
	}
	if p.prefetch == 0 {
		p.prefetch = 2
	}
	var err error
	if p.Window, err = p.Window.complete(); err != nil {
		return fail(err)
	}
	target := l.Set.Target().Shape()
	p.target, p.input = target[2:], target[2:]
	if l.Set.Pairs() {
		if p.Window != (Window{1, 1, 1}) {
			return fail(fmt.Errorf("pairs have no time for a window of %+v", l.Window))
		}
		p.input = l.Set.Inputs.Shape()[2:]
	} else if p.starts, err = p.Window.starts(target[1]); err != nil {
		return fail(err)
	}
	if p.conditions, err = l.Set.Conditions(l.Condition, p.Window.Stride); err != nil {
		return nil, err
	}
	if len(l.Constants) > 0 {
		if p.constants, err = l.Set.ConstantFields(l.Constants); err != nil {
			return fail(err)
		}
		p.constantShape = p.constants.Shape()[2:]
		p.constant = make([]float32, product(p.constantShape))
	}
	if p.turns, err = newAugmenter(l); err != nil {
		return fail(err)
	}
	p.samples = target[0] * p.starts
	p.Batch = min(p.Batch, p.samples)
	p.batches = (p.samples + p.Batch - 1) / p.Batch
	in, out := product(p.input), product(p.target)
	p.frames = make([]float32, p.Window.History*in+p.Window.Unroll*out)
	p.spare = make([]float32, max(in, out, len(p.constant)))
	return p, nil
}

func product(shape []int) int { return Array{Shape: shape}.Len() }

// newBatch allocates a batch buffer.
func (p *plan) newBatch() *Batch {
	last := len(p.input) - 1
	b := &Batch{Indices: make([]int, 0, p.Batch)}
	b.InputShape = append([]int{p.Batch}, p.input...)
	b.InputShape[1+last] = p.Window.History * (p.input[last] + len(p.Constants))
	b.TargetShape = append([]int{p.Batch}, p.target...)
	if !p.Set.Pairs() {
		b.TargetShape = slices.Insert(b.TargetShape, 1, p.Window.Unroll)
	}
	b.Input = make([]float32, product(b.InputShape))
	b.Target = make([]float32, product(b.TargetShape))
	if n := len(p.Condition); n > 0 {
		b.ConditionShape = []int{p.Batch, p.Window.Unroll, n}
		b.Condition = make([]float32, product(b.ConditionShape))
	}
	return b
}

// produce fills batches until the epoch or ctx ends.
func (p *plan) produce(ctx context.Context, epoch, first int, free <-chan *Batch, ready chan<- filled) {
	order := p.order(epoch)
	for ; first < p.batches; first++ {
		var b *Batch
		select {
		case b = <-free:
		case <-ctx.Done():
			return
		}
		samples := order[first*p.Batch : min((first+1)*p.Batch, p.samples)]
		err := p.fill(ctx, b, epoch, samples)
		select {
		case ready <- filled{b, err}:
		case <-ctx.Done():
			return
		}
		if err != nil {
			return
		}
	}
}

// order returns the numbers of the samples in the order of an epoch.
func (p *plan) order(epoch int) []int {
	if !p.Sequential {
		if begins := p.blocks(shuffleBytes); begins != nil {
			return p.chunkOrder(epoch, begins, shuffleBytes)
		}
		return shuffle(p.samples, p.Seed, epoch)
	}
	order := make([]int, p.samples)
	for i := range order {
		order[i] = i
	}
	return order
}

func (p *plan) fill(ctx context.Context, b *Batch, epoch int, samples []int) error {
	b.Indices = append(b.Indices[:0], samples...)
	in, out := len(b.Input)/p.Batch, len(b.Target)/p.Batch
	for row, sample := range samples {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		if err := p.read(sample); err != nil {
			return err
		}
		if err := p.beside(b, row, sample); err != nil {
			return err
		}
		if err := p.augment(b, row, epoch, sample); err != nil {
			return err
		}
		history := p.Window.History * product(p.input)
		p.interleave(b.Input[row*in:(row+1)*in], p.frames[:history])
		copy(b.Target[row*out:(row+1)*out], p.frames[history:])
	}
	return nil
}

// read reads the frames of a sample, those of the input first.
func (p *plan) read(sample int) error {
	if p.Set.Pairs() {
		in := product(p.input)
		if err := p.Set.Inputs.ReadFrames(p.frames[:in], sample, 0, 1); err != nil {
			return err
		}
		return p.Set.Outputs.ReadFrames(p.frames[in:], sample, 0, 1)
	}
	trajectory, start := sample/p.starts, sample%p.starts
	count := p.Window.History + p.Window.Unroll
	if p.Window.Stride == 1 {
		return p.Set.Fields.ReadFrames(p.frames, trajectory, start, count)
	}
	n := product(p.target)
	for i := range count {
		if err := p.Set.Fields.ReadFrames(p.frames[i*n:(i+1)*n], trajectory, start+i*p.Window.Stride, 1); err != nil {
			return err
		}
	}
	return nil
}

// beside reads what stands beside the frames of a sample into its row of the batch.
func (p *plan) beside(b *Batch, row, sample int) error {
	trajectory, start := sample/p.starts, sample%p.starts
	last := start + (p.Window.History-1)*p.Window.Stride
	for k, numbers := range p.conditionsOf(b, row) {
		if err := p.conditions.Read(numbers, trajectory, last+k*p.Window.Stride); err != nil {
			return err
		}
	}
	if p.constants == nil {
		return nil
	}
	return p.constants.ReadFrames(p.constant, trajectory, 0, 1)
}

// conditionsOf yields the conditions of each step of a row of a batch.
func (p *plan) conditionsOf(b *Batch, row int) iter.Seq2[int, []float32] {
	return func(yield func(int, []float32) bool) {
		n := len(p.Condition)
		for k := range len(b.Condition) / p.Batch / max(n, 1) {
			at := (row*p.Window.Unroll + k) * n
			if !yield(k, b.Condition[at:at+n]) {
				return
			}
		}
	}
}

// interleave writes frames [history, x.., channel] as [x.., history·(channel+constant)].
func (p *plan) interleave(dst, frames []float32) {
	channels := p.input[len(p.input)-1]
	points := product(p.input) / channels
	history, constants := p.Window.History, len(p.Constants)
	for h := range history {
		for i := range points {
			to := dst[(i*history+h)*(channels+constants):][:channels+constants]
			copy(to[:channels], frames[(h*points+i)*channels:])
			copy(to[channels:], p.constant[i*constants:])
		}
	}
}
