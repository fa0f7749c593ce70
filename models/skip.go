package models

import (
	"fmt"
	"iter"
	"math/rand/v2"

	"github.com/kolmogo/kolmogo/op"
)

// Gate: y = g·x, one factor per channel, which starts at 1.
type Gate struct{ Weight *Param }

// Apply implements Model.
func (g *Gate) Apply(x op.Value) op.Value { return op.Mul(x, g.Weight.with(x)) }

// Params implements Model.
func (g *Gate) Params() iter.Seq2[string, *Param] { return own(g.Weight) }

// Identity: y = x.
type Identity struct{}

// Apply implements Model.
func (Identity) Apply(x op.Value) op.Value { return x }

// Params implements Model.
func (Identity) Params() iter.Seq2[string, *Param] { return own() }

// newSkip returns a way past a layer by its name in a Config; nil for "none".
func newSkip(kind, name string, width int, rnd *rand.Rand) (Model, error) {
	kinds := map[string]func() Model{
		"linear":      func() Model { return NewDenseNoBias(name, width, width, rnd) },
		"soft-gating": func() Model { return &Gate{newParam(name+".weight", op.Of(width), constant(1, rnd))} },
		"identity":    func() Model { return Identity{} },
		"none":        func() Model { return nil },
	}
	build, err := lookup("skip", kinds, kind)
	if err != nil {
		return nil, fmt.Errorf("models: %w", err)
	}
	return build(), nil
}
