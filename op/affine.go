package op

// AffineFunc: y = a·x + b with constants a and b. Derivative: dx = a·dy.
type AffineFunc struct{ A, B float64 }

// Affine returns a·x + b.
func Affine(x Value, a, b float64) Value { return unary(AffineFunc{a, b}, x) }

// Scale returns a·x.
func Scale(x Value, a float64) Value { return Affine(x, a, 0) }

// Neg returns −x.
func Neg(x Value) Value { return Affine(x, -1, 0) }

// At implements UnaryFunc.
func (f AffineFunc) At(x float64) float64 { return f.A*x + f.B }

// Diff implements UnaryFunc.
func (f AffineFunc) Diff(_, _, dy Value) Value { return Scale(dy, f.A) }
