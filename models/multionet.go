package models

import (
	"fmt"
	"iter"
	"math/rand/v2"
	"slices"

	"github.com/kolmogo/kolmogo/op"
)

// MultiONet takes the products of branch and trunk after every hidden layer, not only after the last:
//
//	y_c(z) = 1/L Σ_l w_lc Σ_p B^l_cp(u) T^l_cp(z) + b_c,
//
// where B^l and T^l are the activated values after hidden layer l of L, Width of them, divided among the output channels. The weights
// start at 0, so that the model starts as the zero function. Sensors and points are those of DeepONet.
//
// Source: Zang & Koutsourelakis, DGenNO (2025), eq. 13.
type MultiONet struct {
	Branch, Trunk *MLP
	Weight, Bias  *Param // [L, out], [out]
	sensors       sensors
}

func defaultMultiONet(int) Config {
	return Config{Width: 100, Layers: 5, Activation: "silu", Coordinates: "endpoints"}
}

func newMultiONet(c Config, p Ports, rnd *rand.Rand) (Model, error) {
	act, err := activation(c.Activation)
	if err != nil {
		return nil, err
	}
	s, err := newSensors(c, p)
	if err != nil {
		return nil, err
	}
	if c.Width%p.Out != 0 {
		return nil, fmt.Errorf("models: multionet: width %d does not divide among %d output channels", c.Width, p.Out)
	}
	hidden := slices.Repeat([]int{c.Width}, c.Layers)
	return &MultiONet{
		Branch:  NewMLP("branch", act, rnd, slices.Concat([]int{s.count()}, hidden)...),
		Trunk:   NewMLP("trunk", act, rnd, slices.Concat([]int{p.Axes}, hidden)...),
		Weight:  newParam("weight", op.Of(c.Layers, p.Out), constant(0, rnd)),
		Bias:    newParam("bias", op.Of(p.Out), constant(0, rnd)),
		sensors: s,
	}, nil
}

// At is y [batch, point, out] for sensor values u [batch, sensors] and points z [point, axes].
func (m *MultiONet) At(u, z op.Value) op.Value {
	layers, out := m.Weight.Dims.At(0), m.Bias.Dims.At(0)
	w := m.Weight.with(u)
	y := m.Bias.with(u)
	for l := range layers {
		u, z = m.Branch.Activation(m.Branch.Layers[l].Apply(u)), m.Trunk.Activation(m.Trunk.Layers[l].Apply(z))
		weight := op.ReshapeTo(op.SliceAxis(w, 0, l, 1), op.Of(out))
		y = op.Add(op.Mul(products(u, z, out), op.Scale(weight, 1/float64(layers))), y)
	}
	return y
}

// Apply implements Model.
func (m *MultiONet) Apply(x op.Value) op.Value { return m.ApplyGiven(x, op.Value{}) }

// ApplyGiven implements Conditioned.
func (m *MultiONet) ApplyGiven(x, c op.Value) op.Value { return m.sensors.on(x, c, m.At) }

// Params implements Model.
func (m *MultiONet) Params() iter.Seq2[string, *Param] {
	return chain(m.Branch, m.Trunk, holders{m.Weight, m.Bias})
}

// CheckGrid is what the function of that name asks.
func (m *MultiONet) CheckGrid(grid ...int) error { return m.sensors.check(grid) }
