package op

import "math"

// SqrtFunc: y = √x. Derivative: dx = dy/(2y).
type SqrtFunc struct{}

// Sqrt returns √x.
func Sqrt(x Value) Value { return unary(SqrtFunc{}, x) }

// At implements UnaryFunc.
func (SqrtFunc) At(x float64) float64 { return math.Sqrt(x) }

// Diff implements UnaryFunc.
func (SqrtFunc) Diff(_, y, dy Value) Value { return Scale(Div(dy, y), 0.5) }
