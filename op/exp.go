package op

import "math"

// ExpFunc: y = eˣ. Derivative: dx = y dy.
type ExpFunc struct{}

// Exp returns eˣ.
func Exp(x Value) Value { return unary(ExpFunc{}, x) }

// At implements UnaryFunc.
func (ExpFunc) At(x float64) float64 { return math.Exp(x) }

// Diff implements UnaryFunc.
func (ExpFunc) Diff(_, y, dy Value) Value { return Mul(y, dy) }
