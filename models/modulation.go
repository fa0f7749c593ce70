package models

import (
	"fmt"
	"iter"
	"math/rand/v2"

	"github.com/kolmogo/kolmogo/op"
)

// Modulation is where an embedding e [batch, k] acts on a field h [batch, x.., c]: around a normalisation, or none,
//
//	norm(h + W e + b)            (add)
//	(1 + s)·norm(h) + t, (s, t) = W e + b   (film)
//
// the same at every point. Without a Map it is norm(h).
//
// Source: Perez et al., FiLM (2018), eq. 1; Dhariwal & Nichol (2021), §3 (adaptive group normalisation).
type Modulation struct {
	Norm Model  // nil: none
	Map  *Dense // W, b: k → c, or 2c for film; nil: not conditioned
	FiLM bool
}

// conditionings are the words for ways to tell a model its scalars; "channels" is ScalarChannels.
func conditionings() map[string]bool {
	return map[string]bool{"channels": false, "add": false, "film": true}
}

// newModulation returns the modulation of a norm of the given width by an embedding of the given number of channels, 0 for none.
func newModulation(conditioning, name string, norm Model, width, embedding int, rnd *rand.Rand) (*Modulation, error) {
	film, err := lookup("conditioning", conditionings(), conditioning)
	if err != nil {
		return nil, fmt.Errorf("models: %w", err)
	}
	m := &Modulation{Norm: norm, FiLM: film}
	switch {
	case embedding == 0:
	case film:
		m.Map = NewDense(name, embedding, 2*width, rnd)
	default:
		m.Map = NewDense(name, embedding, width, rnd)
	}
	return m, nil
}

// apply is h modulated by e.
func (m *Modulation) apply(h, e op.Value) op.Value {
	if m.Map == nil || !h.Valid() {
		return through(m.Norm, h)
	}
	rank, c := h.Dims().Rank(), h.Dims().At(-1)
	e = overGrid(m.Map.Apply(e), rank)
	if !m.FiLM {
		return through(m.Norm, op.Add(h, e))
	}
	scale, shift := op.SliceAxis(e, rank-1, 0, c), op.SliceAxis(e, rank-1, c, c)
	return op.Add(op.Mul(through(m.Norm, h), op.Affine(scale, 1, 1)), shift)
}

// Params yields the parameters of norm and map.
func (m *Modulation) Params() iter.Seq2[string, *Param] {
	if m.Map == nil {
		return chain(m.Norm)
	}
	return chain(m.Norm, m.Map)
}
