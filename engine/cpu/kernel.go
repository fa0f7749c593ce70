package cpu

// kernel is a step ready to run: independent items of work, done in any order, in any grouping, on any worker. So its results
// do not depend on the number of threads.
type kernel struct {
	items int
	grain int                      // items that are worth a worker's while; 0 is 1
	body  func(worker, lo, hi int) // does items lo … hi−1
	after func()                   // the rest, once all items are done; may be nil
}

// serial is work that cannot be shared out.
func serial(f func()) kernel {
	return kernel{items: 1, body: func(int, int, int) { f() }}
}

// run does all items of a kernel.
func (p *pool) run(k *kernel) {
	p.split(k.items, max(k.grain, 1), k.body)
	if k.after != nil {
		k.after()
	}
}
