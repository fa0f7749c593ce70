package cpu

import (
	"slices"

	"github.com/kolmogo/kolmogo/engine"
	"github.com/kolmogo/kolmogo/engine/cpu/simd"
)

// chainBlock is the number of elements that a chain's code handles before the next block: its registers stay in the L1 cache.
const chainBlock = 1024

// chainKernel runs a fused element-wise chain block by block: each instruction is one vectorised loop over a block.
func chainKernel[T simd.Float](p *pool, k *simd.Kernels[T], s engine.Step) kernel {
	c := s.Chain
	n := c.Dims.Size()
	loads := make([]loader[T], len(c.Loads))
	for i, strides := range c.Loads {
		loads[i] = newLoader(slice[T](s.In[i]), c.Dims, strides)
	}
	stores := make([][]T, len(c.Stores)) // memory that receives value c.Stores[i]
	for i := range stores {
		stores[i] = slice[T](s.Out[i])
	}
	code := make([]func(dst, x, y []T), len(c.Code))
	for i, in := range c.Code {
		switch {
		case in.Unary != nil:
			code[i] = unaryLoop(k, in.Unary)
		case in.Binary != nil:
			code[i] = binaryLoop(k, in.Binary)
		}
	}
	direct := directStores(s, stores)
	registers := make([][][]T, p.workers) // worker → value → block
	slots, count := assign(c)
	for w := range registers {
		backing := make([]T, count*chainBlock)
		registers[w] = make([][]T, len(c.Code))
		for v, slot := range slots {
			registers[w][v] = backing[slot*chainBlock : (slot+1)*chainBlock]
		}
	}
	current := make([][][]T, p.workers)
	for w := range current {
		current[w] = make([][]T, len(c.Code))
	}
	body := func(w, lo, hi int) {
		val := current[w]
		for lo < hi {
			m := min(chainBlock, hi-lo)
			for i, in := range c.Code {
				if code[i] == nil {
					val[i] = loads[in.Load].block(registers[w][i], lo, m)
					continue
				}
				if val[i] = registers[w][i][:m:m]; direct[i] != nil {
					val[i] = direct[i][lo : lo+m : lo+m]
				}
				code[i](val[i], val[in.A], val[in.B])
			}
			// the others last: an output may share memory with an input at the same element
			for i, v := range c.Stores {
				if direct[v] == nil {
					copy(stores[i][lo:lo+m], val[v])
				}
			}
			lo += m
		}
	}
	spans := make([]int, len(loads))
	for i := range loads {
		if loads[i].direct {
			spans[i] = 1
		}
	}
	ones := slices.Repeat([]int{1}, len(stores))
	return kernel{items: n, grain: chainBlock, body: body, in: spans, out: ones}
}

// directStores gives the values that may be computed straight into their output: those stored once, in memory that no input shares.
func directStores[T simd.Float](s engine.Step, stores [][]T) [][]T {
	direct := make([][]T, len(s.Chain.Code))
	for i, v := range s.Chain.Stores {
		out, shared := s.Out[i], slices.Contains(s.Chain.Stores[:i], v)
		for _, in := range s.In {
			shared = shared || same(in.Memory, out.Memory) && in.Offset < out.Offset+out.Bytes() && out.Offset < in.Offset+in.Bytes()
		}
		if code := s.Chain.Code[v]; !shared && (code.Unary != nil || code.Binary != nil) && !slices.Contains(s.Chain.Stores[i+1:], v) {
			direct[v] = stores[i]
		}
	}
	return direct
}

// assign gives each computed or gathered value a register slot, reusing those of values that are read no more.
func assign(c *engine.Chain) (slots []int, count int) {
	last := make([]int, len(c.Code))
	for i, in := range c.Code {
		if in.Unary != nil || in.Binary != nil {
			last[in.A] = i
		}
		if in.Binary != nil {
			last[in.B] = i
		}
	}
	for _, v := range c.Stores {
		last[v] = len(c.Code)
	}
	slots = make([]int, len(c.Code))
	var free []int
	for i := range c.Code {
		if len(free) == 0 {
			free, count = append(free, count), count+1
		}
		slots[i] = free[len(free)-1]
		free = free[:len(free)-1]
		for v := range i { // a value that dies here frees its slot for the next instruction
			if last[v] == i {
				free = append(free, slots[v])
			}
		}
	}
	return slots, count
}
