package op

import "math"

// TanhFunc: y = tanh x. Derivative: dx = (1 − y²) dy.
type TanhFunc struct{}

// Tanh returns tanh x.
func Tanh(x Value) Value { return unary(TanhFunc{}, x) }

// At implements UnaryFunc.
func (TanhFunc) At(x float64) float64 { return math.Tanh(x) }

// Diff implements UnaryFunc.
func (TanhFunc) Diff(_, y, dy Value) Value { return Mul(Affine(Mul(y, y), -1, 1), dy) }
