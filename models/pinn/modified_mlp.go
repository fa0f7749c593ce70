package pinn

import (
	"fmt"
	"iter"
	"math/rand/v2"

	"github.com/kolmogo/kolmogo/models"
)

// gate mixes two encodings of the input: z ↦ z ⊙ U + (1 − z) ⊙ V, with U and V a layer each of the input.
type gate struct{ u, v *Layer }

func newGate(c models.Config, act Activation, in int, rnd *rand.Rand) gate {
	return gate{newLayer("gate.u", in, c.Width, c.Factorised, act, rnd), newLayer("gate.v", in, c.Width, c.Factorised, act, rnd)}
}

// open returns the mixing for an input.
func (g gate) open(x models.Jet) func(z models.Jet) models.Jet {
	v := g.v.ApplyJet(x)
	difference := g.u.ApplyJet(x).Sub(v)
	return func(z models.Jet) models.Jet { return v.Add(z.Mul(difference)) }
}

// ModifiedMLP is an MLP whose every hidden layer is mixed with two encodings of the input (Wang, Teng & Perdikaris 2021,
// SIAM J. Sci. Comput. 43, eqs. 42–45).
type ModifiedMLP struct {
	Gate   gate
	Hidden []*Layer
	Last   *Layer
}

func newModifiedMLP(c models.Config, act Activation, in, out int, rnd *rand.Rand) Network {
	m := &ModifiedMLP{Gate: newGate(c, act, in, rnd)}
	for i := range c.Layers {
		m.Hidden = append(m.Hidden, newLayer(fmt.Sprintf("layers.%d", i), in, c.Width, c.Factorised, act, rnd))
		in = c.Width
	}
	m.Last = newLayer(fmt.Sprintf("layers.%d", c.Layers), in, out, c.Factorised, Activation{}, rnd)
	return m
}

// ApplyJet implements Network.
func (m *ModifiedMLP) ApplyJet(x models.Jet) models.Jet {
	mix := m.Gate.open(x)
	for _, l := range m.Hidden {
		x = mix(l.ApplyJet(x))
	}
	return m.Last.ApplyJet(x)
}

// Params implements Network.
func (m *ModifiedMLP) Params() iter.Seq2[string, *models.Param] {
	return append(append(chain(m.Gate.u, m.Gate.v), chain(m.Hidden...)...), m.Last).Params()
}
