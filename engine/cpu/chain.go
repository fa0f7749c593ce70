package cpu

import (
	"slices"

	"github.com/kolmogo/kolmogo/engine"
	"github.com/kolmogo/kolmogo/engine/cpu/simd"
	"github.com/kolmogo/kolmogo/op"
)

// chainBlock is the number of elements that a chain's code handles before the next block: its registers stay in the L1 cache.
const chainBlock = 1024

// chainKernel runs a fused element-wise chain block by block: each instruction is one vectorised loop over a block.
func chainKernel[T simd.Float](p *pool, k *simd.Kernels[T], s engine.Step) func() {
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
	return func() { p.split(n, chainBlock, body) }
}

// directStores gives the values that may be computed straight into their output: those stored once, in memory that no input shares.
func directStores[T simd.Float](s engine.Step, stores [][]T) [][]T {
	direct := make([][]T, len(s.Chain.Code))
	for i, v := range s.Chain.Stores {
		out, shared := s.Out[i], slices.Contains(s.Chain.Stores[:i], v)
		for _, in := range s.In {
			shared = shared || (&in.Memory.(memory)[0] == &out.Memory.(memory)[0] && in.Offset < out.Offset+out.Bytes() && out.Offset < in.Offset+in.Bytes())
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

// loader reads one operand of a chain at consecutive positions of the iteration space.
type loader[T simd.Float] struct {
	data    []T
	direct  bool  // the operand has the iteration space's own layout
	inner   int   // length of the innermost run
	step    int   // element stride within a run, 0 or more
	dims    []int // outer axes
	strides []int
}

// newLoader joins neighbouring axes that are walked with one stride.
func newLoader[T simd.Float](data []T, d op.Dims, strides []int) loader[T] {
	dims := d.Slice()
	var jd, js []int
	for i, n := range dims {
		if n == 1 {
			continue
		}
		if k := len(jd) - 1; k >= 0 && js[k] == strides[i]*n {
			jd[k], js[k] = jd[k]*n, strides[i]
			continue
		}
		jd, js = append(jd, n), append(js, strides[i])
	}
	if len(jd) == 0 {
		jd, js = []int{1}, []int{1}
	}
	k := len(jd) - 1
	return loader[T]{data: data, direct: k == 0 && js[0] == 1, inner: jd[k], step: js[k], dims: jd[:k], strides: js[:k]}
}

// block returns m values from position at on, in tmp unless the operand can be read in place.
func (l *loader[T]) block(tmp []T, at, m int) []T {
	if l.direct {
		return l.data[at : at+m : at+m]
	}
	row, col := at/l.inner, at%l.inner
	for i := 0; i < m; {
		base, r := 0, row
		for a := len(l.dims) - 1; a >= 0; a-- {
			base += r % l.dims[a] * l.strides[a]
			r /= l.dims[a]
		}
		run := min(l.inner-col, m-i)
		dst := tmp[i : i+run]
		switch l.step {
		case 0:
			x := l.data[base]
			for j := range dst {
				dst[j] = x
			}
		case 1:
			copy(dst, l.data[base+col:])
		default:
			for j := range dst {
				dst[j] = l.data[base+(col+j)*l.step]
			}
		}
		i, col, row = i+run, 0, row+1
	}
	return tmp[:m:m]
}

// unaryLoop is the vectorised loop of a function, or a plain one over At.
func unaryLoop[T simd.Float](k *simd.Kernels[T], f op.UnaryFunc) func(dst, x, _ []T) {
	if a, ok := f.(op.AffineFunc); ok {
		return func(dst, x, _ []T) { k.Affine(dst, x, T(a.A), T(a.B)) }
	}
	if loop := vectorUnary(k, f); loop != nil {
		return func(dst, x, _ []T) { loop(dst, x) }
	}
	return func(dst, x, _ []T) {
		for i, v := range x {
			dst[i] = T(f.At(float64(v)))
		}
	}
}

func binaryLoop[T simd.Float](k *simd.Kernels[T], f op.BinaryFunc) func(dst, x, y []T) {
	switch f.(type) {
	case op.AddFunc:
		return k.Add
	case op.SubFunc:
		return k.Sub
	case op.MulFunc:
		return k.Mul
	case op.DivFunc:
		return k.Div
	}
	return func(dst, x, y []T) {
		for i, v := range x {
			dst[i] = T(f.At(float64(v), float64(y[i])))
		}
	}
}

func vectorUnary[T simd.Float](k *simd.Kernels[T], f op.UnaryFunc) func(dst, x []T) {
	switch f.(type) {
	case op.SqrtFunc:
		return k.Sqrt
	case op.ExpFunc:
		return k.Exp
	case op.LogFunc:
		return k.Log
	case op.SinFunc:
		return k.Sin
	case op.CosFunc:
		return k.Cos
	case op.TanhFunc:
		return k.Tanh
	case op.SigmoidFunc:
		return k.Sigmoid
	case op.SoftplusFunc:
		return k.Softplus
	case op.ReLUFunc:
		return k.ReLU
	case op.SiLUFunc:
		return k.SiLU
	case op.SiLUSlopeFunc:
		return k.SiLUGrad
	case op.GELUFunc:
		return k.GELU
	case op.GELUSlopeFunc:
		return k.GELUGrad
	case op.GELUTanhFunc:
		return k.GELUTanh
	case op.GELUTanhSlopeFunc:
		return k.GELUTanhGrad
	}
	return nil
}
