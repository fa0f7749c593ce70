package op

import (
	"fmt"
	"math"
)

// BrokenOp: 1 for each matrix that holds a number that is not finite, 0 for the others: what Cholesky and QR leave of a matrix that they
// cannot factorise. Shapes: x [.., M, N] → [..]. It has no gradient.
type BrokenOp struct{}

// Broken marks the matrices of x that are not finite.
func Broken(x Value) Value { return Apply(BrokenOp{}, x) }

// Shape implements Op.
func (BrokenOp) Shape(in ...Dims) (Dims, error) {
	if err := arity("broken", in, 1); err != nil {
		return Dims{}, err
	}
	if in[0].n < 2 {
		return Dims{}, fmt.Errorf("broken: shape %v: want a matrix", in[0])
	}
	return in[0].Cut(0, in[0].n-2), nil
}

// Eval implements Op.
func (BrokenOp) Eval(out Array, in ...Array) {
	clear(out.Data)
	for i, x := range in[0].Data {
		if math.IsNaN(x) || math.IsInf(x, 0) {
			out.Data[i/in[0].Dims.Span(in[0].Dims.n-2, in[0].Dims.n)] = 1
		}
	}
}

// Grad implements Op.
func (BrokenOp) Grad([]Value, Value, Value) []Value { return []Value{{}} }

// Differentiable implements Selective.
func (BrokenOp) Differentiable(int) bool { return false }
