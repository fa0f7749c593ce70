package cpu

import (
	"github.com/kolmogo/kolmogo/engine/cpu/simd"
	"github.com/kolmogo/kolmogo/op"
)

const jetChunk = 256 // elements of a slot that a worker does at a time: all slots of them stay in the cache

// jetWork is what the two kernels of jets share: the rules, and room for each worker.
type jetWork[T simd.Float] struct {
	k     *simd.Kernels[T]
	fn    op.JetFunction
	terms []op.JetTerm
	order int // of the derivatives that are read
	size  int // elements of a slot
	room  [][]T
}

func newJetWork[T simd.Float](a args[T], fn op.JetFunction, rules op.JetRules, size, more int) *jetWork[T] {
	_, _, terms, _ := rules.Read() // Shape has read it
	w := &jetWork[T]{k: a.k, fn: fn, terms: terms, order: 1, size: size}
	for _, t := range terms {
		w.order = max(w.order, len(t.Blocks)+more)
	}
	for range a.pool.workers {
		w.room = append(w.room, make([]T, (op.JetOrder+5)*jetChunk))
	}
	return w
}

// kernel runs f on every chunk from … to of the slots' elements.
func (w *jetWork[T]) kernel(f func(worker, from, to int)) kernel {
	return kernel{items: (w.size + jetChunk - 1) / jetChunk, grain: 4, body: func(worker, lo, hi int) {
		for i := lo; i < hi; i++ {
			f(worker, i*jetChunk, min((i+1)*jetChunk, w.size))
		}
	}}
}

// buffer is piece i of a worker's room.
func (w *jetWork[T]) buffer(worker, i, n int) []T { return w.room[worker][i*jetChunk : i*jetChunk+n] }

// derivatives fills the first buffers with f(z) .. f⁽ᵏ⁾(z), k = order, as [op.JetFunction.Derivatives] has them. z is overwritten.
func (w *jetWork[T]) derivatives(worker int, z []T) (f [op.JetOrder + 1][]T) {
	n, k := len(z), w.k
	for i := range w.order + 1 {
		f[i] = w.buffer(worker, i, n)
	}
	if w.fn != op.JetTanh {
		sin, cos := w.buffer(worker, op.JetOrder+1, n), w.buffer(worker, op.JetOrder+2, n)
		k.Sin(sin, z)
		k.Cos(cos, z)
		turn := 0
		if w.fn == op.JetCos {
			turn = 1
		}
		for i := range w.order + 1 {
			k.Scale(f[i], [2][]T{sin, cos}[(i+turn)%2], [4]T{1, 1, -1, -1}[(i+turn)%4])
		}
		return f
	}
	q := w.buffer(worker, op.JetOrder+1, n)
	k.Tanh(f[0], z)
	k.Mul(q, f[0], f[0])
	k.Affine(f[1], q, -1, 1)
	if w.order > 1 {
		k.Mul(f[2], f[0], f[1])
		if w.order > 3 {
			k.Affine(f[4], q, -24, 16)
			k.Mul(f[4], f[4], f[2])
		}
		k.Scale(f[2], f[2], -2)
	}
	if w.order > 2 {
		k.Affine(f[3], q, 6, -2)
		k.Mul(f[3], f[3], f[1])
	}
	if w.order > 4 {
		k.Affine(f[5], q, 120, -120)
		k.Mul(f[5], f[5], q)
		k.Shift(f[5], f[5], 16)
		k.Mul(f[5], f[5], f[1])
	}
	return f
}

// argument is z₀ + b of a chunk, in a buffer.
func (w *jetWork[T]) argument(worker, from, to int, in [][]T) []T {
	z := w.buffer(worker, op.JetOrder+3, to-from)
	if len(in) == 2 {
		w.k.Add(z, in[0][from:to], in[1][from:to])
	} else {
		copy(z, in[0][from:to])
	}
	return z
}

// product multiplies x by the slots of a term but for number leave, −1: all.
func (w *jetWork[T]) product(dst, x, z []T, t op.JetTerm, leave, from, to int) []T {
	for i, l := range t.Blocks {
		if i != leave {
			w.k.Mul(dst, x, z[l*w.size+from:l*w.size+to])
			x = dst
		}
	}
	return x
}

// jetKernel: y_s = Σ c f⁽ᵏ⁾(z₀ + b) Π z_l.
func jetKernel[T simd.Float](a args[T], o op.JetOp) kernel {
	in, out, _, _ := o.Rules.Read()
	w := newJetWork(a, o.Fn, o.Rules, a.dims[0].Size()/in, 0)
	return w.kernel(func(worker, from, to int) {
		f := w.derivatives(worker, w.argument(worker, from, to, a.in))
		z := a.in[0]
		copy(a.out[from:to], f[0])
		p := w.buffer(worker, op.JetOrder+4, to-from)
		done := 0 // slots that have been written
		for _, t := range w.terms {
			y := a.out[t.Slot*w.size+from : t.Slot*w.size+to]
			last := len(t.Blocks) - 1
			x := f[last+1]
			if t.C != 1 {
				w.k.Scale(p, x, T(t.C))
				x = p
			}
			x = w.product(p, x, z, t, last, from, to)
			factor := z[t.Blocks[last]*w.size+from : t.Blocks[last]*w.size+to]
			for ; done < t.Slot; done++ {
				if done+1 < t.Slot {
					clear(a.out[(done+1)*w.size+from : (done+1)*w.size+to])
				} else {
					w.k.Mul(y, x, factor)
					x = nil
				}
			}
			if x != nil {
				w.k.MulAdd(y, x, factor)
			}
		}
		for done++; done < out; done++ {
			clear(a.out[done*w.size+from : done*w.size+to])
		}
	})
}

// jetGradKernel: dz_l = Σ_s dy_s ∂y_s/∂z_l.
func jetGradKernel[T simd.Float](a args[T], o op.JetGradOp) kernel {
	in, _, _, _ := o.Rules.Read()
	w := newJetWork(a, o.Fn, o.Rules, a.dims[1].Size()/in, 1)
	return w.kernel(func(worker, from, to int) {
		f := w.derivatives(worker, w.argument(worker, from, to, a.in[1:]))
		dy, z, n := a.in[0], a.in[1], to-from
		w.k.Mul(a.out[from:to], dy[from:to], f[1])
		for l := 1; l < in; l++ {
			clear(a.out[l*w.size+from : l*w.size+to])
		}
		p, q := w.buffer(worker, op.JetOrder+4, n), w.buffer(worker, op.JetOrder+3, n)
		for _, t := range w.terms {
			d := dy[t.Slot*w.size+from : t.Slot*w.size+to]
			if t.C != 1 {
				w.k.Scale(q, d, T(t.C))
				d = q
			}
			k := len(t.Blocks)
			x := w.product(p, d, z, t, -1, from, to)
			w.k.MulAdd(a.out[from:to], x, f[k+1])
			for i, l := range t.Blocks {
				x := w.product(p, d, z, t, i, from, to)
				w.k.MulAdd(a.out[l*w.size+from:l*w.size+to], x, f[k])
			}
		}
	})
}
