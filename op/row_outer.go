package op

import "fmt"

// RowOuterOp: the outer products of rows, summed over directions, side by side:
//
//	J[i, o_l + j·n_l + k] = Σ_d A_l[d·m + i, j]·B_l[d·m + i, k],  o_l = Σ_{q<l} k_q·n_q.
//
// Inputs: A_0, B_0, A_1, B_1, …; shapes: A_l [D_l·m, k_l], B_l [D_l·m, n_l], J [m, Σ k_l·n_l] with m = Rows. With a layer's operand for
// A and the adjoint of its product for B this is the block of its weights in a Jacobian whose row i depends on the rows d·m + i
// of every product; see Jacobian.
type RowOuterOp struct{ Rows int }

// RowOuter returns the row-wise outer products of the pairs, for rows independent points.
func RowOuter(rows int, pairs ...Value) Value { return Apply(RowOuterOp{rows}, pairs...) }

// Shape implements Op.
func (o RowOuterOp) Shape(in ...Dims) (Dims, error) {
	if len(in) == 0 || len(in)%2 != 0 || o.Rows < 1 {
		return Dims{}, fmt.Errorf("rowouter: shapes %v for %d rows: want pairs of matrices and at least one row", in, o.Rows)
	}
	columns := 0
	for l := 0; l < len(in); l += 2 {
		a, b := in[l], in[l+1]
		if a.n != 2 || b.n != 2 || a.len[0] != b.len[0] || a.len[0]%o.Rows != 0 {
			return Dims{}, fmt.Errorf("rowouter: shapes %v and %v: want matrices with one number of rows, a multiple of %d", a, b, o.Rows)
		}
		columns += a.len[1] * b.len[1]
	}
	return Of(o.Rows, columns), nil
}

// Eval implements Op.
func (o RowOuterOp) Eval(out Array, in ...Array) {
	clear(out.Data)
	p, at := out.Dims.len[1], 0
	for l := 0; l < len(in); l += 2 {
		a, b := in[l], in[l+1]
		k, n := a.Dims.len[1], b.Dims.len[1]
		for r := range a.Dims.len[0] {
			block := out.Data[r%o.Rows*p+at:]
			for i := range k {
				for j := range n {
					block[i*n+j] += a.Data[r*k+i] * b.Data[r*n+j]
				}
			}
		}
		at += k * n
	}
}

// Grad implements Op: dA_l[d·m + i] = dJ_l[i]·B_l[d·m + i] and dB_l[d·m + i] = dJ_l[i]ᵀ·A_l[d·m + i] for the block dJ_l[i] [k_l, n_l] of row i.
func (o RowOuterOp) Grad(in []Value, _, dJ Value) []Value {
	grads := make([]Value, len(in))
	at := 0
	for l := 0; l < len(in); l += 2 {
		a, b := in[l].Dims(), in[l+1].Dims()
		k, n, d := a.len[1], b.len[1], a.len[0]/o.Rows
		block := ReshapeTo(SliceAxis(dJ, 1, at, k*n), Of(o.Rows, k, n))
		byRow := func(x Value) Value { return Transpose(ReshapeTo(x, Of(d, o.Rows, x.Dims().At(1))), 1, 0, 2) }
		back := func(x Value, to Dims) Value { return ReshapeTo(Transpose(x, 1, 0, 2), to) }
		grads[l] = back(MatMul(byRow(in[l+1]), block, false, true), a)
		grads[l+1] = back(MatMul(byRow(in[l]), block, false, false), b)
		at += k * n
	}
	return grads
}

// LinearIn implements Linear.
func (RowOuterOp) LinearIn(int) bool { return true }

// FLOPs counts multiplications and additions.
func (o RowOuterOp) FLOPs(_ Dims, in ...Dims) (n int64) {
	for l := 0; l < len(in); l += 2 {
		n += 2 * int64(in[l].Size()) * int64(in[l+1].len[1])
	}
	return n
}
