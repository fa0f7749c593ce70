package models

import (
	"fmt"
	"iter"

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

// newNorm returns a normalisation by its name in a Config; nil for "none".
func newNorm(kind, name string, width int) (Model, error) {
	kinds := map[string]func() Model{
		"group": func() Model {
			return &GroupNorm{
				Scale:  newParam(name+".weight", op.Of(width), constant(1)),
				Shift:  newParam(name+".bias", op.Of(width), constant(0)),
				Groups: 1,
			}
		},
		"instance": func() Model { return InstanceNorm{} },
		"none":     func() Model { return nil },
	}
	build, err := lookup("norm", kinds, kind)
	if err != nil {
		return nil, fmt.Errorf("models: %w", err)
	}
	return build(), nil
}
