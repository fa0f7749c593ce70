//go:build gpu

package cuda

import (
	"encoding/binary"
	"fmt"

	"gorgonia.org/cu"

	"github.com/kolmogo/kolmogo/cuda/drv"
	"github.com/kolmogo/kolmogo/engine"
	"github.com/kolmogo/kolmogo/op"
)

// The limits of a buffer of runs: more runs hide nothing more, and more bytes only cost memory.
const (
	mostRuns  = 256
	mostBytes = 8 << 20
	mostNodes = 1024 // kernels of a graph of several runs
	mostTaken = 4096 // words that one block copies
	headBytes = 64   // HEAD words of queue.cu
)

// queue is a program whose inputs and outputs wait in buffers, two of them in turns.
//
//	copies:  inputs of A | inputs of B   | inputs of A    | ..
//	runs:                | A: take, steps, keep, take, .. | B: take, steps, keep, .. | ..
//
// A buffer goes to the device by one copy on a stream of its own, which the runs follow by an event. The number of the present run is
// in the buffer, so one graph serves every run.
type queue struct {
	b           *Backend
	program     *program
	in, out     layout
	capacity, u int // runs of a buffer, and of a graph of several
	buffers     [2]buffer
	next        int
}

// layout says how operands lie in a slot.
type layout struct {
	bytes  int
	pieces []piece
}

// piece mirrors struct Piece of queue.cu.
type piece struct {
	At            uint64
	Offset, Words uint32
}

// buffer is the slots of a launch, on the host and on the device.
type buffer struct {
	inputs, outputs drv.Pinned
	runs, results   *memory
	copied, done    drv.Event
	before, after   *drv.Batch // take, keep
	single, several *drv.Graph
}

// newLayout lays operands out, in pieces of a number of words at most.
func newLayout(operands []engine.Operand, most int) (s layout) {
	for _, o := range operands {
		words := o.Bytes() / 4
		for at := 0; at < words; at += most {
			s.pieces = append(s.pieces, piece{uint64(pointer(o)) + uint64(4*at), uint32(s.bytes/4 + at), uint32(min(words-at, most))})
		}
		s.bytes += (o.Bytes() + engine.Alignment - 1) / engine.Alignment * engine.Alignment
	}
	return s
}

// Repeat implements engine.Repeater.
func (p *program) Repeat(inputs, outputs []engine.Operand) (engine.Repeat, error) {
	q := &queue{b: p.b, program: p, in: newLayout(inputs, mostTaken), out: newLayout(outputs, 1<<30)}
	q.capacity = max(min(mostRuns, mostBytes/max(q.in.bytes+q.out.bytes, 1)), 1)
	q.u = min(16, q.capacity, mostNodes/(p.batch.Len()+2))
	tables, err := p.b.alloc(max(16*(len(q.in.pieces)+len(q.out.pieces)), 16))
	if err != nil {
		return nil, err
	}
	if err := tables.Write(0, append(record(q.in.pieces), record(q.out.pieces)...)); err != nil {
		return nil, err
	}
	for i := range q.buffers {
		if err := q.open(&q.buffers[i], tables.at); err != nil {
			return nil, fmt.Errorf("cuda: a queue of %d runs: %w", q.capacity, err)
		}
	}
	if err := p.b.Wait(); err != nil { // the other stream copies into what this one has cleared
		return nil, err
	}
	return q, nil
}

