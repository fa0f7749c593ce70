package models

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
)

// Config describes a model; it is the section `model` of a configuration file and what a sidecar stores. A zero value means
// the default of the kind, which Resolve fills in. A value that the kind does not know is an error.
type Config struct {
	// mlp, fno or neuralop_fno; empty means fno.
	Kind string `yaml:"kind" mapstructure:"kind" json:"kind"`
	// Hidden channels.
	Width int `yaml:"width,omitempty" mapstructure:"width" json:"width,omitempty"`
	// Wavenumbers kept per axis, or one number for all axes; see Convention for what the number counts.
	Modes Modes `yaml:"modes,omitempty" mapstructure:"modes" json:"modes,omitempty"`
	// Blocks; of mlp: hidden layers.
	Layers int `yaml:"layers,omitempty" mapstructure:"layers" json:"layers,omitempty"`
	// gelu (exact), gelu_tanh, relu, silu, tanh, sin, sigmoid, softplus or identity.
	Activation string `yaml:"activation,omitempty" mapstructure:"activation" json:"activation,omitempty"`
	// endpoints, periodic or none, appended to the input; see Coordinates.
	Coordinates string `yaml:"coordinates,omitempty" mapstructure:"coordinates" json:"coordinates,omitempty"`
	// Zeros as a fraction of each axis; see Padding.
	Padding float64 `yaml:"padding,omitempty" mapstructure:"padding" json:"padding,omitempty"`
	// fno: hidden channels of the projection.
	Hidden int `yaml:"hidden,omitempty" mapstructure:"hidden" json:"hidden,omitempty"`

	// neuralop_fno: hidden channels of lifting, projection and the blocks' MLPs, as multiples of the width.
	LiftingRatio    float64 `yaml:"lifting_ratio,omitempty" mapstructure:"lifting_ratio" json:"lifting_ratio,omitempty"`
	ProjectionRatio float64 `yaml:"projection_ratio,omitempty" mapstructure:"projection_ratio" json:"projection_ratio,omitempty"`
	Expansion       float64 `yaml:"expansion,omitempty" mapstructure:"expansion" json:"expansion,omitempty"`
	// neuralop_fno: linear, soft-gating, identity or none, past the spectral layer and past the block's MLP.
	Skip    string `yaml:"skip,omitempty" mapstructure:"skip" json:"skip,omitempty"`
	MLPSkip string `yaml:"mlp_skip,omitempty" mapstructure:"mlp_skip" json:"mlp_skip,omitempty"`
	// neuralop_fno: none, group or instance.
	Norm string `yaml:"norm,omitempty" mapstructure:"norm" json:"norm,omitempty"`
	// neuralop_fno: dense or tucker spectral weights; the parameters of tucker are about Rank times those of dense.
	Factorization string  `yaml:"factorization,omitempty" mapstructure:"factorization" json:"factorization,omitempty"`
	Rank          float64 `yaml:"rank,omitempty" mapstructure:"rank" json:"rank,omitempty"`
}

// kind is how one kind of model gets its defaults, which keys it knows besides width, layers, activation and coordinates,
// and how it is built from a resolved Config.
type kind struct {
	defaults func(dims int) Config
	keys     []string
	build    func(c Config, in, out, dims int, rnd *rand.Rand) (Model, error)
}

// kinds is the table of models: a new one is one line here and the file that it names.
func kinds() map[string]kind {
	return map[string]kind{
		"fno":          {defaultFNO, []string{"modes", "padding", "hidden"}, newFNO},
		"mlp":          {defaultMLP, nil, newPointwise},
		"neuralop_fno": {defaultNeuralopFNO, []string{"modes", "padding", "lifting_ratio", "projection_ratio", "expansion", "skip", "mlp_skip", "norm", "factorization", "rank"}, newNeuralopFNO},
	}
}

// New builds the model that c describes for the given numbers of channels and of space axes (1, 2 or 3). Every initial value
// comes from rnd, in the order of Params.
func New(c Config, inChannels, outChannels, dims int, rnd *rand.Rand) (Model, error) {
	if inChannels < 1 || outChannels < 1 {
		return nil, fmt.Errorf("models: %d input and %d output channels: both must be positive", inChannels, outChannels)
	}
	c, err := c.Resolve(dims)
	if err != nil {
		return nil, err
	}
	return kinds()[c.Kind].build(c, inChannels, outChannels, dims, rnd)
}

