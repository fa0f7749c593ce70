package models

import (
	"fmt"
	"github.com/kolmogo/kolmogo/models/constraint"
	"iter"
	"reflect"
	"slices"
	"strings"
)

// Config describes a model; it is the section `model` of a configuration file and what a sidecar stores. A zero value means
// the preset's, and without one the default of the kind, which Resolve fills in. A value that the kind does not know is an error.
type Config struct {
	// One of Kinds; empty means fno.
	Kind string `yaml:"kind" mapstructure:"kind" json:"kind"`
	// One of Presets: a published configuration that stands for every key that is not given.
	Preset string `yaml:"preset,omitempty" mapstructure:"preset" json:"preset,omitempty"`
	// Hidden channels.
	Width int `yaml:"width,omitempty" mapstructure:"width" json:"width,omitempty"`
	// Wavenumbers kept per axis, or one number for all axes; see Convention for what the number counts.
	Modes Modes `yaml:"modes,omitempty" mapstructure:"modes" json:"modes,omitempty"`
	// Blocks: of unet on each level, of dilated_resnet rounds through the dilations; of mlp, deeponet and multionet: hidden layers.
	Layers int `yaml:"layers,omitempty" mapstructure:"layers" json:"layers,omitempty"`
	// gelu (exact), gelu_tanh, relu, silu, tanh, sin, sigmoid, softplus or identity.
	Activation string `yaml:"activation,omitempty" mapstructure:"activation" json:"activation,omitempty"`
	// endpoints, periodic or none, appended to the input; see Coordinates.
	Coordinates string `yaml:"coordinates,omitempty" mapstructure:"coordinates" json:"coordinates,omitempty"`
	// How the scalars of a Conditioned model act: channels (appended to the input), add or film; see Modulation.
	Conditioning string `yaml:"conditioning,omitempty" mapstructure:"conditioning" json:"conditioning,omitempty"`
	// Channels of the scalars' Embedding; 0: four times the width.
	Embedding int `yaml:"embedding,omitempty" mapstructure:"embedding" json:"embedding,omitempty"`
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
	// none, group, instance or layer, as far as the kind knows it.
	Norm string `yaml:"norm,omitempty" mapstructure:"norm" json:"norm,omitempty"`
	// neuralop_fno: dense or tucker spectral weights; the parameters of tucker are about Rank times those of dense.
	Factorization string  `yaml:"factorization,omitempty" mapstructure:"factorization" json:"factorization,omitempty"`
	Rank          float64 `yaml:"rank,omitempty" mapstructure:"rank" json:"rank,omitempty"`

	// Groups of each group norm.
	Groups int `yaml:"groups,omitempty" mapstructure:"groups" json:"groups,omitempty"`
	// periodic, zero or reflect: how fields continue outside their grid for convolutions.
	Boundary string `yaml:"boundary,omitempty" mapstructure:"boundary" json:"boundary,omitempty"`
	// Points per axis of the kernels into and out of the network: odd.
	EdgeKernel int `yaml:"edge_kernel,omitempty" mapstructure:"edge_kernel" json:"edge_kernel,omitempty"`
	// dilated_resnet: the convolutions' dilations, and the form of its blocks: stack or residual.
	Dilations []int  `yaml:"dilations,omitempty" mapstructure:"dilations" json:"dilations,omitempty"`
	Block     string `yaml:"block,omitempty" mapstructure:"block" json:"block,omitempty"`
	// unet_convnext: points per axis of the depthwise kernels: odd.
	Kernel int `yaml:"kernel,omitempty" mapstructure:"kernel" json:"kernel,omitempty"`
	// unet, unet_plain, unet_convnext: channels of each level as a multiple of those of the level above it.
	Multipliers []int `yaml:"multipliers,omitempty" mapstructure:"multipliers" json:"multipliers,omitempty"`
	// ufno: how many of the last layers have a U-Net, and how often that halves the grid.
	UNetLayers int `yaml:"unet_layers,omitempty" mapstructure:"unet_layers" json:"unet_layers,omitempty"`
	UNetLevels int `yaml:"unet_levels,omitempty" mapstructure:"unet_levels" json:"unet_levels,omitempty"`
	// deeponet: products per output channel; pod_deeponet: of all channels together. deeponet: whether the last layers are activated too.
	Latent           int  `yaml:"latent,omitempty" mapstructure:"latent" json:"latent,omitempty"`
	BranchActivation bool `yaml:"branch_activation,omitempty" mapstructure:"branch_activation" json:"branch_activation,omitempty"`
	TrunkActivation  bool `yaml:"trunk_activation,omitempty" mapstructure:"trunk_activation" json:"trunk_activation,omitempty"`
	// unet: standard, or pdearena for what that project computes; see Attention and UpConv.
	Form string `yaml:"form,omitempty" mapstructure:"form" json:"form,omitempty"`
	// unet: levels with attention after each block, and whether there is one in the middle, of so many Heads.
	Attention       []int `yaml:"attention,omitempty" mapstructure:"attention" json:"attention,omitempty"`
	MiddleAttention bool  `yaml:"middle_attention,omitempty" mapstructure:"middle_attention" json:"middle_attention,omitempty"`
	Heads           int   `yaml:"heads,omitempty" mapstructure:"heads" json:"heads,omitempty"`

	// Networks of a problem (package pinn): slopes of the activations that are trained, weights with trained scales, and random waves
	// among the inputs: how many, and the standard deviation of their wavenumbers.
	Adaptive   bool `yaml:"adaptive,omitempty" mapstructure:"adaptive" json:"adaptive,omitempty"`
	Factorised bool `yaml:"factorised,omitempty" mapstructure:"factorised" json:"factorised,omitempty"`
	Features   int  `yaml:"features,omitempty" mapstructure:"features" json:"features,omitempty"`
	// Networks of a problem: one for each unknown instead of one for all.
	Branches     bool    `yaml:"branches,omitempty" mapstructure:"branches" json:"branches,omitempty"`
	FeatureScale float64 `yaml:"feature_scale,omitempty" mapstructure:"feature_scale" json:"feature_scale,omitempty"`

	// process: measured points at the beginning of the list, and coordinates at the beginning of a point's channels.
	Context int `yaml:"context,omitempty" mapstructure:"context" json:"context,omitempty"`
	Place   int `yaml:"place,omitempty" mapstructure:"place" json:"place,omitempty"`

	// What every prediction obeys; see package constraint.
	Constraint constraint.Config `yaml:"constraint,omitempty" mapstructure:"constraint" json:"constraint,omitzero"`
}

