package op

import "math"

// GELUTanhFunc: y = x/2·(1 + tanh u), u = √(2/π)(x + 0.044715x³).
// Derivative: dx = ((1 + tanh u)/2 + x/2·(1 − tanh² u)·u') dy, u' = √(2/π)(1 + 3·0.044715x²).
type GELUTanhFunc struct{}

const (
	geluA = 0.7978845608028654 // √(2/π)
	geluB = 0.044715
)

// GELUTanh returns the tanh approximation of GELU (Hendrycks & Gimpel 2016, arXiv 1606.08415, §2).
func GELUTanh(x Value) Value { return unary(GELUTanhFunc{}, x) }

// At implements UnaryFunc.
func (GELUTanhFunc) At(x float64) float64 {
	return 0.5 * x * (1 + math.Tanh(geluA*(x+geluB*x*x*x)))
}

// Diff implements UnaryFunc.
func (GELUTanhFunc) Diff(x, _, dy Value) Value { return Mul(unary(GELUTanhSlopeFunc{}, x), dy) }

// GELUTanhSlopeFunc: the derivative of GELUTanhFunc. Its own derivative, with t = tanh u, is
// (1 − t²)(u' + x/2·u” − x·t·u'²), u” = √(2/π)·6·0.044715x.
type GELUTanhSlopeFunc struct{}

// At implements UnaryFunc.
func (GELUTanhSlopeFunc) At(x float64) float64 {
	t := math.Tanh(geluA * (x + geluB*x*x*x))
	return 0.5*(1+t) + 0.5*x*(1-t*t)*geluA*(1+3*geluB*x*x)
}

// Diff implements UnaryFunc.
func (GELUTanhSlopeFunc) Diff(x, _, dy Value) Value {
	xx := Mul(x, x)
	t := Tanh(Scale(Mul(x, Affine(xx, geluB, 1)), geluA))
	u1 := Affine(xx, 3*geluA*geluB, geluA)
	half := Scale(xx, 3*geluA*geluB) // x/2·u”
	bracket := Sub(Add(u1, half), Mul(Mul(x, t), Mul(u1, u1)))
	return Mul(Mul(Affine(Mul(t, t), -1, 1), bracket), dy)
}
