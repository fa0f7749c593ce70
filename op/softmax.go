package op

import (
	"fmt"
	"math"
)

// SoftmaxOp: y_i = exp(x_i − max x)/Σ_j exp(x_j − max x) along the last axis. Gradient: dx = y·(dy − Σ y·dy).
type SoftmaxOp struct{}

// Softmax returns the softmax of x along its last axis.
func Softmax(x Value) Value { return Apply(SoftmaxOp{}, x) }

// Shape implements Op.
func (SoftmaxOp) Shape(in ...Dims) (Dims, error) {
	if err := arity("softmax", in, 1); err != nil {
		return Dims{}, err
	}
	if in[0].n == 0 {
		return Dims{}, fmt.Errorf("softmax: shape %v has no axis", in[0])
	}
	return in[0], nil
}

// Eval implements Op.
func (SoftmaxOp) Eval(out Array, in ...Array) {
	n := out.Dims.At(-1)
	for r := range out.Dims.Span(0, out.Dims.n-1) {
		x, y := in[0].Data[r*n:(r+1)*n], out.Data[r*n:(r+1)*n]
		top := math.Inf(-1)
		for _, v := range x {
			top = math.Max(top, v)
		}
		sum := 0.0
		for i, v := range x {
			y[i] = math.Exp(v - top)
			sum += y[i]
		}
		for i := range y {
			y[i] /= sum
		}
	}
}

// Grad implements Op.
func (SoftmaxOp) Grad(_ []Value, y, dy Value) []Value {
	last := y.Dims().n - 1
	total := ReshapeTo(SumOver(Mul(y, dy), AxisSet(last)), y.Dims().With(last, 1))
	return []Value{Mul(y, Sub(dy, total))}
}
