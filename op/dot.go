package op

import "fmt"

// DotOp: s = Σ_i x_i·y_i over all elements. Shapes: x and y equal, s [].
type DotOp struct{}

// Dot returns the scalar Σ x·y; Dot(x, x) is the squared norm.
func Dot(x, y Value) Value { return Apply(DotOp{}, x, y) }

// Shape implements Op.
func (DotOp) Shape(in ...Dims) (Dims, error) {
	if err := arity("dot", in, 2); err != nil {
		return Dims{}, err
	}
	if in[0] != in[1] {
		return Dims{}, fmt.Errorf("dot: shapes %v and %v differ", in[0], in[1])
	}
	return Dims{}, nil
}

// Eval implements Op.
func (DotOp) Eval(out Array, in ...Array) {
	out.Data[0] = 0
	for i, x := range in[0].Data {
		out.Data[0] += x * in[1].Data[i]
	}
}

// Grad implements Op.
func (DotOp) Grad(in []Value, _, ds Value) []Value {
	return []Value{Mul(ds, in[1]), Mul(ds, in[0])}
}

// LinearIn implements Linear.
func (DotOp) LinearIn(int) bool { return true }

// FLOPs counts multiplications and additions.
func (DotOp) FLOPs(_ Dims, in ...Dims) int64 { return 2 * int64(in[0].Size()) }
