package fft

import (
	"slices"

	"github.com/kolmogo/kolmogo/engine/cpu/simd"
)

// FLOPs is the number of operations of either transform of c channels: half a complex transform for each channel, and the
// separation of the pairs.
func (f *Real[T]) FLOPs(c int) int64 {
	return (f.p.flops() + 4*int64(f.bins)) * int64((c+1)/2)
}

// FLOPs is the number of operations of either transform of c channels.
func (f *Complex[T]) FLOPs(c int) int64 { return f.p.flops() * int64(c) }

// flops is the number of operations for one complex signal.
func (p *plan[T]) flops() int64 {
	var sum int64
	for _, s := range p.stages {
		sum += int64(p.n/s.r) * passFLOPs(s.r, s.matrix != nil, s.m == 1)
	}
	return sum
}

// passFLOPs is the number of operations of one transform of r points with its twiddle factors, or with the scale.
func passFLOPs(r int, matrix, last bool) int64 {
	factors := 6 * (r - 1)
	if last {
		factors = 2 * r
	}
	h := (r - 1) / 2 // conjugate pairs of an odd radix
	switch {
	case matrix:
		return int64(8 * r * r)
	case r == 2:
		return int64(4 + factors)
	case r == 4:
		return int64(16 + factors)
	case r == 8:
		return int64(56 + factors)
	}
	return int64(6*h + h*(8*h+2) + factors)
}

// FLOPs is the number of operations for one complex signal of n points, found without making its plan.
func FLOPs[T simd.Float](k *simd.Kernels[T], n int) int64 {
	var sum int64
	m := n
	for _, r := range factors(n, k.Radices) {
		m /= r
		sum += int64(n/r) * passFLOPs(r, !slices.Contains(k.Radices, r), m == 1)
	}
	return sum
}