// Resolve returns c with the defaults of its kind for the given number of space axes in place of zero values, and one number
// of modes per axis; or an error that says what is wrong with c.
func (c Config) Resolve(dims int) (Config, error) {
	c.Kind = cmp.Or(c.Kind, "fno")
	k, err := lookup("kind", kinds(), c.Kind)
	if err != nil {
		return c, fmt.Errorf("models: %w", err)
	}
	if dims < 1 || dims > 3 {
		return c, fmt.Errorf("models: %d space axes: 1, 2 or 3 are possible", dims)
	}
	if err := c.known(k); err != nil {
		return c, err
	}
	d := k.defaults(dims)
	c.Width = cmp.Or(c.Width, d.Width)
	c.Layers = cmp.Or(c.Layers, d.Layers)
	c.Activation = cmp.Or(c.Activation, d.Activation)
	c.Coordinates = cmp.Or(c.Coordinates, d.Coordinates)
	c.Padding = cmp.Or(c.Padding, d.Padding)
	c.Hidden = cmp.Or(c.Hidden, d.Hidden)
	c.LiftingRatio = cmp.Or(c.LiftingRatio, d.LiftingRatio)
	c.ProjectionRatio = cmp.Or(c.ProjectionRatio, d.ProjectionRatio)
	c.Expansion = cmp.Or(c.Expansion, d.Expansion)
	c.Skip = cmp.Or(c.Skip, d.Skip)
	c.MLPSkip = cmp.Or(c.MLPSkip, d.MLPSkip)
	c.Norm = cmp.Or(c.Norm, d.Norm)
	c.Factorization = cmp.Or(c.Factorization, d.Factorization)
	c.Rank = cmp.Or(c.Rank, d.Rank)
	if len(c.Modes) == 0 {
		c.Modes = d.Modes
	}
	if len(c.Modes) == 1 {
		c.Modes = slices.Repeat(c.Modes, dims)
	}
	return c, c.check(k, dims)
}

// known reports a value that the kind does not use.
func (c Config) known(k kind) error {
	for _, f := range []struct {
		key string
		set bool
	}{
		{"modes", len(c.Modes) > 0},
		{"padding", c.Padding != 0},
		{"hidden", c.Hidden != 0},
		{"lifting_ratio", c.LiftingRatio != 0},
		{"projection_ratio", c.ProjectionRatio != 0},
		{"expansion", c.Expansion != 0},
		{"skip", c.Skip != ""},
		{"mlp_skip", c.MLPSkip != ""},
		{"norm", c.Norm != ""},
		{"factorization", c.Factorization != ""},
		{"rank", c.Rank != 0},
	} {
		if f.set && !slices.Contains(k.keys, f.key) {
			return fmt.Errorf("models: kind %s does not know %s: remove it or choose another kind", c.Kind, f.key)
		}
	}
	return nil
}

// check reports a number that no model can have. What the kind does not use is zero.
func (c Config) check(k kind, dims int) error {
	uses := func(key string) bool { return slices.Contains(k.keys, key) }
	if c.Width < 1 {
		return fmt.Errorf("models: width %d: must be positive", c.Width)
	}
	if c.Layers < 1 {
		return fmt.Errorf("models: layers %d: must be positive", c.Layers)
	}
	if c.Hidden < 0 {
		return fmt.Errorf("models: hidden %d: must be positive", c.Hidden)
	}
	if uses("modes") && (len(c.Modes) != dims || slices.Min(c.Modes) < 1) {
		return fmt.Errorf("models: modes %v: want one positive number, or one for each of the %d space axes", c.Modes, dims)
	}
	if !(c.Padding >= 0 && c.Padding <= 1) {
		return fmt.Errorf("models: padding %v: must be a fraction of the axis between 0 and 1", c.Padding)
	}
	if uses("rank") && !(c.Rank > 0 && c.Rank <= 1) {
		return fmt.Errorf("models: rank %v: must be a fraction of the dense parameters above 0 and at most 1", c.Rank)
	}
	return nil
}
