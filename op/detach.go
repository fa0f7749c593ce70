package op

// DetachOp: y = x, through which no gradient flows.
type DetachOp struct{}

// Detach returns x as a constant to the gradient: pushforward training differentiates only the steps after it.
func Detach(x Value) Value { return Apply(DetachOp{}, x) }

// Shape implements Op.
func (DetachOp) Shape(in ...Dims) (Dims, error) {
	if err := arity("detach", in, 1); err != nil {
		return Dims{}, err
	}
	return in[0], nil
}

// Eval implements Op.
func (DetachOp) Eval(out Array, in ...Array) { copy(out.Data, in[0].Data) }

// Grad implements Op: there is none.
func (DetachOp) Grad([]Value, Value, Value) []Value { return make([]Value, 1) }

// Differentiable implements Selective.
func (DetachOp) Differentiable(int) bool { return false }
