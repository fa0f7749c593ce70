package cpu

import "sync"

// pool runs one job at a time on a fixed number of goroutines, the caller among them.
type pool struct {
	workers int
	start   []chan job
	wait    sync.WaitGroup
}

// job is fn over items lo..hi−1 by one worker.
type job struct {
	fn     func(worker, lo, hi int)
	lo, hi int
}

func newPool(workers int) *pool {
	p := &pool{workers: workers, start: make([]chan job, workers)}
	for w := 1; w < workers; w++ {
		c := make(chan job, 1)
		p.start[w] = c
		go func() {
			for j := range c {
				j.fn(w, j.lo, j.hi)
				p.wait.Done()
			}
		}()
	}
	return p
}

func (p *pool) close() {
	for _, c := range p.start[1:] {
		close(c)
	}
}

// split runs fn over n items, in contiguous parts that are multiples of grain, one for each worker. fn must not call split.
func (p *pool) split(n, grain int, fn func(worker, lo, hi int)) {
	units := (n + grain - 1) / grain
	parts := min(units, p.workers)
	if parts <= 1 {
		if n > 0 {
			fn(0, 0, n)
		}
		return
	}
	p.wait.Add(parts - 1)
	for w := 1; w < parts; w++ {
		p.start[w] <- job{fn, units * w / parts * grain, min(n, units*(w+1)/parts*grain)}
	}
	fn(0, 0, units/parts*grain)
	p.wait.Wait()
}
