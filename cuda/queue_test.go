//go:build gpu

package cuda_test

import (
	"bytes"
	"slices"
	"testing"

	"github.com/kolmogo/kolmogo/cuda"
	"github.com/kolmogo/kolmogo/cuda/sim"
	"github.com/kolmogo/kolmogo/engine"
	"github.com/kolmogo/kolmogo/op"
)

// trainAhead runs n steps, each on a batch of its own, started before earlier ones are done where ahead, and returns their losses.
func (p trainer) trainAhead(t testing.TB, n int, ahead bool) (losses []float64) {
	t.Helper()
	if ahead {
		if err := p.Ahead(); err != nil {
			t.Fatal(err)
		}
	}
	for i := range n {
		if i%3 > 0 { // otherwise that of the step before stays
			if err := engine.Feed(p.Program, "y", batch(i, 3*10*12*6)); err != nil {
				t.Fatal(err)
			}
		}
		if err := p.Start(func(o engine.Outputs) error {
			loss, err := o.Scalar(0)
			losses = append(losses, loss)
			return err
		}); err != nil {
			t.Fatal(err)
		}
	}
	if err := p.Wait(); err != nil {
		t.Fatal(err)
	}
	return losses
}

// batch is n numbers that depend on a step.
func batch(step, n int) []float32 {
	y := make([]float32, n)
	for i := range y {
		y[i] = float32((7*i+3*step)%11)/5 - 1
	}
	return y
}

// TestStepsAheadAreTheSame: runs whose inputs wait in buffers, several in one launch, have the losses and leave the bits of runs one by
// one, whenever the device does its work.
func TestStepsAheadAreTheSame(t *testing.T) {
	const steps = 24
	for dt := range tolerance {
		singly := newTrainer(t, open(t, sim.Config{}, cuda.Config{}), dt)
		want := singly.trainAhead(t, steps, false)
		state := singly.state(t)
		for _, driver := range []sim.Config{{}, {Lazy: true}} {
			p := newTrainer(t, open(t, driver, cuda.Config{}), dt)
			if got := p.trainAhead(t, steps, true); !slices.Equal(got, want) {
				t.Errorf("%v, %+v: losses are %v, want %v", dt, driver, got, want)
			}
			for name, bits := range p.state(t) {
				if !bytes.Equal(bits, state[name]) {
					t.Errorf("%v, %+v: %s differs", dt, driver, name)
				}
			}
		}
	}
}

// TestStepsAheadNeedNoWait: between the start of the first step and the end of the last, nothing waits for a stream, and several steps
// are one launch of one graph.
func TestStepsAheadNeedNoWait(t *testing.T) {
	simulated(t, sim.Config{})
	p := newTrainer(t, open(t, sim.Config{}, cuda.Config{}), op.Float32)
	if err := p.Ahead(); err != nil {
		t.Fatal(err)
	}
	before := sim.Counts()
	const steps = 50
	for range steps {
		if err := p.Start(func(engine.Outputs) error { return nil }); err != nil {
			t.Fatal(err)
		}
	}
	n := sim.Counts()
	if n.Launches != before.Launches || n.Waits != before.Waits || n.Graphs-before.Graphs > steps {
		t.Errorf("%d steps took %+v after %+v", steps, n, before)
	}
	if copies := n.Copies - before.Copies; copies != n.EventWaits+2 && copies != n.EventWaits+1 {
		t.Errorf("%d launches waited for %d earlier ones", copies, n.EventWaits)
	}
}

// repeated is a program with one input and one output that is run by buffers.
func repeated(t *testing.T, driver sim.Config) (r engine.Repeat, elements int) {
	t.Helper()
	const n = 64
	b := open(t, driver, cuda.Config{})
	m, err := b.Alloc(8 * n)
	if err != nil {
		t.Fatal(err)
	}
	at := func(offset int) engine.Operand {
		return engine.Operand{Memory: m, Offset: offset, Dtype: op.Float32, Dims: op.Of(n)}
	}
	p, err := b.Build([]engine.Step{{Op: op.Reshape{To: op.Of(n)}, In: []engine.Operand{at(0)}, Out: []engine.Operand{at(4 * n)}}})
	if err != nil {
		t.Fatal(err)
	}
	r, err = p.(engine.Repeater).Repeat([]engine.Operand{at(0)}, []engine.Operand{at(4 * n)})
	if err != nil {
		t.Fatal(err)
	}
	return r, n
}

// TestBuffersTakeTurns: a launch of several runs gives each run's output, while the next buffer is being filled.
func TestBuffersTakeTurns(t *testing.T) {
	for _, driver := range []sim.Config{{}, {Lazy: true}} {
		r, n := repeated(t, driver)
		runs := min(r.Capacity(), 37) // graphs of several and of one
		var last func() ([]byte, error)
		for launch := range 5 {
			for i := range runs {
				for k, slot := 0, r.Slot(i); k < 4*n; k++ {
					slot[k] = byte(launch + 2*i + 3*k)
				}
			}
			wait, err := r.Launch(runs)
			if err != nil {
				t.Fatal(err)
			}
			if last != nil {
				slots, err := last()
				if err != nil {
					t.Fatal(err)
				}
				for i := range runs {
					for k := range 4 * n {
						if got, want := slots[4*n*i+k], byte(launch-1+2*i+3*k); got != want {
							t.Fatalf("%+v: launch %d, run %d, byte %d is %d, want %d", driver, launch-1, i, k, got, want)
						}
					}
				}
			}
			last = wait
		}
	}
}

// TestRacesAreFound: runs that do not follow the copy of their inputs, and a buffer that is filled again before its runs are done.
func TestRacesAreFound(t *testing.T) {
	simulated(t, sim.Config{})
	r, _ := repeated(t, sim.Config{Deaf: true})
	if _, err := r.Launch(1); !contains(err, "race") {
		t.Errorf("runs without their inputs: error is %v", err)
	}
	r, _ = repeated(t, sim.Config{})
	var err error
	for range 3 {
		if _, e := r.Launch(1); e != nil {
			err = e
		}
	}
	if !contains(err, "race") {
		t.Errorf("a copy into a buffer that may be read: error is %v", err)
	}
}
