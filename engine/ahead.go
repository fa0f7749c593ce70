package engine

import (
	"fmt"
	"slices"
	"time"

	"github.com/kolmogo/kolmogo/op"
)

// Repeater is a Runner of a device that works while its caller prepares later runs.
type Repeater interface {
	Runner
	// Repeat prepares launches of several runs each, which take the listed inputs from host memory and leave the outputs there.
	Repeat(inputs, outputs []Operand) (Repeat, error)
}

// Repeat launches several runs of a program at once. There are two buffers of slots, one slot for each run: one is filled while the
// other is at work. A slot holds operands in the order in which they were listed, each on Alignment.
type Repeat interface {
	// Capacity is the number of runs of a launch, at most.
	Capacity() int
	// Slot is where the inputs of run i of the next launch go. The outputs of the launch before the last must have been waited for.
	Slot(i int) []byte
	// Launch starts the first n runs in stream order after everything that was started. wait returns, when they are done, the slots of
	// their outputs, which are valid until the launch after the next.
	Launch(n int) (wait func() ([]byte, error), err error)
}

// launchTime is how long the runs of a launch should take: a caller that is told of them so late still looks prompt.
const launchTime = 20 * time.Millisecond

// ahead is what belongs to a program whose runs are prepared while earlier ones go on.
type ahead struct {
	program *Program
	repeat  Repeat
	at      map[string]int // where an input is in a slot
	bytes   int            // of a slot's inputs
	slot    []byte         // of the coming run; nil: nothing of it has been fed
	last    []byte         // what the run before it was given
	fed     map[string]bool
	dones   []func(Outputs) error // of the runs that wait for a launch
	most    int                   // runs of the coming launch, chosen by time; results do not depend on it
	flying  int                   // launches whose outputs nobody has read
	begun   time.Time             // of the last launch
}

// flight is a launch whose outputs nobody has read.
type flight struct {
	of    *ahead
	wait  func() ([]byte, error)
	dones []func(Outputs) error
}

// Outputs are what a run has left. They are valid during the call that they are handed to.
type Outputs struct {
	program *Program
	slot    []byte // nil: they are in the program's own memory
}

