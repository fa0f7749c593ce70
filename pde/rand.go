package pde

import "math/rand/v2"

// Rand is the source of trajectory number index of the recipe's seed: PCG keyed by the two, so that a trajectory depends on nothing else.
func Rand(seed, index uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, index)) }
