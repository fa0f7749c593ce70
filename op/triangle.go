package op

import "fmt"

// TriangleOp: y_ij = x_ij below the diagonal, Diagonal·x_ij on it and 0 above it, for each leading index; with Upper, above and below
// change places. Shapes: x [.., M, N] → the same. It is its own adjoint.
type TriangleOp struct {
	Diagonal float64
	Upper    bool
}

// Triangle returns the lower (or upper) triangle of the matrices x, their diagonal multiplied by a factor.
func Triangle(x Value, diagonal float64, upper bool) Value {
	return Apply(TriangleOp{diagonal, upper}, x)
}

// Shape implements Op.
func (TriangleOp) Shape(in ...Dims) (Dims, error) {
	if err := arity("triangle", in, 1); err != nil {
		return Dims{}, err
	}
	if in[0].n < 2 {
		return Dims{}, fmt.Errorf("triangle: shape %v: want a matrix", in[0])
	}
	return in[0], nil
}

// Eval implements Op.
func (o TriangleOp) Eval(out Array, in ...Array) {
	d := out.Dims
	m, n := d.At(-2), d.At(-1)
	for p := range d.Span(0, d.n-2) {
		for i := range m {
			for j := range n {
				k := (p*m+i)*n + j
				switch {
				case i == j:
					out.Data[k] = o.Diagonal * in[0].Data[k]
				case (i > j) != o.Upper:
					out.Data[k] = in[0].Data[k]
				default:
					out.Data[k] = 0
				}
			}
		}
	}
}

// Grad implements Op.
func (o TriangleOp) Grad(_ []Value, _, dy Value) []Value { return []Value{Apply(o, dy)} }

// LinearIn implements Linear.
func (TriangleOp) LinearIn(int) bool { return true }
