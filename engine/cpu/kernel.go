package cpu

import "github.com/kolmogo/kolmogo/engine"

// kernel is a step ready to run: independent items of work, done in any order, in any grouping, on any worker. So its results
// do not depend on the number of threads.
type kernel struct {
	items int
	grain int                      // items that are worth a worker's while; 0 is 1
	body  func(worker, lo, hi int) // does items lo … hi−1
	after func()                   // the rest, once all items are done; may be nil
	// in and out say, for each operand, how many of its elements belong to one item: item i reads or writes those from
	// i·in[j] on and no others. 0, or a missing entry: not so.
	in, out []int
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

// access is one operand of a kernel: bytes from … to of a memory, written or read, item by item where local is set.
type access struct {
	memory   engine.Memory
	from, to int
	writes   bool
	local    bool
}

// accesses lists the operands of a step that k does.
func (k *kernel) accesses(s engine.Step) []access {
	var list []access
	add := func(o engine.Operand, span []int, i int, writes bool) {
		local := i < len(span) && span[i] > 0 && span[i]*k.items == o.Dims.Size()
		list = append(list, access{o.Memory, o.Offset, o.Offset + o.Bytes(), writes, local})
	}
	for i, o := range s.In {
		add(o, k.in, i, false)
	}
	for i, o := range s.Out {
		add(o, k.out, i, true)
	}
	return list
}

// apart reports whether two kernels may run interleaved, part by part of their items, as far as these operands go.
func (a access) apart(b access) bool {
	if !a.writes && !b.writes || a.from >= b.to || b.from >= a.to || !same(a.memory, b.memory) {
		return true
	}
	return a.local && b.local && a.from == b.from && a.to == b.to
}

// same reports whether two memories are one; nil is the memory of operands that have none yet.
func same(a, b engine.Memory) bool {
	x, _ := a.(memory)
	y, _ := b.(memory)
	if len(x) == 0 || len(y) == 0 {
		return len(x) == len(y)
	}
	return &x[0] == &y[0]
}
