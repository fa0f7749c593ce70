package op

import "fmt"

// DropoutOp: out_i = x_i/(1 − p) where r_i ≥ p, else 0, with r_i = w/2³² for word i mod 4, w, of block ⌊i/4⌋: a mask that is a function
// of (Seed, Stream, step, i). Shapes: x, step counter [2] → that of x. Adjoint: itself, with the same mask.
// Source: Srivastava et al. 2014, JMLR 15, §4 (scaled in training).
type DropoutOp struct {
	P            float64
	Seed, Stream uint64
}

// Dropout returns x with each element dropped with probability p and the others divided by 1 − p; step is a StepCounter.
// x itself when p is 0.
func Dropout(x, step Value, p float64, seed, stream uint64) Value {
	if p == 0 {
		return x
	}
	return Apply(DropoutOp{p, seed, stream}, x, step)
}

// Shape implements Op.
func (o DropoutOp) Shape(in ...Dims) (Dims, error) {
	if err := arity("dropout", in, 2); err != nil {
		return Dims{}, err
	}
	if !(o.P >= 0 && o.P < 1) {
		return Dims{}, fmt.Errorf("dropout: probability %v on shape %v: want 0 ≤ p < 1", o.P, in[0])
	}
	return in[0], checkCounter("dropout", in[1], in[0])
}

// Eval implements Op.
func (o DropoutOp) Eval(out Array, in ...Array) {
	key, step := PhiloxKey(o.Seed, o.Stream), StepOf(in[1].Data)
	var b [4]uint32
	for i, x := range in[0].Data {
		if i%4 == 0 {
			b = PhiloxBlock(key, step, uint64(i/4))
		}
		out.Data[i] = 0
		if float64(b[i%4])*0x1p-32 >= o.P {
			out.Data[i] = x / (1 - o.P)
		}
	}
}

// Grad implements Op.
func (o DropoutOp) Grad(in []Value, _, dOut Value) []Value {
	return []Value{Apply(o, dOut, in[1]), {}}
}

// Differentiable implements Selective: the step is not.
func (DropoutOp) Differentiable(input int) bool { return input == 0 }

// LinearIn implements Linear.
func (DropoutOp) LinearIn(input int) bool { return input == 0 }
