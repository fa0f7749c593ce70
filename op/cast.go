package op

// CastOp: out = x in another dtype, rounded to nearest. Adjoint: the cast back.
type CastOp struct{ To Dtype }

// Cast returns x with element type t; x itself when it has that type already.
func Cast(x Value, t Dtype) Value {
	if x.Dtype() == t {
		return x
	}
	return Apply(CastOp{t}, x)
}

// Output implements Caster.
func (o CastOp) Output(Dtype) Dtype { return o.To }

// Shape implements Op.
func (o CastOp) Shape(in ...Dims) (Dims, error) {
	if err := arity("cast", in, 1); err != nil {
		return Dims{}, err
	}
	return in[0], nil
}

// Eval implements Op; rounding happens where the result is stored.
func (o CastOp) Eval(out Array, in ...Array) { copy(out.Data, in[0].Data) }

// Grad implements Op.
func (o CastOp) Grad(in []Value, _, dOut Value) []Value {
	return []Value{Cast(dOut, in[0].Dtype())}
}

// LinearIn implements Linear.
func (CastOp) LinearIn(int) bool { return true }
