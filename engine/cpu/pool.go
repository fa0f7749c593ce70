package cpu

import (
	"fmt"
	"runtime"
	"runtime/debug"
	"sync"
	"sync/atomic"
)

// pool runs one job at a time on a fixed number of goroutines, the caller among them.
type pool struct {
	workers int
	seats   []seat
	pending atomic.Int32 // workers that have not finished the present job
	running sync.Mutex
	failure atomic.Pointer[failure] // of the present job
}

// failure is a panic of a worker.
type failure struct{ value any }

// seat is where a worker waits for work.
type seat struct {
	job   job
	state atomic.Uint32
	wake  chan struct{}
	_     [64]byte // no two seats in one cache line
}

// States of a seat.
const (
	idle    uint32 = iota // the worker looks out for a job
	posted                // there is one
	parked                // the worker sleeps and must be woken
	leaving               // the pool is closed
)

// lookout is the number of times that a worker looks for a job before it sleeps: some hundred microseconds, more than lies between
// the steps of a program. Every so often others may run.
const (
	lookout = 200000
	giveWay = 1 << 8
)

// job is fn over items lo..hi−1 by one worker.
type job struct {
	fn     func(worker, lo, hi int)
	lo, hi int
}

func newPool(workers int) *pool {
	p := &pool{workers: workers, seats: make([]seat, workers)}
	for w := 1; w < workers; w++ {
		p.seats[w].wake = make(chan struct{}, 1)
		go p.work(w)
	}
	return p
}

func (p *pool) work(w int) {
	s := &p.seats[w]
	for {
		for i := 1; i < lookout && s.state.Load() == idle; i++ {
			if i%giveWay == 0 {
				runtime.Gosched()
			}
		}
		if s.state.CompareAndSwap(idle, parked) {
			<-s.wake
		}
		if s.state.Load() == leaving {
			return
		}
		j := s.job
		s.state.Store(idle)
		p.do(w, j)
		p.pending.Add(-1)
	}
}

// do does a worker's part of a job and keeps the first panic of all.
func (p *pool) do(w int, j job) {
	defer func() {
		if v := recover(); v != nil {
			if _, ok := v.(inputError); !ok {
				v = fmt.Sprintf("%v\n%s", v, debug.Stack()) // which the caller's stack would not show
			}
			p.failure.CompareAndSwap(nil, &failure{v})
		}
	}()
	j.fn(w, j.lo, j.hi)
}

// tell changes the state of a worker's seat and wakes it where it sleeps.
func (s *seat) tell(state uint32) {
	if s.state.Swap(state) == parked {
		s.wake <- struct{}{}
	}
}

func (p *pool) close() {
	for w := 1; w < p.workers; w++ {
		p.seats[w].tell(leaving)
	}
}

// split runs fn over n items, in contiguous parts that are multiples of grain, one for each worker. fn must not call split. A panic of
// any of them becomes the caller's, once all have finished.
func (p *pool) split(n, grain int, fn func(worker, lo, hi int)) {
	units := (n + grain - 1) / grain
	parts := min(units, p.workers)
	if parts <= 1 {
		if n > 0 {
			fn(0, 0, n)
		}
		return
	}
	if !p.running.TryLock() {
		panic("cpu: two programs of one backend run at the same time: each goroutine needs a backend of its own")
	}
	defer p.running.Unlock()
	p.pending.Store(int32(parts - 1))
	for w := 1; w < parts; w++ {
		s := &p.seats[w]
		s.job = job{fn, units * w / parts * grain, min(n, units*(w+1)/parts*grain)}
		s.tell(posted)
	}
	p.do(0, job{fn, 0, units / parts * grain})
	for i := 1; p.pending.Load() > 0; i++ {
		if i%giveWay == 0 {
			runtime.Gosched()
		}
	}
	if f := p.failure.Swap(nil); f != nil {
		panic(f.value)
	}
}
