package datasets

import (
	"math/bits"
	"math/rand/v2"
)

// The draws of a loader depend on these functions and on the PCG generator alone, so that a run can be resumed with
// another release of Go.

// shuffle returns a permutation of 0..n−1 that is a function of (seed, epoch): Fisher and Yates.
func shuffle(n int, seed uint64, epoch int) []int {
	random := rand.NewPCG(mix(seed), mix(uint64(epoch)))
	order := make([]int, n)
	for i := range order {
		j := below(random, i+1)
		order[i] = order[j]
		order[j] = i
	}
	return order
}

// sampleRandom returns the generator of one sample of one epoch.
func sampleRandom(seed uint64, epoch, index int) *rand.PCG {
	return rand.NewPCG(mix(mix(seed)^uint64(epoch)), mix(^uint64(index)))
}

// below draws from 0..n−1: the upper word of a random word times n.
func below(random *rand.PCG, n int) int {
	high, _ := bits.Mul64(random.Uint64(), uint64(n))
	return int(high)
}

// mix is a bijection that spreads neighbouring numbers over all words: the finaliser of splitmix64.
func mix(v uint64) uint64 {
	v += 0x9e3779b97f4a7c15
	v = (v ^ v>>30) * 0xbf58476d1ce4e5b9
	v = (v ^ v>>27) * 0x94d049bb133111eb
	return v ^ v>>31
}
