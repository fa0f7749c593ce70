package models

import (
	"iter"
	"math/rand/v2"
	"slices"

	"github.com/kolmogo/kolmogo/op"
)

// PatchConv is a convolution of two points and stride 2 on every axis, which halves the grid, or its transpose, which doubles it; the
// patches do not overlap. W [2.., in, out], for the transpose [2.., out, in].
type PatchConv struct {
	Weight, Bias *Param
	Transposed   bool
}

// newPatchConv draws as PyTorch does, from U(−1/√n, 1/√n) with n = in·2^axes, out·2^axes for the transpose.
func newPatchConv(name string, in, out, axes int, transposed bool, rnd *rand.Rand) *PatchConv {
	a, b := in, out
	if transposed {
		a, b = out, in
	}
	draw := fanIn(a*kernelSize(2, axes), rnd)
	return &PatchConv{newParam(name+".weight", kernelDims(2, axes, a, b), draw), newParam(name+".bias", op.Of(out), draw), transposed}
}

// Apply implements Model.
func (c *PatchConv) Apply(x op.Value) op.Value {
	if !x.Valid() {
		return x
	}
	axes := x.Dims().Rank() - 2
	two := slices.Repeat([]int{2}, axes)
	if !c.Transposed {
		return op.Add(op.Conv(x, c.Weight.with(x), two, nil), c.Bias.with(x))
	}
	size := x.Dims().Cut(1, axes+1).Slice()
	for i := range size {
		size[i] *= 2
	}
	return op.Add(op.ConvTranspose(x, c.Weight.with(x), two, nil, size), c.Bias.with(x))
}

// Params implements Model.
func (c *PatchConv) Params() iter.Seq2[string, *Param] { return own(c.Weight, c.Bias) }
