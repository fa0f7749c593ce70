package op

import "math"

// SiLUFunc: y = x·sigmoid(x). Derivative: dx = s(1 + x(1 − s)) dy with s = sigmoid(x).
type SiLUFunc struct{}

// SiLU returns x·sigmoid(x), also called swish (Ramachandran et al. 2017, arXiv 1710.05941).
func SiLU(x Value) Value { return unary(SiLUFunc{}, x) }

// At implements UnaryFunc.
func (SiLUFunc) At(x float64) float64 { return x / (1 + math.Exp(-x)) }

// Diff implements UnaryFunc.
func (SiLUFunc) Diff(x, _, dy Value) Value { return Mul(unary(SiLUSlopeFunc{}, x), dy) }

// SiLUSlopeFunc: y = s(1 + x(1 − s)), s = sigmoid(x): the derivative of SiLU.
// Its own derivative is s(1 − s)(2 + x(1 − 2s)).
type SiLUSlopeFunc struct{}

// At implements UnaryFunc.
func (SiLUSlopeFunc) At(x float64) float64 {
	s := 1 / (1 + math.Exp(-x))
	return s * (1 + x*(1-s))
}

// Diff implements UnaryFunc.
func (SiLUSlopeFunc) Diff(x, _, dy Value) Value {
	s := Sigmoid(x)
	curvature := Mul(Mul(s, Affine(s, -1, 1)), Affine(Mul(x, Affine(s, -2, 1)), 1, 2))
	return Mul(curvature, dy)
}
