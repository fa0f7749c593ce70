package models

import (
	"fmt"
	"iter"
	"math/rand/v2"
	"slices"

	"github.com/kolmogo/kolmogo/op"
)

// MLP: Dense layers with an activation between them, none after the last; pointwise in space.
type MLP struct {
	Layers     []*Dense
	Activation Activation
}

// NewMLP returns an MLP through the given numbers of channels, at least two: in, hidden.., out.
func NewMLP(name string, act Activation, rnd *rand.Rand, channels ...int) *MLP {
	m := &MLP{Activation: act}
	for i := range len(channels) - 1 {
		m.Layers = append(m.Layers, NewDense(fmt.Sprintf("%s.%d", name, i), channels[i], channels[i+1], rnd))
	}
	return m
}

// Apply implements Model.
func (m *MLP) Apply(x op.Value) op.Value {
	for i, l := range m.Layers {
		if i > 0 {
			x = m.Activation(x)
		}
		x = l.Apply(x)
	}
	return x
}

// Params implements Model.
func (m *MLP) Params() iter.Seq2[string, *Param] {
	layers := make([]holder, len(m.Layers))
	for i, l := range m.Layers {
		layers[i] = l
	}
	return chain(layers...)
}

// Pointwise is the model of kind "mlp": an MLP on the channels, and coordinates if asked for, of each point by itself.
type Pointwise struct {
	Coordinates Coordinates
	MLP         *MLP
	in, dims    int
}

func defaultMLP(int) Config {
	return Config{Width: 64, Layers: 4, Activation: "gelu", Coordinates: "none"}
}

func newPointwise(c Config, p Ports, rnd *rand.Rand) (Model, error) {
	act, err := activation(c.Activation)
	if err != nil {
		return nil, err
	}
	grid, err := coordinates(c.Coordinates, Periodic)
	if err != nil {
		return nil, err
	}
	channels := slices.Concat([]int{grid.channels(p.In, p.Axes)}, slices.Repeat([]int{c.Width}, c.Layers), []int{p.Out})
	return &Pointwise{Coordinates: grid, MLP: NewMLP("layers", act, rnd, channels...), in: p.In, dims: p.Axes}, nil
}

// Apply implements Model.
func (m *Pointwise) Apply(x op.Value) op.Value {
	if !checkInput(x, "mlp", m.dims, m.in) {
		return x
	}
	return m.MLP.Apply(m.Coordinates.Append(x))
}

// Params implements Model.
func (m *Pointwise) Params() iter.Seq2[string, *Param] { return m.MLP.Params() }
