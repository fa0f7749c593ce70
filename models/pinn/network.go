package pinn

import (
	"cmp"
	"fmt"
	"iter"
	"math"
	"math/rand/v2"
	"slices"

	"github.com/kolmogo/kolmogo/models"
	"github.com/kolmogo/kolmogo/op"
)

// Network maps the jet of points [m, n] to the jet of outputs [m, c]. Params yields its parameters in the order in which they were
// drawn.
type Network interface {
	ApplyJet(x models.Jet) models.Jet
	Params() iter.Seq2[string, *models.Param]
}

// NetworkConfig describes a network.
type NetworkConfig struct {
	Width      int    `yaml:"width,omitempty" help:"channels of each hidden layer (default 20)"`
	Layers     int    `yaml:"layers,omitempty" help:"hidden layers (default 3)"`
	Activation string `yaml:"activation,omitempty" help:"tanh (default), sin, gelu, silu, sigmoid or softplus"`
}

// NewNetwork returns the network of a configuration between the given numbers of channels. Every initial value comes from rnd.
func NewNetwork(c NetworkConfig, in, out int, rnd *rand.Rand) (Network, error) {
	c.Width, c.Layers, c.Activation = cmp.Or(c.Width, 20), cmp.Or(c.Layers, 3), cmp.Or(c.Activation, "tanh")
	if c.Width < 1 || c.Layers < 1 {
		return nil, fmt.Errorf("pinn: a network of %d layers of width %d: both must be positive", c.Layers, c.Width)
	}
	act, err := models.JetFunction(c.Activation)
	if err != nil {
		return nil, fmt.Errorf("pinn: %w", err)
	}
	channels := slices.Concat([]int{in}, slices.Repeat([]int{c.Width}, c.Layers), []int{out})
	return NewMLP("layers", act, rnd, channels...), nil
}

// MLP: h ← σ(h W + b) through the hidden layers, then an affine layer.
type MLP struct {
	Layers     []*models.Dense
	Activation models.JetFunc
}

// NewMLP returns an MLP through the given numbers of channels: in, hidden.., out.
func NewMLP(name string, act models.JetFunc, rnd *rand.Rand, channels ...int) *MLP {
	m := &MLP{Activation: act}
	for i := range len(channels) - 1 {
		m.Layers = append(m.Layers, glorot(fmt.Sprintf("%s.%d", name, i), channels[i], channels[i+1], rnd))
	}
	return m
}

// ApplyJet implements Network.
func (m *MLP) ApplyJet(x models.Jet) models.Jet {
	for i, l := range m.Layers {
		if i > 0 {
			x = x.Compose(m.Activation)
		}
		x = l.ApplyJet(x)
	}
	return x
}

// Params implements Network.
func (m *MLP) Params() iter.Seq2[string, *models.Param] {
	return func(yield func(string, *models.Param) bool) {
		for _, l := range m.Layers {
			for name, p := range l.Params() {
				if !yield(name, p) {
					return
				}
			}
		}
	}
}

// glorot draws a layer's weights from N(0, 2/(in + out)) (Glorot & Bengio 2010, eq. 16, in the normal form); its bias is zero.
func glorot(name string, in, out int, rnd *rand.Rand) *models.Dense {
	sigma := math.Sqrt(2 / float64(in+out))
	w := &models.Param{Name: name + ".weight", Dims: op.Of(in, out), Data: make([]float64, in*out)}
	for i := range w.Data {
		w.Data[i] = sigma * rnd.NormFloat64()
	}
	return &models.Dense{Weight: w, Bias: &models.Param{Name: name + ".bias", Dims: op.Of(out), Data: make([]float64, out)}}
}

// Chain applies networks one after another.
type Chain []Network

// ApplyJet implements Network.
func (c Chain) ApplyJet(x models.Jet) models.Jet {
	for _, n := range c {
		x = n.ApplyJet(x)
	}
	return x
}

// Params implements Network.
func (c Chain) Params() iter.Seq2[string, *models.Param] {
	return func(yield func(string, *models.Param) bool) {
		for _, n := range c {
			for name, p := range n.Params() {
				if !yield(name, p) {
					return
				}
			}
		}
	}
}
