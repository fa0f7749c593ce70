package op

import "math"

// PowFunc: y = xᵖ with a constant p. Derivative: dx = p·xᵖ⁻¹ dy.
type PowFunc struct{ P float64 }

// Pow returns xᵖ.
func Pow(x Value, p float64) Value { return unary(PowFunc{p}, x) }

// At implements UnaryFunc.
func (f PowFunc) At(x float64) float64 { return math.Pow(x, f.P) }

// Diff implements UnaryFunc.
func (f PowFunc) Diff(x, _, dy Value) Value {
	if f.P == 0 {
		return Scale(dy, 0)
	}
	return Mul(Scale(Pow(x, f.P-1), f.P), dy)
}
