// Package fft is the fast Fourier transform of fields whose channels come last: all channels of a point lie side by side,
// so every butterfly is a loop over them and no data is moved for its sake.
//
// A transform of n points is a sequence of passes, one for each factor of n: with ω = e^(−2πi/n), n = r·m, l = 0 … r−1 and
// j = 0 … r−1,
//
//	X_{rk+j} = Σ_{p<m} ω^(rpk)·(ω^(pj)·Σ_l e^(−2πi·jl/r)·x_{p+ml}),
//
// the inner sum and its twiddle factor ω^(pj) being one pass, and the outer sum a transform of m points for each j, which
// the next passes do side by side (Stockham's order: no reversal of digits). Factors 2, 3, 4, 5 (and 8) have passes of their
// own in package simd; any other prime is a product with its matrix.
//
// Two real channels make one complex signal x₁ + i·x₂: with Z its transform, X₁ = (Z_k + Z̄_{n−k})/2 and
// X₂ = (Z_k − Z̄_{n−k})/2i. Errors grow like ε·log n.
//
// Nothing is allocated when a plan runs; one plan serves any number of goroutines, each with scratch of its own.
package fft
