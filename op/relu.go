package op

// ReLUFunc: y = max(x, 0). Derivative: dx = dy where x > 0, else 0.
type ReLUFunc struct{}

// ReLU returns max(x, 0).
func ReLU(x Value) Value { return unary(ReLUFunc{}, x) }

// At implements UnaryFunc.
func (ReLUFunc) At(x float64) float64 {
	if x <= 0 {
		return 0
	}
	return x // NaN stays NaN
}

// Diff implements UnaryFunc.
func (ReLUFunc) Diff(x, _, dy Value) Value { return Mul(unary(StepFunc{}, x), dy) }

// StepFunc: y = 1 where x > 0, else 0; NaN stays NaN. Derivative: 0.
type StepFunc struct{}

// At implements UnaryFunc.
func (StepFunc) At(x float64) float64 {
	switch {
	case x > 0:
		return 1
	case x <= 0:
		return 0
	}
	return x
}

// Diff implements UnaryFunc.
func (StepFunc) Diff(_, _, dy Value) Value { return Scale(dy, 0) }
