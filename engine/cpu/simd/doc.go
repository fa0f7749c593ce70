// Package simd is the arithmetic under the CPU backend: single-threaded, allocation-free loops over slices of
// float32 and float64, in assembly for AVX-512 and for AVX2 with FMA, and in Go for every other machine.
//
// An element of a result depends on its operands alone: not on its position, on the length of the slice or on how
// a caller splits rows among workers. Gemm sums over k in the fixed order written in its comment.
//
// A call runs to its end without yielding its thread, about half a nanosecond per element and function: hand it
// slices of at most a few million elements. Length mismatches and short slices are programming errors and panic.
//
// The assembly and its declarations are written by the program in gen.
package simd

//go:generate go run ./gen