// open gives a buffer its memory and its graph of one run.
func (q *queue) open(h *buffer, tables cu.DevicePtr) (err error) {
	b := q.b
	if h.inputs, err = b.pin(headBytes + q.capacity*q.in.bytes); err != nil {
		return err
	}
	if h.outputs, err = b.pin(max(q.capacity*q.out.bytes, 1)); err != nil {
		return err
	}
	if h.runs, err = b.alloc(len(h.inputs)); err != nil {
		return err
	}
	if h.results, err = b.alloc(len(h.outputs)); err != nil {
		return err
	}
	for _, e := range []*drv.Event{&h.copied, &h.done} {
		if *e, err = b.x.Event(); err != nil {
			return err
		}
		b.free = append(b.free, func() { b.x.CloseEvent(*e) })
	}
	before, after := &lowering{b: b}, &lowering{b: b}
	if n := len(q.in.pieces); n > 0 {
		err = before.launch("queue", "take", op.Float32, n, threads, h.runs.at, tables, uint32(q.in.bytes/4))
	}
	if err == nil {
		err = after.launch("queue", "keep", op.Float32, 1, threads, h.runs.at, h.results.at, tables+cu.DevicePtr(16*len(q.in.pieces)), uint32(len(q.out.pieces)), uint32(q.out.bytes/4))
	}
	if err != nil {
		return err
	}
	if h.before, err = before.batch(); err != nil {
		return err
	}
	b.free = append(b.free, h.before.Free)
	if h.after, err = after.batch(); err != nil {
		return err
	}
	b.free = append(b.free, h.after.Free)
	h.single, err = q.capture(h, 1)
	return err
}

// pin gives pinned memory for the life of the backend.
func (b *Backend) pin(n int) (drv.Pinned, error) {
	p, err := b.x.Pin(n)
	if err == nil {
		b.free = append(b.free, func() { b.x.Unpin(p) })
	}
	return p, err
}

// capture makes a graph of n runs out of a buffer.
func (q *queue) capture(h *buffer, n int) (*drv.Graph, error) {
	g, err := q.b.x.Capture(q.b.stream, func() error {
		for range n {
			for _, part := range []*drv.Batch{h.before, q.program.batch, h.after} {
				if err := part.Run(q.b.x, q.b.stream); err != nil {
					return err
				}
			}
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("cuda: capturing %d runs of %d launches: %w", n, q.program.batch.Len(), err)
	}
	q.b.free = append(q.b.free, g.Free)
	return g, nil
}

// Capacity implements engine.Repeat.
func (q *queue) Capacity() int { return q.capacity }

// Slot implements engine.Repeat.
func (q *queue) Slot(i int) []byte {
	return q.buffers[q.next].inputs[headBytes+i*q.in.bytes:][:q.in.bytes]
}

// Launch implements engine.Repeat.
func (q *queue) Launch(n int) (wait func() ([]byte, error), err error) {
	h, x := &q.buffers[q.next], q.b.x
	q.next = 1 - q.next
	binary.NativeEndian.PutUint32(h.inputs, 0) // the first run
	for _, do := range []func() error{
		func() error { return x.WriteLater(h.runs.at, h.inputs[:headBytes+n*q.in.bytes], q.b.copies) },
		func() error { return x.Record(h.copied, q.b.copies) },
		func() error { return x.Follow(q.b.stream, h.copied) },
		func() error { return q.run(h, n) },
		func() error { return x.ReadLater(h.results.at, h.outputs[:n*q.out.bytes], q.b.stream) },
		func() error { return x.Record(h.done, q.b.stream) },
	} {
		if err := do(); err != nil {
			return nil, fmt.Errorf("cuda: %d runs of a program of %d launches: %w (KOLMOGO_CUDA_SYNC=1 finds the kernel at fault)", n, q.program.batch.Len(), err)
		}
	}
	return func() ([]byte, error) {
		if err := x.Await(h.done); err != nil {
			return nil, failed("reading", err)
		}
		return h.outputs[:n*q.out.bytes], nil
	}, nil
}

// run launches graphs of several runs, and of one for the rest.
func (q *queue) run(h *buffer, n int) (err error) {
	if q.u > 1 && n >= q.u && h.several == nil {
		if h.several, err = q.capture(h, q.u); err != nil {
			return err
		}
	}
	for n > 0 {
		g, runs := h.single, 1
		if q.u > 1 && n >= q.u {
			g, runs = h.several, q.u
		}
		if err := g.Launch(q.b.stream); err != nil {
			return err
		}
		n -= runs
	}
	return nil
}
