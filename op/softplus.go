package op

import "math"

// SoftplusFunc: y = ln(1 + eˣ). Derivative: dx = sigmoid(x) dy.
type SoftplusFunc struct{}

// Softplus returns ln(1 + eˣ).
func Softplus(x Value) Value { return unary(SoftplusFunc{}, x) }

// At implements UnaryFunc.
func (SoftplusFunc) At(x float64) float64 { return math.Max(x, 0) + math.Log1p(math.Exp(-math.Abs(x))) }

// Diff implements UnaryFunc.
func (SoftplusFunc) Diff(x, _, dy Value) Value { return Mul(Sigmoid(x), dy) }
