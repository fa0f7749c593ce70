package cpu

import (
	"math"

	"github.com/kolmogo/kolmogo/engine/cpu/simd"
	"github.com/kolmogo/kolmogo/op"
)

// randomGrain is the number of Philox blocks that are worth a worker's while.
const randomGrain = 256

// normalKernel: out_i = Φ⁻¹(u_i), with u_i as in op.NormalOp, rounded from the float64 of its definition. Items are Philox blocks of
// two numbers each.
func normalKernel[T simd.Float](a args[T], o op.NormalOp) kernel {
	key := op.PhiloxKey(o.Seed, o.Stream)
	body := func(_, lo, hi int) {
		step := stepOf(a.in[0])
		for i := lo; i < hi; i++ {
			b := op.PhiloxBlock(key, step, uint64(i))
			for j := range a.out[2*i : min(2*i+2, len(a.out))] {
				k := uint64(b[2*j])<<20 | uint64(b[2*j+1])>>12
				a.out[2*i+j] = T(op.Quantile((float64(k) + 0.5) * 0x1p-52))
			}
		}
	}
	return kernel{items: (a.to.Size() + 1) / 2, grain: randomGrain, body: body}
}

// dropoutKernel: out_i = x_i/(1 − p) where r_i ≥ p, else 0, with r_i as in op.DropoutOp. Items are Philox blocks of four elements.
func dropoutKernel[T simd.Float](a args[T], o op.DropoutOp) kernel {
	key := op.PhiloxKey(o.Seed, o.Stream)
	least := uint64(math.Ceil(o.P * 0x1p32)) // w/2³² ≥ p exactly where w ≥ least
	body := func(_, lo, hi int) {
		step := stepOf(a.in[1])
		for i := lo; i < hi; i++ {
			b := op.PhiloxBlock(key, step, uint64(i))
			for j, x := range a.in[0][4*i : min(4*i+4, len(a.out))] {
				var y T
				if uint64(b[j]) >= least {
					y = T(float64(x) / (1 - o.P))
				}
				a.out[4*i+j] = y
			}
		}
	}
	return kernel{items: (a.to.Size() + 3) / 4, grain: randomGrain, body: body, in: []int{4}, out: []int{4}}
}

// stepOf reads a step counter.
func stepOf[T simd.Float](counter []T) uint64 {
	c := [2]float64{float64(counter[0]), float64(counter[1])}
	return op.StepOf(c[:])
}
