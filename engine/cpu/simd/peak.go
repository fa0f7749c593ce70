package simd

// PeakFLOPs is the number of floating-point operations that Kernels.Peak does for each unit of its argument.
const PeakFLOPs = 1024

// peakGo is Kernels.Peak in Go: eight independent chains s ← s·x + y.
func peakGo[T Float](n int) {
	x, y := T(0.5), T(1)
	var s0, s1, s2, s3, s4, s5, s6, s7 T
	for range n * (PeakFLOPs / 16) {
		s0 = T(s0*x) + y
		s1 = T(s1*x) + y
		s2 = T(s2*x) + y
		s3 = T(s3*x) + y
		s4 = T(s4*x) + y
		s5 = T(s5*x) + y
		s6 = T(s6*x) + y
		s7 = T(s7*x) + y
	}
	if !(s0+s1+s2+s3+s4+s5+s6+s7 <= 16) { // each tends to 2; the loop must not be optimised away
		panic("simd: arithmetic of this machine is wrong")
	}
}
