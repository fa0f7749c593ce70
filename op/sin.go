package op

import "math"

// SinFunc: y = sin x. Derivative: dx = cos x dy.
type SinFunc struct{}

// Sin returns sin x.
func Sin(x Value) Value { return unary(SinFunc{}, x) }

// At implements UnaryFunc.
func (SinFunc) At(x float64) float64 { return math.Sin(x) }

// Diff implements UnaryFunc.
func (SinFunc) Diff(x, _, dy Value) Value { return Mul(Cos(x), dy) }
