package models

import (
	"iter"
	"math"
	"slices"

	"github.com/kolmogo/kolmogo/op"
)

// ConvNeXtBlock: out = x + γ·W₂σ(W₁ modulation(k ⋆ x + b, e)), with a kernel k for each channel, a norm over the channels of a point,
// affine W₁ and W₂ to Expansion times as many channels and back, and a factor γ per channel, which starts at 10⁻⁶.
type ConvNeXtBlock struct {
	Kernel, Bias   *Param // [k.., c], [c]
	Boundary       op.PadMode
	Modulation     *Modulation
	Expand, Reduce *Dense
	Activation     Activation
	Gate           *Gate
}

// convNeXt returns a block.
func (p blockPlan) convNeXt(name string, width int) (*ConvNeXtBlock, error) {
	hidden, err := channels("expansion", p.Expansion, width, math.RoundToEven)
	if err != nil {
		return nil, err
	}
	norm, err := newNorm("layer", name+".norm", width, 1, p.rnd)
	if err != nil {
		return nil, err
	}
	draw := fanIn(kernelSize(p.Kernel, p.axes), p.rnd)
	b := &ConvNeXtBlock{Boundary: p.boundary, Activation: p.act}
	b.Kernel = newParam(name+".kernel", op.Of(append(slices.Repeat([]int{p.Kernel}, p.axes), width)...), draw)
	b.Bias = newParam(name+".bias", op.Of(width), draw)
	if b.Modulation, err = newModulation(p.Conditioning, name+".condition", norm, width, p.embedding, p.rnd); err != nil {
		return nil, err
	}
	b.Expand, b.Reduce = NewDense(name+".expand", width, hidden, p.rnd), NewDense(name+".reduce", hidden, width, p.rnd)
	b.Gate = &Gate{newParam(name+".gate", op.Of(width), constant(1e-6, p.rnd))}
	return b, nil
}

func (b *ConvNeXtBlock) apply(x, e op.Value) op.Value {
	if !x.Valid() {
		return x
	}
	v, reach := x, (b.Kernel.Dims.At(0)-1)/2
	for i := range x.Dims().Rank() - 2 {
		v = op.Pad(v, b.Boundary, i+1, reach, reach)
	}
	v = op.Add(op.Depthwise(v, b.Kernel.with(x)), b.Bias.with(x))
	v = b.Expand.Apply(b.Modulation.apply(v, e))
	return op.Add(x, b.Gate.Apply(b.Reduce.Apply(b.Activation(v))))
}

// Params yields the parameters of the layers in order.
func (b *ConvNeXtBlock) Params() iter.Seq2[string, *Param] {
	return chain(holders{b.Kernel, b.Bias}, b.Modulation, b.Expand, b.Reduce, b.Gate)
}
