package pde

import (
	"fmt"
	"runtime"
	"sync"
)

// Batch advances many trajectories of one periodic equation side by side, in float32 or float64, each as [ETDRK] alone would to
// rounding: on a line, Kernels may transform two trajectories as one complex signal.
type Batch[T Float] struct {
	Equation     Equation
	Grid         Fourier
	Method       ETDRK
	Trajectories int
	Workers      int        // goroutines; 0 means one for each processor
	Kernels      Kernels[T] // nil means Portable
}

// BatchStepper is a [Batch] at work. Its state is [trajectory, channel, x0, x1, …].
type BatchStepper[T Float] struct {
	parts []*batchPart[T]
	wait  sync.WaitGroup
	u     []T
}

// Stepper divides the trajectories among the workers and allocates their memory.
func (b Batch[T]) Stepper() (*BatchStepper[T], error) {
	if b.Trajectories < 1 || b.Workers < 0 {
		return nil, fmt.Errorf("pde: a batch of %d trajectories on %d workers", b.Trajectories, b.Workers)
	}
	workers := b.Workers
	if workers == 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	workers = min(workers, b.Trajectories)
	s := &BatchStepper[T]{}
	for i := range workers {
		first, end := i*b.Trajectories/workers, (i+1)*b.Trajectories/workers
		p := &batchPart[T]{owner: s, first: first, count: end - first, run: 1}
		if len(b.Grid.Points) == 1 { // rows of one number are too short to be fast
			p.run = p.count
		}
		var err error
		if p.stepper, err = newETDRK(b.Method, b.Equation, b.Grid, p.run, b.Kernels); err != nil {
			return nil, err
		}
		p.size = p.stepper.space.channels * p.stepper.space.all.size
		p.state = make([]T, p.size*p.run)
		p.work = p.advance
		s.parts = append(s.parts, p)
	}
	return s, nil
}

// Step advances all trajectories by the method's Dt.
func (s *BatchStepper[T]) Step(u []T) {
	s.u = u
	s.wait.Add(len(s.parts) - 1)
	for _, p := range s.parts[1:] {
		go p.work()
	}
	s.parts[0].step()
	s.wait.Wait()
	s.u = nil
}

// batchPart is the trajectories of one worker, run of them at a time lying innermost.
type batchPart[T Float] struct {
	owner             *BatchStepper[T]
	stepper           *spectral[T]
	first, count, run int
	size              int // numbers of one trajectory
	state             []T
	work              func() // advance: made once, so that a step allocates nothing
}

func (p *batchPart[T]) advance() {
	defer p.owner.wait.Done()
	p.step()
}

func (p *batchPart[T]) step() {
	for at := p.first; at < p.first+p.count; at += p.run {
		u := p.owner.u[at*p.size : (at+p.run)*p.size]
		if p.run == 1 {
			p.stepper.Step(u)
			continue
		}
		k := p.stepper.space.k
		k.Transpose(p.state, u, p.run, p.size)
		p.stepper.Step(p.state)
		k.Transpose(u, p.state, p.size, p.run)
	}
}
