package models

import (
	"fmt"
	"iter"
	"math"
	"math/rand/v2"

	"github.com/kolmogo/kolmogo/op"
)

// Transformer is an operator of linear attention: with e the embedding of the scalars,
//
//	v = lift(x, coordinates),   v ← v + attention(norm1(v, e)),   v ← v + mlp(norm2(v, e)) for each block,   y = project(norm(v)),
//
// where the norms are over the channels of a point and modulated by e, lift is affine, mlp has Expansion times the channels hidden,
// and project is an MLP with one hidden layer. It runs on any grid.
//
// Source: Cao, Choose a Transformer (2021), §3; Peebles & Xie (2023), §3.2 (adaptive layer normalisation).
type Transformer struct {
	Coordinates Coordinates
	Embedding   *Embedding
	Lift        *Dense
	Blocks      []TransformerBlock
	Norm        Model
	Project     *MLP
	ports       Ports
}

// TransformerBlock is one round of attention and MLP.
type TransformerBlock struct {
	Norm1, Norm2 *Modulation
	Attention    *LinearAttention
	MLP          *MLP
}

func defaultTransformer(int) Config {
	return Config{Width: 64, Layers: 4, Heads: 4, Expansion: 2, Activation: "gelu", Coordinates: "periodic", Conditioning: "film"}
}

func newTransformer(c Config, p Ports, rnd *rand.Rand) (Model, error) {
	act, err := activation(c.Activation)
	if err != nil {
		return nil, err
	}
	grid, err := coordinates(c.Coordinates, Periodic)
	if err != nil {
		return nil, err
	}
	hidden, err := channels("expansion", c.Expansion, c.Width, math.RoundToEven)
	if err != nil {
		return nil, err
	}
	m := &Transformer{Coordinates: grid, ports: p}
	m.Embedding = newEmbedding(c, p, act, rnd)
	m.Lift = NewDense("lift", grid.channels(p.In, p.Axes), c.Width, rnd)
	modulated := func(name, norm string) (*Modulation, error) {
		n, err := newNorm("layer", name+"."+norm, c.Width, 1, rnd)
		if err != nil {
			return nil, err
		}
		return newModulation(c.Conditioning, name+"."+norm+".condition", n, c.Width, c.embedding(p), rnd)
	}
	for l := range c.Layers {
		name := fmt.Sprintf("blocks.%d", l)
		var b TransformerBlock
		if b.Norm1, err = modulated(name, "norm1"); err != nil {
			return nil, err
		}
		if b.Attention, err = newLinearAttention(name+".attention", c.Width, c.Heads, rnd); err != nil {
			return nil, err
		}
		if b.Norm2, err = modulated(name, "norm2"); err != nil {
			return nil, err
		}
		b.MLP = NewMLP(name+".mlp", act, rnd, c.Width, hidden, c.Width)
		m.Blocks = append(m.Blocks, b)
	}
	if m.Norm, err = newNorm("layer", "norm", c.Width, 1, rnd); err != nil {
		return nil, err
	}
	m.Project = NewMLP("project", act, rnd, c.Width, c.Width, p.Out)
	return m, nil
}

func (b TransformerBlock) apply(v, e op.Value) op.Value {
	v = op.Add(v, b.Attention.Apply(b.Norm1.apply(v, e)))
	return op.Add(v, b.MLP.Apply(b.Norm2.apply(v, e)))
}

// Params yields the parameters of the layers in order.
func (b TransformerBlock) Params() iter.Seq2[string, *Param] {
	return chain(b.Norm1, b.Attention, b.Norm2, b.MLP)
}

// Apply implements Model.
func (m *Transformer) Apply(x op.Value) op.Value { return m.ApplyGiven(x, op.Value{}) }

// ApplyGiven implements Conditioned.
func (m *Transformer) ApplyGiven(x, c op.Value) op.Value {
	if !m.ports.take("transformer", x, c) {
		return x
	}
	e := m.Embedding.Apply(c)
	v := m.Lift.Apply(m.Coordinates.Append(x))
	for _, b := range m.Blocks {
		v = b.apply(v, e)
	}
	return m.Project.Apply(m.Norm.Apply(v))
}

// Params implements Model.
func (m *Transformer) Params() iter.Seq2[string, *Param] {
	layers := []holder{m.Embedding, m.Lift}
	for _, b := range m.Blocks {
		layers = append(layers, b)
	}
	return chain(append(layers, m.Norm, m.Project)...)
}
