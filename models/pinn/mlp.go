package pinn

import (
	"fmt"
	"iter"
	"math/rand/v2"
	"slices"

	"github.com/kolmogo/kolmogo/models"
)

// MLP is hidden layers h ← σ(h W + b) and an affine layer after them.
type MLP struct{ Layers []*Layer }

// NewMLP returns an MLP through the given numbers of channels: in, hidden.., out.
func NewMLP(name string, factorised bool, act Activation, rnd *rand.Rand, channels ...int) *MLP {
	m := &MLP{}
	last := len(channels) - 2
	for i := range last + 1 {
		if i == last {
			act = Activation{}
		}
		m.Layers = append(m.Layers, newLayer(fmt.Sprintf("%s.%d", name, i), channels[i], channels[i+1], factorised, act, rnd))
	}
	return m
}

func newMLP(c models.Config, act Activation, in, out int, rnd *rand.Rand) Network {
	return NewMLP("layers", c.Factorised, act, rnd, slices.Concat([]int{in}, slices.Repeat([]int{c.Width}, c.Layers), []int{out})...)
}

// ApplyJet implements Network.
func (m *MLP) ApplyJet(x models.Jet) models.Jet {
	for _, l := range m.Layers {
		x = l.ApplyJet(x)
	}
	return x
}

// Params implements Network.
func (m *MLP) Params() iter.Seq2[string, *models.Param] { return chain(m.Layers...).Params() }

func chain(layers ...*Layer) Chain {
	c := make(Chain, len(layers))
	for i, l := range layers {
		c[i] = l
	}
	return c
}
