package pinn

import (
	"cmp"
	"fmt"
	"iter"
	"maps"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"

	"github.com/kolmogo/kolmogo/models"
)

// Network maps the jet of points [m, n] to the jet of outputs [m, c]. Params yields its parameters in the order in which they were
// drawn.
type Network interface {
	ApplyJet(x models.Jet) models.Jet
	Params() iter.Seq2[string, *models.Param]
}

// networks is the table of kinds: a new one is a line here and the file that it names. act is the hidden layers' activation.
func networks() map[string]func(c models.Config, act Activation, in, out int, rnd *rand.Rand) Network {
	return map[string]func(models.Config, Activation, int, int, *rand.Rand) Network{
		"mlp":          newMLP,
		"modified_mlp": newModifiedMLP,
		"pirate":       newPirate,
	}
}

// NewNetwork returns the network of a configuration between the given numbers of channels: kind (default mlp), width (20), layers (3;
// pirate: blocks), activation (tanh), adaptive, factorised, features, feature_scale (1) and branches; other keys are errors. Every initial value
// comes from rnd.
func NewNetwork(c models.Config, in, out int, rnd *rand.Rand) (Network, error) {
	c.Kind, c.Activation = cmp.Or(c.Kind, "mlp"), cmp.Or(c.Activation, "tanh")
	c.Width, c.Layers, c.FeatureScale = cmp.Or(c.Width, 20), cmp.Or(c.Layers, 3), cmp.Or(c.FeatureScale, 1)
	build, ok := networks()[c.Kind]
	if !ok {
		return nil, fmt.Errorf("pinn: unknown kind %q of network (known: %s)", c.Kind, strings.Join(slices.Sorted(maps.Keys(networks())), ", "))
	}
	known := models.Config{Kind: c.Kind, Width: c.Width, Layers: c.Layers, Activation: c.Activation, Adaptive: c.Adaptive,
		Factorised: c.Factorised, Features: c.Features, FeatureScale: c.FeatureScale, Branches: c.Branches}
	if !reflect.DeepEqual(c, known) {
		return nil, fmt.Errorf("pinn: networks of a problem know kind, width, layers, activation, adaptive, factorised, features, feature_scale and branches: remove the other keys of model")
	}
	if c.Width < 1 || c.Layers < 1 || c.Features < 0 || !(c.FeatureScale > 0) {
		return nil, fmt.Errorf("pinn: a network of %d layers of width %d, %d features of scale %v: they must be positive", c.Layers, c.Width, c.Features, c.FeatureScale)
	}
	f, err := models.JetFunction(c.Activation)
	if err != nil {
		return nil, fmt.Errorf("pinn: %w", err)
	}
	act := Activation{Function: f, adaptive: c.Adaptive}
	if c.Kind == "pirate" {
		c.Features = cmp.Or(c.Features, c.Width/2)
		if 2*c.Features != c.Width {
			return nil, fmt.Errorf("pinn: pirate: %d features for a width of %d: the width is twice the features, a cosine and a sine for each", c.Features, c.Width)
		}
	}
	body := func(in int) Network {
		if !c.Branches || out == 1 {
			return build(c, act, in, out, rnd)
		}
		var list []Network
		for range out {
			list = append(list, build(c, act, in, 1, rnd))
		}
		return newBranches(list...)
	}
	if c.Features == 0 {
		return body(in), nil
	}
	return Chain{NewFourier(c.Features, in, c.FeatureScale, rnd), body(2 * c.Features)}, nil
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

// own yields a layer's own parameters; nil ones are those it was built without.
func own(params ...*models.Param) iter.Seq2[string, *models.Param] {
	return func(yield func(string, *models.Param) bool) {
		for _, p := range params {
			if p != nil && !yield(p.Name, p) {
				return
			}
		}
	}
}
