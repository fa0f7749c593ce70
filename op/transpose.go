package op

import "fmt"

// TransposeOp: axis i of out is axis Perm[i] of x. Shapes: a permutation of x's axes. Adjoint: the inverse permutation.
type TransposeOp struct{ Perm Dims }

// Transpose returns x with its axes permuted: axis i of the result is axis perm[i] of x.
func Transpose(x Value, perm ...int) Value {
	p, err := dimsOf(perm)
	if err != nil {
		return x.fail(err)
	}
	return Apply(TransposeOp{p}, x)
}

// Shape implements Op.
func (o TransposeOp) Shape(in ...Dims) (Dims, error) {
	if err := arity("transpose", in, 1); err != nil {
		return Dims{}, err
	}
	var seen Axes
	d := in[0]
	for i := range o.Perm.n {
		if a := o.Perm.len[i]; a < in[0].n && !seen.Has(a) {
			seen |= 1 << a
			d.len[i] = in[0].len[a]
		}
	}
	if o.Perm.n != in[0].n || int(seen) != 1<<in[0].n-1 {
		return Dims{}, fmt.Errorf("transpose: %v does not permute the axes of shape %v", o.Perm, in[0])
	}
	return d, nil
}

// Eval implements Op.
func (o TransposeOp) Eval(out Array, in ...Array) {
	strides := make([]int, o.Perm.n)
	for i, s := 0, in[0].Dims.Strides(); i < o.Perm.n; i++ {
		strides[i] = s[o.Perm.len[i]]
	}
	for i, idx := range indices(out.Dims) {
		out.Data[i] = in[0].Data[dot(idx, strides)]
	}
}

// Grad implements Op.
func (o TransposeOp) Grad(_ []Value, _, dOut Value) []Value {
	inverse := make([]int, o.Perm.n)
	for i := range inverse {
		inverse[o.Perm.len[i]] = i
	}
	return []Value{Transpose(dOut, inverse...)}
}

// LinearIn implements Linear.
func (TransposeOp) LinearIn(int) bool { return true }
