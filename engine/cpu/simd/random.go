package simd

import "github.com/kolmogo/kolmogo/op"

// philox is Kernels.Philox in Go.
func philox(words []uint32, key [2]uint32, step, first uint64) {
	for i := 0; i < len(words)/4; i++ {
		b := op.PhiloxBlock(key, step, first+uint64(i))
		copy(words[4*i:4*i+4], b[:])
	}
}

func normals[T Float](dst []T, words []uint32) {
	checkLengths(2*len(dst), len(words))
	for i := range dst {
		k := uint64(words[2*i])<<20 | uint64(words[2*i+1])>>12
		dst[i] = T(op.Quantile((float64(k) + 0.5) * 0x1p-52))
	}
}
