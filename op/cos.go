package op

import "math"

// CosFunc: y = cos x. Derivative: dx = −sin x dy.
type CosFunc struct{}

// Cos returns cos x.
func Cos(x Value) Value { return unary(CosFunc{}, x) }

// At implements UnaryFunc.
func (CosFunc) At(x float64) float64 { return math.Cos(x) }

// Diff implements UnaryFunc.
func (CosFunc) Diff(x, _, dy Value) Value { return Neg(Mul(Sin(x), dy)) }
