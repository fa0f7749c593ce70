// Package cpu is the CPU backend of the engine: kernels in Go over the vectorised loops of package simd.
//
// One pool of goroutines runs one kernel at a time; a kernel splits its output statically over them. Every element of the output
// is computed by the same instructions in the same order whatever the split, so results are equal bit for bit for every number
// of threads. An op without a kernel runs its definition, Eval.
package cpu
