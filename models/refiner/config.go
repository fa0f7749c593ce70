package refiner

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Config is the section `model.refiner` of a configuration. A zero value means the default of the kind.
type Config struct {
	Kind       string  `yaml:"kind" mapstructure:"kind" json:"kind,omitempty" help:"how a step is sampled: refine, diffuse, flow, correct (error correction), direct (one call of the refiner's network, whatever the other keys: its baseline); empty: one call of a plain network"`
	Steps      int     `yaml:"steps" mapstructure:"steps" json:"steps,omitempty" help:"refinements after the first guess, or steps of a flow's solver (default 3)"`
	Noise      float64 `yaml:"noise" mapstructure:"noise" json:"noise,omitempty" help:"refine, diffuse: smallest noise, for a target of variance one (default 4e-7 as a variance, 6.3e-4 as a deviation); flow: largest noise of a bridge (default 0.1)"`
	Convention string  `yaml:"convention" mapstructure:"convention" json:"convention,omitempty" help:"refine, diffuse: whether noise is the std (default of refine) or the variance (default of diffuse)"`
	Predict    string  `yaml:"predict" mapstructure:"predict" json:"predict,omitempty" help:"diffuse: velocity (default) or noise"`
	Sampler    string  `yaml:"sampler" mapstructure:"sampler" json:"sampler,omitempty" help:"diffuse: ancestral (default) or ddim; flow: heun (default) or euler"`
	Path       string  `yaml:"path" mapstructure:"path" json:"path,omitempty" help:"flow: linear (default), trigonometric, variance_preserving or bridge"`
	Single     bool    `yaml:"single" mapstructure:"single" json:"single,omitempty" help:"diffuse: round the schedule to float32, as PDEArena does"`
}

// kind is the defaults of one kind, which also say what keys it knows, and its constructor.
type kind struct {
	defaults Config
	build    func(Config) (Process, error)
}

// kinds is the table of processes: a new one is one line here and the file that it names.
func kinds() map[string]kind {
	return map[string]kind{
		"refine":  {Config{Steps: 3, Noise: 6.324555320336759e-4, Convention: "std"}, newRefine},
		"diffuse": {Config{Steps: 3, Noise: 4e-7, Convention: "variance", Predict: "velocity", Sampler: "ancestral", Single: true}, newDiffuse},
		"flow":    {Config{Steps: 3, Noise: 0.1, Sampler: "heun", Path: "linear"}, newFlow},
		"correct": {Config{Steps: 1}, newCorrect},
		"direct":  {Config{}, newDirect}, // whatever else is set: the baseline of any refiner
	}
}

// Resolve fills in the defaults of the kind; or an error that says what is wrong with c. The zero Config stays itself.
func (c Config) Resolve() (Config, error) {
	if c == (Config{}) {
		return c, nil
	}
	k, ok := kinds()[c.Kind]
	if !ok {
		return c, fmt.Errorf("refiner: kind %q: use one of %s", c.Kind, strings.Join(slices.Sorted(maps.Keys(kinds())), ", "))
	}
	d := k.defaults
	for _, f := range []struct {
		key        string
		set, known bool
	}{
		{"steps", c.Steps != 0, d.Steps != 0},
		{"noise", c.Noise != 0, d.Noise != 0},
		{"convention", c.Convention != "", d.Convention != ""},
		{"predict", c.Predict != "", d.Predict != ""},
		{"sampler", c.Sampler != "", d.Sampler != ""},
		{"path", c.Path != "", d.Path != ""},
		{"single", c.Single, d.Single},
	} {
		if f.set && !f.known && c.Kind != "direct" {
			return c, fmt.Errorf("refiner: kind %s does not know %s: remove it or choose another kind", c.Kind, f.key)
		}
	}
	c.Convention = cmp.Or(c.Convention, d.Convention)
	if c.Noise == 0 && c.Convention == "std" && c.Kind == "diffuse" {
		d.Noise = kinds()["refine"].defaults.Noise
	}
	if c.Noise == 0 && c.Convention == "variance" && c.Kind == "refine" {
		d.Noise = kinds()["diffuse"].defaults.Noise
	}
	c.Steps, c.Noise = cmp.Or(c.Steps, d.Steps), cmp.Or(c.Noise, d.Noise)
	c.Predict, c.Sampler, c.Path = cmp.Or(c.Predict, d.Predict), cmp.Or(c.Sampler, d.Sampler), cmp.Or(c.Path, d.Path)
	if c.Steps < 0 {
		return c, fmt.Errorf("refiner: steps %d: must be positive", c.Steps)
	}
	_, err := k.build(c)
	return c, err
}

// New returns the process that c describes; nil for the zero Config.
func New(c Config) (Process, error) {
	c, err := c.Resolve()
	if err != nil || c == (Config{}) {
		return nil, err
	}
	return kinds()[c.Kind].build(c)
}