// Resolve returns c with its preset's values, and then the defaults of its kind for the given number of space axes, in place of zero
// values, without the preset's name, and with one number of modes per axis; or an error that says what is wrong with c.
func (c Config) Resolve(dims int) (Config, error) {
	if c.Preset != "" {
		preset, err := lookup("preset", presets(), c.Preset)
		if err != nil {
			return c, fmt.Errorf("models: %w", err)
		}
		c.Preset = ""
		c.fill(preset)
	}
	if c.Kind == "" {
		c.Kind = "fno"
	}
	k, err := lookup("kind", kinds(), c.Kind)
	if err != nil {
		return c, fmt.Errorf("models: %w", err)
	}
	if dims < 1 || dims > 3 {
		return c, fmt.Errorf("models: %d space axes: 1, 2 or 3 are possible", dims)
	}
	known := strings.Fields(common + " " + k.keys)
	if strings.Contains(k.told, "add") {
		known = append(known, "embedding")
	}
	for key, value := range c.keys() {
		if !value.IsZero() && !slices.Contains(known, key) {
			return c, fmt.Errorf("models: kind %s does not know %s: remove it or choose another kind", c.Kind, key)
		}
	}
	c.fill(k.defaults(dims))
	if c.Conditioning == "" {
		c.Conditioning = "channels"
	}
	if len(c.Modes) == 1 {
		c.Modes = slices.Repeat(c.Modes, dims)
	}
	return c, c.check(k, known, dims)
}

// keys yields the fields by their names in a file.
func (c *Config) keys() iter.Seq2[string, reflect.Value] {
	return func(yield func(string, reflect.Value) bool) {
		v := reflect.ValueOf(c).Elem()
		for i := range v.NumField() {
			if !yield(v.Type().Field(i).Tag.Get("mapstructure"), v.Field(i)) {
				return
			}
		}
	}
}

// fill takes the values of d where c has none.
func (c *Config) fill(d Config) {
	from := map[string]reflect.Value{}
	for key, value := range d.keys() {
		from[key] = value
	}
	for key, value := range c.keys() {
		if value.IsZero() {
			value.Set(from[key])
		}
	}
}

// check reports a number that no model can have, and a way to be told scalars that the kind does not know.
func (c Config) check(k kind, known []string, dims int) error {
	uses := func(key string) bool { return slices.Contains(known, key) }
	for key, value := range c.keys() {
		if list, ok := value.Interface().([]int); ok && key != "attention" && len(list) > 0 && slices.Min(list) < 1 {
			return fmt.Errorf("models: %s %v: want positive numbers", key, list)
		}
		if value.Kind() == reflect.Int && (value.Int() < 0 || value.IsZero() && (key == "width" || key == "layers")) {
			return fmt.Errorf("models: %s %d: must be positive", key, value.Int())
		}
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
	if _, err := lookup("conditioning", conditionings(), c.Conditioning); err != nil {
		return fmt.Errorf("models: %w", err)
	}
	if told := append(strings.Fields(k.told), "channels"); !slices.Contains(told, c.Conditioning) {
		return fmt.Errorf("models: kind %s does not know conditioning %s: use %s", c.Kind, c.Conditioning, strings.Join(told, ", "))
	}
	return nil
}
