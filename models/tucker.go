package models

import (
	"fmt"
	"iter"
	"math"
	"math/rand/v2"

	"github.com/kolmogo/kolmogo/op"
)

// Tucker is a Kernel by its Tucker decomposition, all complex and without conjugation:
//
//	W[k.., i, o] = Σ_(a.., p, q) G[a.., p, q] U¹[k₁, a₁] ⋯ U^in[i, p] U^out[o, q]
//
// Core is [2, ranks..], factors are [2, length, rank], one per axis of the kernel in the order k.., in, out. The kernel is
// formed once per application; its cost does not depend on the batch.
//
// Source: Kossaifi et al., Multi-Grid Tensorized Fourier Neural Operator (2023), §3.
type Tucker struct {
	Core    *Param
	Factors []*Param
}

// NewTucker decomposes a kernel [k.., 2, in, out] with about rank times as many parameters, rank in (0, 1]. Core and factors
// have complex normal entries whose variance gives the kernel's entries the standard deviation sigma (tensorly-torch's rule).
func NewTucker(name string, kernel op.Dims, rank, sigma float64, rnd *rand.Rand) *Tucker {
	dims := complexFirst(kernel)[1:]
	ranks := tuckerRanks(dims, rank)
	spread := 1.0
	for _, r := range ranks {
		spread *= math.Sqrt(float64(r))
	}
	draw := complexNormal(math.Pow(sigma/spread, 1/float64(len(dims)+1)), rnd)
	w := &Tucker{Core: newParam(name+".core", op.Of(append([]int{2}, ranks...)...), draw)}
	for i, n := range dims {
		axis := fmt.Sprintf("k%d", i)
		switch i - len(dims) {
		case -2:
			axis = "in"
		case -1:
			axis = "out"
		}
		w.Factors = append(w.Factors, newParam(name+".factor_"+axis, op.Of(2, n, ranks[i]), draw))
	}
	return w
}

// complexFirst returns the lengths of a kernel [k.., 2, in, out] as [2, k.., in, out].
func complexFirst(kernel op.Dims) []int {
	k := kernel.Rank() - 3
	lens := append([]int{2}, kernel.Cut(0, k).Slice()...)
	return append(lens, kernel.At(-2), kernel.At(-1))
}

// tuckerRanks returns rounded ranks x·dims, at least one, with x the root of
//
//	P x^d + S x = c P,   P = Π dims, S = Σ dims²,
//
// so that core and factors together have the fraction c of the P entries (tensorly's rule; half rounds to even).
func tuckerRanks(dims []int, c float64) []int {
	p, s := 1.0, 0.0
	for _, n := range dims {
		p *= float64(n)
		s += float64(n) * float64(n)
	}
	lo, hi := 0.0, math.Max(c, 1)
	for range 100 {
		x := (lo + hi) / 2
		if p*math.Pow(x, float64(len(dims)))+s*x < c*p {
			lo = x
		} else {
			hi = x
		}
	}
	ranks := make([]int, len(dims))
	for i, n := range dims {
		ranks[i] = max(1, int(math.RoundToEven(hi*float64(n))))
	}
	return ranks
}

// In implements Kernel: each factor in turn multiplies the leading axis of the array, which then moves to the end; after all
// of them the axes are in order again.
func (w *Tucker) In(g *op.Graph, t op.Dtype) op.Value {
	v := w.Core.In(g, t)
	rank := len(w.Factors) + 1
	rotate := []int{0}
	for i := 2; i < rank; i++ {
		rotate = append(rotate, i)
	}
	rotate = append(rotate, 1)
	for _, f := range w.Factors {
		if !v.Valid() {
			return v
		}
		d := v.Dims()
		rows := op.ReshapeTo(v, op.Of(2, d.At(1), d.Span(2, rank)))
		v = op.ReshapeTo(op.CMatMul(f.In(g, t), rows, false, false), d.With(1, f.Dims.At(1)))
		v = op.Transpose(v, rotate...)
	}
	order := []int{} // [2, k.., in, out] → [k.., 2, in, out]
	for i := 1; i < rank-2; i++ {
		order = append(order, i)
	}
	return op.Transpose(v, append(order, 0, rank-2, rank-1)...)
}

// Params implements Kernel.
func (w *Tucker) Params() iter.Seq2[string, *Param] {
	return own(append([]*Param{w.Core}, w.Factors...)...)
}
