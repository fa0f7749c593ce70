package cpu

import (
	"github.com/kolmogo/kolmogo/engine/cpu/simd"
	"github.com/kolmogo/kolmogo/op"
)

// jetGrain is the number of elements of a slot that are worth a worker's while, jetChunk those of which sine and cosine are made at a time.
const jetGrain, jetChunk = 1 << 12, 256

// jet is a kernel of jets: results that are sums of terms c·f⁽ᵏ⁾(z₀ + b)·Π of k factors, of size elements each.
type jet[T simd.Float] struct {
	k     *simd.Kernels[T]
	fn    op.JetFunction
	terms []simd.JetTerm[T]
	order int // of the derivatives that are read
	size  int
	z, b  []T // b nil: none
}

// jetOf takes the operands z and perhaps b.
func jetOf[T simd.Float](k *simd.Kernels[T], fn op.JetFunction, size int, in [][]T) *jet[T] {
	j := &jet[T]{k: k, fn: fn, size: size, z: in[0]}
	if len(in) == 2 {
		j.b = in[1]
	}
	return j
}

// slot is slot s of an operand; nil where that has no memory yet.
func (j *jet[T]) slot(x []T, s int) []T {
	if x == nil {
		return nil
	}
	return x[s*j.size : (s+1)*j.size]
}

// add adds a term to the result at hand.
func (j *jet[T]) add(c float64, factors ...[]T) {
	t := simd.JetTerm[T]{Degree: len(factors), C: T(c)}
	copy(t.Factors[:], factors)
	j.terms, j.order = append(j.terms, t), max(j.order, len(factors))
}

// store ends the result at hand, which has had terms since there were so many in all.
func (j *jet[T]) store(out []T, since int) {
	if len(j.terms) == since {
		j.terms = append(j.terms, simd.JetTerm[T]{Degree: -1})
	}
	j.terms[len(j.terms)-1].Out = out
}

func (j *jet[T]) kernel(p *pool) kernel {
	if j.fn == op.JetTanh {
		return kernel{items: j.size, grain: jetGrain, body: func(_, lo, hi int) {
			var b []T
			if j.b != nil {
				b = j.b[lo:hi]
			}
			j.k.TanhJet(j.terms, j.z[lo:hi], b, lo, j.order)
		}}
	}
	room := workspaces[T](p, 3*jetChunk)
	return kernel{items: j.size, grain: jetGrain, body: func(w, lo, hi int) {
		for ; lo < hi; lo += jetChunk {
			n := min(jetChunk, hi-lo)
			s, c, z := room[w][:n], room[w][jetChunk:jetChunk+n], room[w][2*jetChunk:2*jetChunk+n]
			if copy(z, j.z[lo:lo+n]); j.b != nil {
				j.k.Add(z, z, j.b[lo:lo+n])
			}
			j.k.Sin(s, z)
			j.k.Cos(c, z)
			if j.fn == op.JetCos { // which is the sine a quarter of a turn further on
				j.k.Scale(s, s, -1)
				s, c = c, s
			}
			j.k.SineJet(j.terms, s, c, lo, j.order)
		}
	}}
}

// jetKernel: y_s = Σ c f⁽ᵏ⁾(z₀ + b) Π z_l.
func jetKernel[T simd.Float](a args[T], o op.JetOp) kernel {
	in, out, rules, _ := o.Rules.Read() // Shape has read it
	j := jetOf(a.k, o.Fn, a.dims[0].Size()/in, a.in)
	for s := range out {
		since := len(j.terms)
		for _, r := range rules {
			if r.Slot == s {
				j.add(r.C, j.slots(a.in[0], r.Blocks, -1)...)
			}
		}
		j.store(j.slot(a.out, s), since)
	}
	return j.kernel(a.pool)
}

// jetGradKernel: dz_l = Σ_s dy_s ∂y_s/∂z_l, result by result.
func jetGradKernel[T simd.Float](a args[T], o op.JetGradOp) kernel {
	in, _, rules, _ := o.Rules.Read()
	dy, z := a.in[0], a.in[1]
	j := jetOf(a.k, o.Fn, a.dims[1].Size()/in, a.in[1:])
	for l := range in {
		since := len(j.terms)
		for _, r := range rules {
			d := j.slot(dy, r.Slot)
			if l == 0 {
				j.add(r.C, append(j.slots(z, r.Blocks, -1), d)...)
			}
			for i, b := range r.Blocks {
				if same := alike(r.Blocks[i:]); b == l && (i == 0 || r.Blocks[i-1] != b) {
					j.add(r.C*float64(same), append(j.slots(z, r.Blocks, i), d)...)
				}
			}
		}
		j.store(j.slot(a.out, l), since)
	}
	return j.kernel(a.pool)
}

// slots are those of a term but for factor number leave, −1: all.
func (j *jet[T]) slots(z []T, blocks []int, leave int) (list [][]T) {
	for i, b := range blocks {
		if i != leave {
			list = append(list, j.slot(z, b))
		}
	}
	return list
}

// alike is the number of first numbers that are equal.
func alike(list []int) int {
	n := 1
	for n < len(list) && list[n] == list[0] {
		n++
	}
	return n
}
