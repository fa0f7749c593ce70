package op

import (
	"fmt"
	"math/bits"
)

// Philox returns the block of the Philox4x32-10 generator for a counter and a key: ten rounds of two 32×32-bit products, keys
// raised by a Weyl sequence. Source: Salmon, Moraes, Dror & Shaw 2011, "Parallel random numbers: as easy as 1, 2, 3", §4.2.
func Philox(counter [4]uint32, key [2]uint32) [4]uint32 {
	c0, c1, c2, c3, k0, k1 := counter[0], counter[1], counter[2], counter[3], key[0], key[1]
	for range 10 {
		hi0, lo0 := bits.Mul32(0xD2511F53, c0)
		hi1, lo1 := bits.Mul32(0xCD9E8D57, c2)
		c0, c1, c2, c3 = hi1^c1^k0, lo1, hi0^c3^k1, lo0
		k0 += 0x9E3779B9 // golden ratio
		k1 += 0xBB67AE85 // √3 − 1
	}
	return [4]uint32{c0, c1, c2, c3}
}

// PhiloxKey returns the key that a seed and a stream share: the first half of the block with the stream as counter and the seed as
// key, so that streams of one seed are as unrelated as its numbers.
func PhiloxKey(seed, stream uint64) [2]uint32 {
	b := Philox([4]uint32{uint32(stream), uint32(stream >> 32)}, [2]uint32{uint32(seed), uint32(seed >> 32)})
	return [2]uint32{b[0], b[1]}
}

// PhiloxBlock returns block i of a step under a key: four words, of which a draw takes one (Dropout) or two (Normal).
func PhiloxBlock(key [2]uint32, step, i uint64) [4]uint32 {
	return Philox([4]uint32{uint32(i), uint32(i >> 32), uint32(step), uint32(step >> 32)}, key)
}

// counterBits is the number of bits of a step in the first element of a step counter.
const counterBits = 20

// StepCounter returns a step as the input [2] of random ops: (step mod 2²⁰, ⌊step/2²⁰⌋), which float32 holds exactly up to step 2⁴⁴.
func StepCounter(step uint64) [2]float64 {
	return [2]float64{float64(step & (1<<counterBits - 1)), float64(step >> counterBits)}
}

// StepOf is the inverse of StepCounter.
func StepOf(counter []float64) uint64 {
	return uint64(counter[1])<<counterBits + uint64(counter[0])
}

// checkCounter validates the shape of a step counter.
func checkCounter(name string, d Dims, of Dims) error {
	if d != Of(2) {
		return fmt.Errorf("%s: step counter of shape %v for values of shape %v: want [2]", name, d, of)
	}
	return nil
}
