package op

// MulFunc: z = x·y. Derivatives: dx = y dz, dy = x dz.
type MulFunc struct{}

// Mul returns the elementwise product x·y, broadcasting.
func Mul(x, y Value) Value { return binary(MulFunc{}, x, y) }

// At implements BinaryFunc.
func (MulFunc) At(x, y float64) float64 { return x * y }

// Diff implements BinaryFunc.
func (MulFunc) Diff(x, y, _, dz Value) (dx, dy Value) { return Mul(y, dz), Mul(x, dz) }
