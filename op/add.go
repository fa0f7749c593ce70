package op

// AddFunc: z = x + y. Derivatives: dx = dz, dy = dz.
type AddFunc struct{}

// Add returns x + y, broadcasting.
func Add(x, y Value) Value { return binary(AddFunc{}, x, y) }

// At implements BinaryFunc.
func (AddFunc) At(x, y float64) float64 { return x + y }

// Diff implements BinaryFunc.
func (AddFunc) Diff(_, _, _, dz Value) (dx, dy Value) { return dz, dz }
