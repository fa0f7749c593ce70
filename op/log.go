package op

import "math"

// LogFunc: y = ln x. Derivative: dx = dy/x.
type LogFunc struct{}

// Log returns ln x.
func Log(x Value) Value { return unary(LogFunc{}, x) }

// At implements UnaryFunc.
func (LogFunc) At(x float64) float64 { return math.Log(x) }

// Diff implements UnaryFunc.
func (LogFunc) Diff(x, _, dy Value) Value { return Div(dy, x) }
