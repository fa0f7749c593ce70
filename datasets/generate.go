package datasets

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"time"

	"github.com/kolmogo/kolmogo/pde"
)

// Options of a generation. None of them changes a trajectory, but that Kernels may round in another way than the portable ones.
type Options struct {
	N        int                   // trajectories; 0 means the recipe's
	Start    int                   // number of the first one: record i is trajectory Start + i
	Done     int                   // records at the beginning that are there already
	Workers  int                   // goroutines; 0 means one for each processor
	Kernels  pde.Kernels[float64]  // of spectral methods; nil means the portable ones
	Progress func(done, total int) // called after each trajectory, by one goroutine at a time
}

// Sink takes records in any order from several goroutines: the values of all parts, one after the other. It does not keep the slice.
type Sink interface {
	WriteRecord(i int, values []float64) error
}

// Generate computes records Done..N-1 and writes them to the sink. Record i is a function of the recipe and of Start + i alone:
// neither the number of workers nor their order changes it.
//
// It stops at the first error and when ctx is done, after the trajectories in progress; those that take long are then given up.
// The number that it returns, with or without an error, is that of the records at the beginning which are complete.
func Generate(ctx context.Context, r Recipe, o Options, sink Sink) (int, error) {
	p, err := r.Problem()
	if err != nil {
		return 0, err
	}
	return p.generate(ctx, o.defaults(r), sink)
}

func (o Options) defaults(r Recipe) Options {
	if o.N == 0 {
		o.N = r.N
	}
	if o.Workers == 0 {
		o.Workers = runtime.GOMAXPROCS(0)
	}
	return o
}

// patience is how long a trajectory in progress may still take when the generation is cancelled.
const patience = 2 * time.Second

func (p *Problem) generate(ctx context.Context, o Options, sink Sink) (int, error) {
	if o.N < 1 || o.Start < 0 || o.Done < 0 || o.Workers < 1 {
		return 0, fmt.Errorf("datasets: generate: n %d, start %d, done %d, workers %d: want n and workers from 1, the others from 0", o.N, o.Start, o.Done, o.Workers)
	}
	size := 0
	for _, part := range p.Parts {
		size += Array{Shape: part.Shape}.Len()
	}
	patient, stop := context.WithCancelCause(context.WithoutCancel(ctx))
	defer stop(nil)
	defer context.AfterFunc(ctx, func() {
		time.AfterFunc(patience, func() { stop(context.Cause(ctx)) })
	})()
	t := &tally{next: o.Done, prefix: o.Done, finished: o.Done, ahead: map[int]bool{}, Options: o}
	var wait sync.WaitGroup
	for range min(o.Workers, max(1, o.N-o.Done)) {
		wait.Go(func() {
			solve, err := p.Solver(o.Kernels)
			if err != nil {
				t.fail(fmt.Errorf("datasets: generate: %w", err))
				return
			}
			values := make([]float64, size)
			parts := p.split(values)
			for ctx.Err() == nil {
				i, ok := t.take()
				if !ok {
					return
				}
				if err := p.record(patient, i, o.Start, solve, values, parts, sink); err != nil {
					if ctx.Err() == nil || !errors.Is(err, context.Cause(ctx)) {
						t.fail(err)
					}
					return
				}
				t.finish(i)
			}
		})
	}
	wait.Wait()
	switch {
	case t.err != nil:
		return t.prefix, t.err
	case t.prefix < o.N:
		return t.prefix, fmt.Errorf("datasets: generate: stopped after %d of %d trajectories: %w", t.prefix, o.N, context.Cause(ctx))
	}
	return t.prefix, nil
}

// record computes and writes one record.
func (p *Problem) record(ctx context.Context, i, start int, solve Solve, values []float64, parts [][]float64, sink Sink) error {
	index := uint64(start) + uint64(i)
	if err := solve(ctx, index, parts); err != nil {
		return fmt.Errorf("datasets: generate: trajectory %d: %w", index, err)
	}
	if !allFinite(values) {
		return fmt.Errorf("datasets: generate: trajectory %d: %w", index, ErrUnstable)
	}
	return sink.WriteRecord(i, values)
}

// ErrUnstable is wrapped by the error of a solver that left the finite numbers.
var ErrUnstable = errors.New("the solution is not finite; give the solver more steps")

// split is one slice per part of a record's values.
func (p *Problem) split(values []float64) [][]float64 {
	var parts [][]float64
	for _, part := range p.Parts {
		n := Array{Shape: part.Shape}.Len()
		parts, values = append(parts, values[:n]), values[n:]
	}
	return parts
}

// tally hands out the records in order and knows which are finished.
type tally struct {
	Options
	mu       sync.Mutex
	next     int
	prefix   int          // records at the beginning that are finished
	ahead    map[int]bool // finished ones behind a gap
	finished int
	err      error
}

func (t *tally) take() (int, bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.err != nil || t.next >= t.N {
		return 0, false
	}
	t.next++
	return t.next - 1, true
}

func (t *tally) finish(i int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.ahead[i] = true
	for ; t.ahead[t.prefix]; t.prefix++ {
		delete(t.ahead, t.prefix)
	}
	t.finished++
	if t.Progress != nil {
		t.Progress(t.finished, t.N)
	}
}

// fail keeps the first error.
func (t *tally) fail(err error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.err == nil {
		t.err = err
	}
}
