package cpu

import (
	"math"

	"github.com/kolmogo/kolmogo/engine/cpu/simd"
	"github.com/kolmogo/kolmogo/op"
)

const (
	randomGrain = 256 // Philox blocks that are worth a worker's while
	randomPart  = 128 // blocks drawn at once
)

// normalKernel: out_i = Φ⁻¹(u_i), with u_i as in op.NormalOp, rounded from the float64 of its definition. Items are Philox blocks of
// two numbers each, those of a row of counters one after another.
func normalKernel[T simd.Float](a args[T], o op.NormalOp) kernel {
	rows, _ := o.Rows(op.Of(len(a.in[0])), a.to.Size())
	return randomKernel(a, o.Seed, o.Stream, a.in[0], rows, 2, func(words []uint32, from, to int) {
		a.k.Normals(a.out[from:to], words[:2*(to-from)])
	})
}

// dropoutKernel: out_i = x_i/(1 − p) where r_i ≥ p, else 0, with r_i as in op.DropoutOp. Items are Philox blocks of four elements.
func dropoutKernel[T simd.Float](a args[T], o op.DropoutOp) kernel {
	least := uint64(math.Ceil(o.P * 0x1p32)) // w/2³² ≥ p exactly where w ≥ least
	share := T(1 - o.P)
	k := randomKernel(a, o.Seed, o.Stream, a.in[1], 1, 4, func(words []uint32, from, to int) {
		out := a.out[from:to]
		for i, x := range a.in[0][from:to] {
			either := [2]T{x / share, 0}
			out[i] = either[(uint64(words[i])-least)>>63] // the second where the difference is negative: no branch to guess
		}
	})
	k.in, k.out = []int{4}, []int{4}
	return k
}

// randomKernel calls f with the words of some Philox blocks and the elements that they are for, so many a block. The elements fall
// into equal rows with a counter and blocks of their own.
func randomKernel[T simd.Float](a args[T], seed, stream uint64, counters []T, rows, each int, f func(words []uint32, from, to int)) kernel {
	key, size := op.PhiloxKey(seed, stream), a.to.Size()/max(rows, 1)
	drawn := make([][4 * randomPart]uint32, a.pool.workers)
	blocks := (size + each - 1) / each // of a row
	body := func(w, lo, hi int) {
		for lo < hi {
			row, first := lo/blocks, lo%blocks
			n := min(randomPart, hi-lo, blocks-first)
			words := drawn[w][:4*n]
			a.k.Philox(words, key, stepOf(counters[2*row:2*row+2]), uint64(first))
			f(words, row*size+first*each, row*size+min(size, (first+n)*each))
			lo += n
		}
	}
	return kernel{items: rows * blocks, grain: randomGrain, body: body}
}

// stepOf reads a step counter.
func stepOf[T simd.Float](counter []T) uint64 {
	c := [2]float64{float64(counter[0]), float64(counter[1])}
	return op.StepOf(c[:])
}
