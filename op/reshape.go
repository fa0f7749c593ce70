package op

import "fmt"

// Reshape: out = x with another shape of the same size, in row-major order. Adjoint: the reshape back.
type Reshape struct{ To Dims }

// ReshapeTo returns x in the shape d; x itself when it has that shape already.
func ReshapeTo(x Value, d Dims) Value {
	if x.Dims() == d {
		return x
	}
	return Apply(Reshape{d}, x)
}

// Shape implements Op.
func (o Reshape) Shape(in ...Dims) (Dims, error) {
	if err := arity("reshape", in, 1); err != nil {
		return Dims{}, err
	}
	if in[0].Size() != o.To.Size() {
		return Dims{}, fmt.Errorf("reshape: %v has %d elements, %v has %d", in[0], in[0].Size(), o.To, o.To.Size())
	}
	return o.To, nil
}

// Eval implements Op.
func (o Reshape) Eval(out Array, in ...Array) { copy(out.Data, in[0].Data) }

// Grad implements Op.
func (o Reshape) Grad(in []Value, _, dOut Value) []Value {
	return []Value{ReshapeTo(dOut, in[0].Dims())}
}

// LinearIn implements Linear.
func (Reshape) LinearIn(int) bool { return true }
