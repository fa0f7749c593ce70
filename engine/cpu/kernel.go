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
	// base is the item with which each operand begins, inputs then outputs, by worker: 0 for whole operands, and the first item at
	// hand where an operand only has room for some. nil: the body wants whole operands.
	base bases
}

// bases are first items by worker and operand.
type bases [][]int

func newBases(workers, operands int) bases {
	b := make(bases, workers)
	for w := range b {
		b[w] = make([]int, operands, operands+8) // room, so that no two workers write to one cache line
	}
	return b
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
	partial  bool // the kernel does without the whole operand
}

// locate is where an operand lies.
func locate(o engine.Operand) access {
	return access{memory: o.Memory, from: o.Offset, to: o.Offset + o.Bytes()}
}

// accesses lists the operands of a step that k does, inputs first.
func (k *kernel) accesses(s engine.Step) []access {
	var list []access
	add := func(o engine.Operand, span []int, i int, writes bool) {
		local := i < len(span) && span[i] > 0 && span[i]*k.items == o.Dims.Size()
		a := locate(o)
		a.writes, a.local, a.partial = writes, local, k.base != nil
		list = append(list, a)
	}
	for i, o := range s.In {
		add(o, k.in, i, false)
	}
	for i, o := range s.Out {
		add(o, k.out, i, true)
	}
	return list
}

// overlaps reports whether two operands share memory.
func (a access) overlaps(b access) bool {
	return a.from < b.to && b.from < a.to && same(a.memory, b.memory)
}

// equals reports whether two operands are one.
func (a access) equals(b access) bool {
	return a.from == b.from && a.to == b.to && same(a.memory, b.memory)
}

// apart reports whether two kernels may run interleaved, part by part of their items, as far as these operands go.
func (a access) apart(b access) bool {
	return !a.writes && !b.writes || !a.overlaps(b) || a.local && b.local && a.equals(b)
}

// same reports whether two memories are one; nil is the memory of operands that have none.
func same(a, b engine.Memory) bool {
	x, _ := a.(memory)
	y, _ := b.(memory)
	if len(x) == 0 || len(y) == 0 {
		return len(x) == len(y)
	}
	return &x[0] == &y[0]
}
