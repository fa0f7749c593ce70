// Package cpu is the CPU backend of the engine: kernels in Go over the vectorised loops of package simd.
//
// One pool of goroutines runs one kernel at a time; a kernel splits its output statically over them. Every element of the output
// is computed by the same instructions in the same order whatever the split, so results are equal bit for bit for every number
// of threads. An op without a kernel runs its definition, Eval. Consecutive kernels whose items match run together in bands, part by
// part, so that what one writes is in the cache when the next reads it (band.go); docs/decisions/0005 has the measurements.
package cpu
