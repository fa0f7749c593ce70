package models

import (
	"iter"
	"math/rand/v2"

	"github.com/kolmogo/kolmogo/op"
)

// Dense: y = x W + b at every point, with W [in, out] and b [out].
type Dense struct {
	Weight *Param
	Bias   *Param // nil: none
}

// NewDense draws W, then b, from U(−1/√in, 1/√in), PyTorch's default.
func NewDense(name string, in, out int, rnd *rand.Rand) *Dense {
	d := NewDenseNoBias(name, in, out, rnd)
	d.Bias = newParam(name+".bias", op.Of(out), fanIn(in, rnd))
	return d
}

// NewDenseNoBias draws W as NewDense does.
func NewDenseNoBias(name string, in, out int, rnd *rand.Rand) *Dense {
	return &Dense{Weight: newParam(name+".weight", op.Of(in, out), fanIn(in, rnd))}
}

// Apply implements Model.
func (d *Dense) Apply(x op.Value) op.Value {
	y := op.MatMul(x, d.Weight.with(x), false, false)
	if d.Bias == nil {
		return y
	}
	return op.Add(y, d.Bias.with(x))
}

// Params implements Model.
func (d *Dense) Params() iter.Seq2[string, *Param] { return own(d.Weight, d.Bias) }
