// Package constraint makes predictions obey what is known of them, as graph: equations that hold (LeastSquares, Equation), conserved
// integrals of uncertain predictions (Gaussian), linear equations (Project), fields without divergence (Leray, Curl), bounds.
//
// Everything here is differentiable, batched over samples, and does what it can in float64: pass values of that dtype where the
// rounding of float32 matters, as it does in Equation, whose normal equations square the condition number.
package constraint
