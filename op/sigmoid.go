package op

import "math"

// SigmoidFunc: y = 1/(1 + e⁻ˣ). Derivative: dx = y(1 − y) dy.
type SigmoidFunc struct{}

// Sigmoid returns the logistic function 1/(1 + e⁻ˣ).
func Sigmoid(x Value) Value { return unary(SigmoidFunc{}, x) }

// At implements UnaryFunc.
func (SigmoidFunc) At(x float64) float64 { return 1 / (1 + math.Exp(-x)) }

// Diff implements UnaryFunc.
func (SigmoidFunc) Diff(_, y, dy Value) Value { return Mul(Mul(y, Affine(y, -1, 1)), dy) }
