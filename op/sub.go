package op

// SubFunc: z = x − y. Derivatives: dx = dz, dy = −dz.
type SubFunc struct{}

// Sub returns x − y, broadcasting.
func Sub(x, y Value) Value { return binary(SubFunc{}, x, y) }

// At implements BinaryFunc.
func (SubFunc) At(x, y float64) float64 { return x - y }

// Diff implements BinaryFunc.
func (SubFunc) Diff(_, _, _, dz Value) (dx, dy Value) { return dz, Neg(dz) }