// Ahead lets the program's runs be started before earlier ones are done, where the backend can: these inputs, or all where none are
// named, then belong to a run, and others to all runs from then on.
func (p *Program) Ahead(each ...string) error {
	r, ok := p.runner.(Repeater)
	if !ok || p.ahead != nil {
		return nil
	}
	a := &ahead{program: p, at: map[string]int{}, fed: map[string]bool{}, most: 1}
	var inputs []Operand
	names := make([]string, 0, len(p.inputs))
	for name := range p.inputs {
		if len(each) == 0 || slices.Contains(each, name) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	for _, name := range names {
		inputs = append(inputs, p.inputs[name])
		a.at[name] = a.bytes
		a.bytes += align(p.inputs[name].Bytes())
	}
	var err error
	if a.repeat, err = r.Repeat(inputs, p.outputs); err != nil {
		return fmt.Errorf("engine: %s: %w", p.store.backend.Name(), err)
	}
	a.last = make([]byte, a.bytes)
	for i, name := range names {
		if err := inputs[i].Memory.Read(inputs[i].Offset, a.last[a.at[name]:][:inputs[i].Bytes()]); err != nil {
			return err
		}
	}
	p.ahead = a
	return nil
}

// Together is the number of runs, at most, that one launch does: 1 where runs do not go ahead.
func (p *Program) Together() int {
	if p.ahead == nil {
		return 1
	}
	return p.ahead.repeat.Capacity()
}

// Start runs the program and hands its outputs to done: at once, or, where its runs go ahead, during a later Start, Feed or Wait of a
// program of the store. The runs of a store are done in the order in which they were started, and so are the calls of done, whose
// error is returned by the call that is going on.
func (p *Program) Start(done func(Outputs) error) error {
	if p.ahead != nil {
		return p.ahead.start(done)
	}
	if err := p.Run(); err != nil {
		return err
	}
	return done(Outputs{program: p})
}

// input is where an input of the coming run goes; nil if it does not belong to a run.
func (a *ahead) input(name string) ([]byte, error) {
	at, ok := a.at[name]
	if !ok {
		return nil, nil
	}
	if err := a.open(); err != nil {
		return nil, err
	}
	a.fed[name] = true
	return a.slot[at:][:a.program.inputs[name].Bytes()], nil
}

// open makes room for the coming run.
func (a *ahead) open() error {
	s := a.program.store
	if s.waiting != a { // another program's runs, which come first
		if err := s.launch(); err != nil {
			return err
		}
	}
	if a.slot != nil {
		return nil
	}
	for len(a.dones) == 0 && a.flying > 1 {
		if err := s.land(); err != nil {
			return err
		}
	}
	a.slot = a.repeat.Slot(len(a.dones))
	return nil
}

// start adds a run to the coming launch.
func (a *ahead) start(done func(Outputs) error) error {
	if err := a.open(); err != nil {
		return err
	}
	for name, at := range a.at {
		if n := a.program.inputs[name].Bytes(); !a.fed[name] {
			copy(a.slot[at:][:n], a.last[at:])
		}
	}
	clear(a.fed)
	a.last, a.slot = a.slot, nil
	a.dones = append(a.dones, done)
	a.program.store.waiting = a
	if len(a.dones) >= a.most {
		return a.program.store.launch()
	}
	return nil
}

// launch starts what waits for it.
func (s *Store) launch() error {
	a := s.waiting
	if a == nil {
		return nil
	}
	s.waiting = nil
	wait, err := a.repeat.Launch(len(a.dones))
	if err != nil {
		a.dones = nil
		return err
	}
	now := time.Now()
	if !a.begun.IsZero() {
		each := max(now.Sub(a.begun)/time.Duration(len(a.dones)), 1)
		a.most = max(min(int(launchTime/each), 2*a.most, a.repeat.Capacity()), 1)
	}
	a.begun = now
	s.flights = append(s.flights, flight{a, wait, a.dones})
	a.dones = nil
	a.flying++
	if begun := a.slot; begun != nil { // what the coming run has been given already moves on
		a.slot = nil
		if err := a.open(); err != nil {
			return err
		}
		copy(a.slot, begun)
	}
	return nil
}

// land waits for the first launch whose outputs nobody has read, and hands them over. After an error nothing more is handed over.
func (s *Store) land() error {
	f := s.flights[0]
	s.flights = s.flights[1:]
	f.of.flying--
	err := f.hand()
	if err == nil {
		return nil
	}
	for _, later := range s.flights {
		later.of.flying--
		later.wait() // the first error counts
	}
	s.flights = nil
	return err
}

// hand waits for a launch and hands its outputs over.
func (f flight) hand() error {
	slots, err := f.wait()
	if err != nil {
		return err
	}
	size := len(slots) / len(f.dones)
	for i, done := range f.dones {
		if done == nil {
			continue
		}
		if err := done(Outputs{program: f.of.program, slot: slots[i*size:][:size]}); err != nil {
			return err
		}
	}
	return nil
}

// Wait returns when the runs that were started are done, those of all programs of the store, and their outputs handed over.
func (s *Store) Wait() error {
	if err := s.launch(); err != nil {
		return err
	}
	for len(s.flights) > 0 {
		if err := s.land(); err != nil {
			return err
		}
	}
	if w, ok := s.backend.(Waiter); ok {
		return w.Wait()
	}
	return nil
}

// Read copies output i into dst, converting the dtype.
func (o Outputs) Read(i int, dst []float64) error {
	if o.slot == nil {
		return Output(o.program, i, dst)
	}
	at := 0
	for _, before := range o.program.outputs[:i] {
		at += align(before.Bytes())
	}
	out := o.program.outputs[i]
	if len(dst) != out.Dims.Size() {
		return fmt.Errorf("engine: output %d has shape %v, got room for %d values", i, out.Dims, len(dst))
	}
	if slot := o.slot[at:][:out.Bytes()]; out.Dtype == op.Float32 {
		convert(dst, asNumbers[float32](slot))
	} else {
		convert(dst, asNumbers[float64](slot))
	}
	return nil
}

// Scalar returns output i, which has one element.
func (o Outputs) Scalar(i int) (float64, error) {
	var v [1]float64
	err := o.Read(i, v[:])
	return v[0], err
}
