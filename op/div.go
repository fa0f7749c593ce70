package op

// DivFunc: z = x/y. Derivatives: dx = dz/y, dy = −z·dz/y.
type DivFunc struct{}

// Div returns the elementwise quotient x/y, broadcasting.
func Div(x, y Value) Value { return binary(DivFunc{}, x, y) }

// At implements BinaryFunc.
func (DivFunc) At(x, y float64) float64 { return x / y }

// Diff implements BinaryFunc.
func (DivFunc) Diff(_, y, z, dz Value) (dx, dy Value) {
	dx = Div(dz, y)
	return dx, Neg(Mul(z, dx))
}
