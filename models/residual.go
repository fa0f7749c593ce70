package models

import (
	"iter"
	"math/rand/v2"

	"github.com/kolmogo/kolmogo/op"
)

// ResidualBlock is, with σ the activation and e the embedding of the scalars,
//
//	h = conv1(σ(norm1(x))),   out = conv2(σ(modulation(h, e))) + shortcut(x).
//
// Source: He et al., Identity Mappings in Deep Residual Networks (2016); Ho et al. (2020), App. B.
type ResidualBlock struct {
	Norm         Model // nil: none
	Conv1, Conv2 *Conv
	Modulation   *Modulation
	Shortcut     *Dense // nil: x itself
	Activation   Activation
}

// blockPlan is what the residual blocks of a network have in common.
type blockPlan struct {
	Config
	axes      int
	embedding int // channels of e; 0: not conditioned
	boundary  op.PadMode
	act       Activation
	rnd       *rand.Rand
}

// newBlockPlan reads a Config's words.
func newBlockPlan(c Config, p Ports, rnd *rand.Rand) (b blockPlan, err error) {
	b = blockPlan{Config: c, axes: p.Axes, embedding: c.embedding(p), rnd: rnd}
	if b.act, err = activation(c.Activation); err != nil {
		return b, err
	}
	b.boundary, err = boundary(c.Boundary)
	return b, err
}

// block returns a block from in to out channels. In a conditioned network conv2 starts at 0, so that the block starts as its
// shortcut.
func (p blockPlan) block(name string, in, out, dilation int) (*ResidualBlock, error) {
	b := &ResidualBlock{Activation: p.act}
	var err error
	if b.Norm, err = newNorm(p.Norm, name+".norm1", in, p.Groups, p.rnd); err != nil {
		return nil, err
	}
	b.Conv1 = newConv(name+".conv1", in, out, p.axes, 3, p.boundary, p.rnd)
	norm, err := newNorm(p.Norm, name+".norm2", out, p.Groups, p.rnd)
	if err != nil {
		return nil, err
	}
	if b.Modulation, err = newModulation(p.Conditioning, name+".condition", norm, out, p.embedding, p.rnd); err != nil {
		return nil, err
	}
	b.Conv2 = newConv(name+".conv2", out, out, p.axes, 3, p.boundary, p.rnd)
	if p.embedding > 0 {
		zeroed(b.Conv2)
	}
	b.Conv1.Dilation, b.Conv2.Dilation = dilation, 1
	if in != out {
		b.Shortcut = NewDense(name+".shortcut", in, out, p.rnd)
	}
	return b, nil
}

func (b *ResidualBlock) apply(x, e op.Value) op.Value {
	h := b.Conv1.Apply(b.Activation(through(b.Norm, x)))
	h = b.Conv2.Apply(b.Activation(b.Modulation.apply(h, e)))
	if b.Shortcut == nil {
		return op.Add(h, x)
	}
	return op.Add(h, b.Shortcut.Apply(x))
}

// Params yields the parameters of the layers in order.
func (b *ResidualBlock) Params() iter.Seq2[string, *Param] {
	layers := []holder{b.Norm, b.Conv1, b.Modulation, b.Conv2}
	if b.Shortcut != nil {
		layers = append(layers, b.Shortcut)
	}
	return chain(layers...)
}

// NormHead is output(σ(norm(v))).
type NormHead struct {
	Norm       Model // nil: none
	Activation Activation
	Output     Model
}

// head returns the end of a network of residual blocks, a norm of so many groups and a map to out channels, which in a conditioned
// network starts at 0.
func (p blockPlan) head(groups, out int) (*NormHead, error) {
	n, err := newNorm(p.Norm, "norm", p.Width, groups, p.rnd)
	if err != nil {
		return nil, err
	}
	h := &NormHead{n, p.act, newEdge("output", p.Width, out, p.axes, p.EdgeKernel, p.boundary, p.rnd)}
	if p.embedding > 0 {
		zeroed(h.Output)
	}
	return h, nil
}

// Apply implements Model.
func (h *NormHead) Apply(v op.Value) op.Value {
	return h.Output.Apply(h.Activation(through(h.Norm, v)))
}

// Params implements Model.
func (h *NormHead) Params() iter.Seq2[string, *Param] { return chain(h.Norm, h.Output) }
