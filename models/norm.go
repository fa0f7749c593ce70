package models

import (
	"fmt"
	"iter"
	"math/rand/v2"

	"github.com/kolmogo/kolmogo/op"
)

// normEpsilon is added to variances, as PyTorch does by default.
const normEpsilon = 1e-5

// GroupNorm: y = s·(x − μ)/√(σ² + ε) + t, with mean μ and variance σ² (biased) of each sample over the grid and the channels of
// a group, and with s, t per channel, which start at 1 and 0.
type GroupNorm struct {
	Scale, Shift *Param
	Groups       int
}

// Apply implements Model.
func (n *GroupNorm) Apply(x op.Value) op.Value {
	return op.GroupNorm(x, n.Groups, n.Scale.with(x), n.Shift.with(x), normEpsilon)
}

// Params implements Model.
func (n *GroupNorm) Params() iter.Seq2[string, *Param] { return own(n.Scale, n.Shift) }

// InstanceNorm: y = (x − μ)/√(σ² + ε), with mean and variance (biased) of each sample and channel over the grid.
type InstanceNorm struct{}

// Apply implements Model.
func (InstanceNorm) Apply(x op.Value) op.Value { return op.InstanceNorm(x, normEpsilon) }

// Params implements Model.
func (InstanceNorm) Params() iter.Seq2[string, *Param] { return own() }

// LayerNorm: y = s·(x − μ)/√(σ² + ε) + t, with mean and variance (biased) over the channels of each point, s and t as in GroupNorm.
type LayerNorm struct{ Scale, Shift *Param }

// Apply implements Model.
func (n *LayerNorm) Apply(x op.Value) op.Value {
	return op.LayerNorm(x, n.Scale.with(x), n.Shift.with(x), normEpsilon)
}

// Params implements Model.
func (n *LayerNorm) Params() iter.Seq2[string, *Param] { return own(n.Scale, n.Shift) }

// newNorm returns a normalisation by its name in a Config, group norm with the given number of groups; nil for "none".
func newNorm(kind, name string, width, groups int, rnd *rand.Rand) (Model, error) {
	scale := func() *Param { return newParam(name+".weight", op.Of(width), constant(1, rnd)) }
	shift := func() *Param { return newParam(name+".bias", op.Of(width), constant(0, rnd)) }
	kinds := map[string]func() Model{
		"group":    func() Model { return &GroupNorm{scale(), shift(), groups} },
		"instance": func() Model { return InstanceNorm{} },
		"layer":    func() Model { return &LayerNorm{scale(), shift()} },
		"none":     func() Model { return nil },
	}
	if kind == "group" && width%groups != 0 {
		return nil, fmt.Errorf("models: norm group: %d channels do not divide into %d groups: choose another width or norm", width, groups)
	}
	build, err := lookup("norm", kinds, kind)
	if err != nil {
		return nil, fmt.Errorf("models: %w", err)
	}
	return build(), nil
}
