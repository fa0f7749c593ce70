package datasets

import (
	"context"
	"fmt"
	"iter"
	"slices"
	"sync"
)

// Loader makes the batches of an epoch. Which samples a batch holds, and how they are augmented, is a function of
// (Seed, epoch, number of the batch) alone.
type Loader struct {
	Set   *Set
	Batch int // samples of a batch; 0 means 1
	Seed  uint64
	// Window cuts trajectories into samples; pairs are samples already.
	Window Window
	// Condition names the numbers that go with every sample, see [Conditions]; Constants names channels of the set's Constants, which
	// stand behind those of every frame of the input.
	Condition []string
	Constants []string
	// Augment is applied to every sample, in this order.
	Augment []Augmentation
	// Sequential keeps the order of the file, for evaluation.
	Sequential bool
	// Prefetch is the number of batches that are made ahead; 0 means 2.
	Prefetch int
}

// Batch is a few samples. Its slices are used again after the next step of the iteration: copy what must live longer.
type Batch struct {
	// Input is [batch, x.., history·(channels+constants)], the oldest frame first.
	Input      []float32
	InputShape []int
	// Target is [batch, unroll, x.., channel] for trajectories and [batch, x.., channel] for pairs.
	Target      []float32
	TargetShape []int
	// Condition is [batch, unroll, condition], the numbers for the step to each frame of the target; nil where the loader names none.
	Condition      []float32
	ConditionShape []int
	// Indices are the numbers of the samples: trajectory·starts + start for trajectories.
	Indices []int
}

// Len returns the number of samples and of batches of an epoch; the last batch may be short.
func (l *Loader) Len() (samples, batches int, err error) {
	p, err := l.plan()
	if err != nil {
		return 0, 0, err
	}
	return p.samples, p.batches, nil
}

// Batches yields the batches of an epoch from number first on, so that a run that was stopped before it continues exactly.
// One goroutine makes them ahead; it has ended when the loop over the batches has. An error is yielded once, as the last
// element: bad data, or the cause of ctx.
func (l *Loader) Batches(ctx context.Context, epoch, first int) iter.Seq2[Batch, error] {
	return func(yield func(Batch, error) bool) {
		p, err := l.plan()
		if err == nil && (first < 0 || first > p.batches) {
			err = fmt.Errorf("datasets: batch %d of an epoch of %d", first, p.batches)
		}
		if err != nil {
			yield(Batch{}, err)
			return
		}
		inner, cancel := context.WithCancel(ctx)
		var worker sync.WaitGroup
		defer worker.Wait()
		defer cancel()

		ready := make(chan filled, p.prefetch)
		free := make(chan *Batch, p.prefetch+2)
		for range cap(free) {
			free <- p.newBatch()
		}
		worker.Go(func() {
			defer close(ready)
			p.produce(inner, epoch, first, free, ready)
		})
		for b := range ready {
			if ctx.Err() != nil {
				break
			}
			if b.err != nil {
				yield(Batch{}, b.err)
				return
			}
			if !yield(b.view(), nil) {
				return
			}
			first++
			free <- b.Batch
		}
		if first < p.batches {
			yield(Batch{}, fmt.Errorf("datasets: stopped before batch %d of epoch %d: %w", first, epoch, context.Cause(ctx)))
		}
	}
}

// filled is a whole batch buffer, or the error of filling it.
type filled struct {
	*Batch
	err error
}

// view returns the part of the buffer that the batch's samples fill.
func (f filled) view() Batch {
	b := *f.Batch
	n := len(b.Indices)
	b.Input, b.InputShape = head(b.Input, b.InputShape, n)
	b.Target, b.TargetShape = head(b.Target, b.TargetShape, n)
	b.Condition, b.ConditionShape = head(b.Condition, b.ConditionShape, n)
	return b
}

// head returns the first n rows of an array.
func head(data []float32, shape []int, n int) ([]float32, []int) {
	if shape == nil {
		return nil, nil
	}
	rows := slices.Clone(shape)
	rows[0] = n
	return data[:len(data)/shape[0]*n], rows
}
