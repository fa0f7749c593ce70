package op

import "fmt"

// GatherOp: out[i.., :] = table[index[i..], :]. Shapes: table [V, D], index [i..] holding whole numbers 0..V−1 → [i.., D].
// An index outside 0..V−1 panics in Eval: callers check their data. Adjoint in the table: ScatterOp.
type GatherOp struct{}

// Gather returns rows of a table by index.
func Gather(table, index Value) Value { return Apply(GatherOp{}, table, index) }

// Shape implements Op.
func (GatherOp) Shape(in ...Dims) (Dims, error) {
	if err := arity("gather", in, 2); err != nil {
		return Dims{}, err
	}
	if in[0].n != 2 || in[1].n >= MaxRank {
		return Dims{}, fmt.Errorf("gather: table of shape %v, index of shape %v: want a table [rows, columns]", in[0], in[1])
	}
	return in[1].Append(in[0].len[1]), nil
}

// Eval implements Op.
func (GatherOp) Eval(out Array, in ...Array) {
	d := in[0].Dims.len[1]
	for i, f := range in[1].Data {
		copy(out.Data[i*d:(i+1)*d], in[0].Data[int(f)*d:(int(f)+1)*d])
	}
}

// Grad implements Op.
func (GatherOp) Grad(in []Value, _, dOut Value) []Value {
	return []Value{Apply(ScatterOp{in[0].Dims().At(0)}, dOut, in[1]), {}}
}

// Differentiable implements Selective: indices are not.
func (GatherOp) Differentiable(input int) bool { return input == 0 }

// LinearIn implements Linear.
func (GatherOp) LinearIn(input int) bool { return input == 0 }

// ScatterOp: out[v, :] = Σ over i with index[i] = v of rows[i, :]. Shapes: rows [i.., D], index [i..] → [Rows, D].
// Adjoint in the rows: GatherOp.
type ScatterOp struct{ Rows int }

// Shape implements Op.
func (o ScatterOp) Shape(in ...Dims) (Dims, error) {
	if err := arity("scatter", in, 2); err != nil {
		return Dims{}, err
	}
	if in[0].n != in[1].n+1 || in[0].Cut(0, in[1].n) != in[1] || o.Rows < 0 {
		return Dims{}, fmt.Errorf("scatter: rows of shape %v, index of shape %v", in[0], in[1])
	}
	return Of(o.Rows, in[0].At(-1)), nil
}

// Eval implements Op.
func (o ScatterOp) Eval(out Array, in ...Array) {
	clear(out.Data)
	d := out.Dims.len[1]
	for i, f := range in[1].Data {
		for j := range d {
			out.Data[int(f)*d+j] += in[0].Data[i*d+j]
		}
	}
}

// Grad implements Op.
func (o ScatterOp) Grad(in []Value, _, dOut Value) []Value {
	return []Value{Gather(dOut, in[1]), {}}
}

// Differentiable implements Selective: indices are not.
func (ScatterOp) Differentiable(input int) bool { return input == 0 }

// LinearIn implements Linear.
func (ScatterOp) LinearIn(input int) bool { return input == 0 }
