package op

import "fmt"

// Broadcast: out_i = x_j, where j is i without the axes that x lacks and with 0 on the axes where x has length one.
// Shapes: x is aligned with To at the last axis; every axis of x equals that of To or is 1. Adjoint: a sum.
type Broadcast struct{ To Dims }

// BroadcastTo returns x stretched to the shape d; x itself when it has that shape already.
func BroadcastTo(x Value, d Dims) Value {
	if x.Dims() == d {
		return x
	}
	return Apply(Broadcast{d}, x)
}

// broadcastDims is the common shape of two operands.
func broadcastDims(a, b Dims) (Dims, error) {
	if a.n < b.n {
		a, b = b, a
	}
	out := a
	for i := range b.n {
		j := a.n - b.n + i
		switch {
		case a.len[j] == b.len[i] || b.len[i] == 1:
		case a.len[j] == 1:
			out.len[j] = b.len[i]
		default:
			return Dims{}, fmt.Errorf("shapes %v and %v do not broadcast", a, b)
		}
	}
	return out, nil
}

// Shape implements Op.
func (o Broadcast) Shape(in ...Dims) (Dims, error) {
	if err := arity("broadcast", in, 1); err != nil {
		return Dims{}, err
	}
	d, err := broadcastDims(o.To, in[0])
	if err != nil || d != o.To {
		return Dims{}, fmt.Errorf("broadcast: shape %v does not stretch to %v", in[0], o.To)
	}
	return o.To, nil
}

// Strides returns the element strides with which an operand of shape x walks over To: zero on stretched axes.
func (o Broadcast) Strides(x Dims) []int {
	s := make([]int, o.To.n)
	lead := o.To.n - x.n
	for i, st := range x.Strides() {
		if x.len[i] != 1 || o.To.len[lead+i] == 1 {
			s[lead+i] = st
		}
	}
	return s
}

// Eval implements Op.
func (o Broadcast) Eval(out Array, in ...Array) {
	strides := o.Strides(in[0].Dims)
	for i, idx := range indices(o.To) {
		out.Data[i] = in[0].Data[dot(idx, strides)]
	}
}

// Grad implements Op.
func (o Broadcast) Grad(in []Value, _, dOut Value) []Value {
	x := in[0].Dims()
	lead := o.To.n - x.n
	var axes Axes
	for i := range o.To.n {
		if i < lead || (x.len[i-lead] == 1 && o.To.len[i] != 1) {
			axes |= 1 << i
		}
	}
	return []Value{ReshapeTo(SumOver(dOut, axes), x)}
}

// LinearIn implements Linear.
func (Broadcast) LinearIn(int) bool { return true }
