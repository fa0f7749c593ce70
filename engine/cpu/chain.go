package cpu

import (
	"slices"

	"github.com/kolmogo/kolmogo/engine"
	"github.com/kolmogo/kolmogo/engine/cpu/simd"
)

// chainBlock is the number of elements that a chain's code handles before the next block: its registers stay in the L1 cache.
const chainBlock = 1024

// streamed is the number of elements of an operand from which the next block is asked for in advance.
const streamed = 1 << 19

// chainKernel runs a fused element-wise chain block by block: each instruction is one vectorised loop over a block.
func chainKernel[T simd.Float](p *pool, k *simd.Kernels[T], s engine.Step) kernel {
	c := s.Chain
	n := c.Dims.Size()
	loads := make([]loader[T], len(c.Loads))
	block := chainBlock
	spans := make([]int, len(c.Loads))
	for i, strides := range c.Loads {
		loads[i] = newLoader(slice[T](s.In[i]), c.Dims, strides)
		if loads[i].direct {
			spans[i] = 1
		}
		if t := loads[i].period(); t > 1 && block == chainBlock {
			block -= chainBlock % t
		}
	}
	stores := make([][]T, len(c.Stores)) // memory that receives value c.Stores[i]
	for i := range stores {
		stores[i] = slice[T](s.Out[i])
	}
	code := instructions(k, c, func(value int) *T {
		if in := c.Code[value]; in.Unary == nil && in.Binary == nil {
			return loads[in.Load].scalar()
		}
		return nil
	})
	direct := directStores(s, code, stores)
	registers := make([][][]T, p.workers) // worker → value → block
	kept := make([]bool, len(loads))      // loads that are the same in every block
	for i := range loads {
		t := loads[i].period()
		kept[i] = t > 0 && block%t == 0
	}
	slots, count := assign(c, code, kept)
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
	streams := n > streamed
	base := newBases(p.workers, len(loads)+len(stores))
	store := make([]int, len(c.Code)) // the operand into which a value goes
	for i, v := range c.Stores {
		store[v] = len(loads) + i
	}
	body := func(w, lo, hi int) {
		val, from := current[w], base[w]
		for first := lo; lo < hi; { // the numbers of a load that repeats stay from the first block on
			m := min(block, hi-lo)
			for i := range code {
				in := &code[i]
				if in.run == nil {
					v := in.out[0]
					l := &loads[c.Code[v].Load]
					if kept[c.Code[v].Load] && lo > first {
						val[v] = registers[w][v][:m:m]
						continue
					}
					if l.direct {
						at := lo - from[c.Code[v].Load]
						val[v] = l.data[at : at+m : at+m]
						if streams {
							k.Prefetch(l.data[at+m : at+min(2*m, hi-lo)])
						}
						continue
					}
					val[v] = l.block(k, registers[w][v], lo, m)
					continue
				}
				for _, v := range in.out {
					if val[v] = registers[w][v][:m:m]; direct[v] != nil {
						at := lo - from[store[v]]
						val[v] = direct[v][at : at+m : at+m]
					}
				}
				in.run(val)
			}
			// the others last: an output may share memory with an input at the same element
			for i, v := range c.Stores {
				if direct[v] == nil {
					at := lo - from[len(loads)+i]
					copy(stores[i][at:at+m], val[v])
				}
			}
			lo += m
		}
	}
	return kernel{items: n, grain: chainBlock, body: body, base: base, in: spans, out: slices.Repeat([]int{1}, len(stores))}
}

// directStores gives the values that may be computed straight into their output: those stored once, in memory of no input but one
// that is read at the same element and no later.
func directStores[T simd.Float](s engine.Step, code []instruction[T], stores [][]T) [][]T {
	direct := make([][]T, len(s.Chain.Code))
	made, last := map[int]int{}, map[int]int{} // value → the instruction that makes it, the last that reads it
	for i, in := range code {
		for _, v := range in.out {
			made[v] = i
		}
		for _, v := range in.in {
			last[v] = i
		}
	}
	readLater := func(load, at int) bool {
		for v, in := range s.Chain.Code {
			if in.Unary == nil && in.Binary == nil && in.Load == load && last[v] > at {
				return true
			}
		}
		return false
	}
	for i, v := range s.Chain.Stores {
		out := s.Out[i]
		if at := made[v]; code[at].run == nil || slices.Contains(s.Chain.Stores[:i], v) || slices.Contains(s.Chain.Stores[i+1:], v) {
			continue
		}
		shared := false
		for j, in := range s.In {
			x, y := locate(in), locate(out)
			shared = shared || x.overlaps(y) && (!x.equals(y) || readLater(j, made[v]))
		}
		if !shared {
			direct[v] = stores[i]
		}
	}
	return direct
}

// assign gives each value a register slot, reusing those of values that are read no more. A load that is kept has a slot of its
// own.
func assign[T simd.Float](c *engine.Chain, code []instruction[T], kept []bool) (slots []int, count int) {
	last := make([]int, len(c.Code))
	for i, in := range code {
		for _, v := range in.in {
			last[v] = i
		}
	}
	for _, v := range c.Stores {
		last[v] = len(code)
	}
	slots = make([]int, len(c.Code))
	for _, in := range code {
		if v := in.out[0]; in.run == nil && kept[c.Code[v].Load] {
			slots[v], count = count, count+1
			last[v] = len(code)
		}
	}
	var free []int
	for i, in := range code {
		for _, v := range in.out {
			if in.run == nil && kept[c.Code[v].Load] {
				continue
			}
			if len(free) == 0 {
				free, count = append(free, count), count+1
			}
			slots[v] = free[len(free)-1]
			free = free[:len(free)-1]
		}
		for v := range c.Code { // a value that dies here frees its slot for the next instruction
			if last[v] == i && made(code[:i+1], v) {
				free = append(free, slots[v])
			}
		}
	}
	return slots, count
}

func made[T simd.Float](code []instruction[T], v int) bool {
	return slices.ContainsFunc(code, func(in instruction[T]) bool { return slices.Contains(in.out, v) })
}
