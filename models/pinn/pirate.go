package pinn

import (
	"fmt"
	"iter"
	"math/rand/v2"

	"github.com/kolmogo/kolmogo/models"
	"github.com/kolmogo/kolmogo/op"
)

// Pirate is a PirateNet (Wang, Li, Chen & Perdikaris 2024, arXiv 2402.00326, eqs. 4.1–4.8): blocks of three layers, two of them mixed
// with encodings of the input, x ← α h + (1 − α) x with a trained α that is 0 at first, so that training starts from a linear
// combination of the input's features and goes deeper by itself.
type Pirate struct {
	Gate   gate
	Blocks []pirateBlock
	Last   *Layer
}

type pirateBlock struct {
	layers [3]*Layer
	alpha  *models.Param // [1]
}

func newPirate(c models.Config, act Activation, in, out int, rnd *rand.Rand) Network {
	m := &Pirate{Gate: newGate(c, act, in, rnd)}
	for i := range c.Layers {
		b := pirateBlock{alpha: &models.Param{Name: fmt.Sprintf("blocks.%d.alpha", i), Dims: op.Of(1), Data: make([]float64, 1)}}
		for k := range b.layers {
			b.layers[k] = newLayer(fmt.Sprintf("blocks.%d.%d", i, k), c.Width, c.Width, c.Factorised, act, rnd)
		}
		m.Blocks = append(m.Blocks, b)
	}
	m.Last = newLayer("last", c.Width, out, c.Factorised, Activation{}, rnd)
	return m
}

// ApplyJet implements Network. The input has the width of the blocks.
func (m *Pirate) ApplyJet(x models.Jet) models.Jet {
	mix := m.Gate.open(x)
	for _, b := range m.Blocks {
		h := b.layers[2].ApplyJet(mix(b.layers[1].ApplyJet(mix(b.layers[0].ApplyJet(x)))))
		x = x.Add(h.Sub(x).Times(b.alpha.In(x.Value().Graph(), x.Value().Dtype())))
	}
	return m.Last.ApplyJet(x)
}

// Params implements Network.
func (m *Pirate) Params() iter.Seq2[string, *models.Param] {
	return func(yield func(string, *models.Param) bool) {
		for name, p := range chain(m.Gate.u, m.Gate.v).Params() {
			if !yield(name, p) {
				return
			}
		}
		for _, b := range m.Blocks {
			for name, p := range chain(b.layers[:]...).Params() {
				if !yield(name, p) {
					return
				}
			}
			if !yield(b.alpha.Name, b.alpha) {
				return
			}
		}
		for name, p := range m.Last.Params() {
			if !yield(name, p) {
				return
			}
		}
	}
}
