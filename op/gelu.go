package op

import "math"

// GELUFunc: y = x·Φ(x) with the normal distribution function Φ(x) = (1 + erf(x/√2))/2. Derivative: dx = (Φ(x) + x·φ(x)) dy.
type GELUFunc struct{}

// GELU returns x·Φ(x), the exact form (Hendrycks & Gimpel 2016, arXiv 1606.08415, eq. 1).
func GELU(x Value) Value { return unary(GELUFunc{}, x) }

// At implements UnaryFunc.
func (GELUFunc) At(x float64) float64 { return x * 0.5 * math.Erfc(-x/math.Sqrt2) }

// Diff implements UnaryFunc.
func (GELUFunc) Diff(x, _, dy Value) Value { return Mul(unary(GELUSlopeFunc{}, x), dy) }

// GELUSlopeFunc: y = Φ(x) + x·φ(x), the derivative of GELU, with the normal density φ.
// Its own derivative is φ(x)(2 − x²).
type GELUSlopeFunc struct{}

// At implements UnaryFunc.
func (GELUSlopeFunc) At(x float64) float64 {
	return 0.5*math.Erfc(-x/math.Sqrt2) + x*math.Exp(-x*x/2)/math.Sqrt(2*math.Pi)
}

// Diff implements UnaryFunc.
func (GELUSlopeFunc) Diff(x, _, dy Value) Value {
	xx := Mul(x, x)
	density := Scale(Exp(Scale(xx, -0.5)), 1/math.Sqrt(2*math.Pi))
	return Mul(Mul(density, Affine(xx, -1, 2)), dy)
}
