package models

import (
	"iter"

	"github.com/kolmogo/kolmogo/op"
)

// ConvUnit is σ(modulation(conv(x), e)).
type ConvUnit struct {
	Conv       *Conv
	Modulation *Modulation
	Activation Activation
}

// ConvUnits are several, one after another.
type ConvUnits []ConvUnit

// unit returns a unit from in to out channels, its convolution with three points per axis.
func (p blockPlan) unit(name string, in, out, dilation int) (u ConvUnit, err error) {
	u = ConvUnit{Conv: newConv(name, in, out, p.axes, 3, p.boundary, p.rnd), Activation: p.act}
	u.Conv.Dilation = dilation
	norm, err := newNorm(p.Norm, name+".norm", out, p.Groups, p.rnd)
	if err != nil {
		return u, err
	}
	u.Modulation, err = newModulation(p.Conditioning, name+".condition", norm, out, p.embedding, p.rnd)
	return u, err
}

func (us ConvUnits) apply(v, e op.Value) op.Value {
	for _, u := range us {
		v = u.Activation(u.Modulation.apply(u.Conv.Apply(v), e))
	}
	return v
}

// Params yields the parameters of the layers in order.
func (us ConvUnits) Params() iter.Seq2[string, *Param] {
	var layers []holder
	for _, u := range us {
		layers = append(layers, u.Conv, u.Modulation)
	}
	return chain(layers...)
}
