package main

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/kolmogo/kolmogo/datasets"
	"github.com/kolmogo/kolmogo/models"
	"github.com/kolmogo/kolmogo/models/pinn"
	"github.com/kolmogo/kolmogo/models/refiner"
	"github.com/kolmogo/kolmogo/train"
)

// Config is an experiment. The names of its keys are a contract; kolmogo config keys lists them.
type Config struct {
	Name      string         `yaml:"name" help:"of the experiment; the file's name where empty"`
	Seed      uint64         `yaml:"seed" help:"of the initial weights and of the data's order"`
	Device    string         `yaml:"device" help:"cpu, cuda, cuda:i or auto"`
	Threads   int            `yaml:"threads" help:"goroutines of the CPU backend; 0: one per core. Results do not depend on it"`
	Precision string         `yaml:"precision" help:"float32 or float64; tf32, 3xtf32 or bf16: float32, and a GPU may round the factors of products so for its tensor cores"`
	Data      DataConfig     `yaml:"data"`
	Problem   pinn.Problem   `yaml:"problem"`
	Model     models.Config  `yaml:"model"`
	Refiner   refiner.Config `yaml:"refiner"`
	Train     train.Config   `yaml:"train"`
}

// DataConfig says what to train on.
type DataConfig struct {
	Path         string          `yaml:"path" help:"data file, in any format that kolmogo inspect knows"`
	Dir          string          `yaml:"dir" help:"folder that relative paths of data files start from"`
	Generate     Source          `yaml:"generate" help:"instead of path: a recipe to generate the data with, by name, as a file, or in place"`
	Trajectories int             `yaml:"trajectories" help:"with generate: their number; 0: the recipe's"`
	Cache        string          `yaml:"cache" help:"with generate: folder of the generated file, which is made once"`
	Keys         KeysConfig      `yaml:"keys"`
	Split        datasets.Split  `yaml:"split"`
	Resolution   int             `yaml:"resolution" help:"points per axis to train on, sub-sampled from the stored ones; 0: all"`
	Window       datasets.Window `yaml:"window"`
	Condition    []string        `yaml:"condition" help:"numbers that the model is told: parameters and scalars of the data by name, t, dt, length, dx .."`
	Constants    []string        `yaml:"constants" help:"fields of the data that do not change in time, which the model sees beside every frame of its input; not for rollouts"`
	Augment      []string        `yaml:"augment" help:"symmetries (of the grid), shifts and boosts (of periodic fields), burgers_scaling, ks_scaling"`
	Reflection   string          `yaml:"reflection" help:"what symmetries reflect: cells (centres, or points on both walls) or nodes (points i/n)"`
	Boost        float64         `yaml:"boost" help:"boosts: greatest speed of an axis"`
	Scaling      float64         `yaml:"scaling" help:"burgers_scaling, ks_scaling: greatest factor of space"`
	Velocity     []string        `yaml:"velocity" help:"channels of the velocity, one for each axis, where the data does not tell"`
	Vectors      [][]string      `yaml:"vectors" help:"channels of other vectors, a list for each, where the data does not tell"`
	Pseudo       []string        `yaml:"pseudoscalars" help:"channels that a reflection changes the sign of, where the data does not tell"`
	Batch        int             `yaml:"batch" help:"samples of a batch"`
	Normalise    string          `yaml:"normalise" help:"channel: mean 0 and deviation 1 of each channel over the training set; none"`
	Target       string          `yaml:"target" help:"what the network predicts: value, or for trajectories the difference to the last frame"`
	Weight       float64         `yaml:"difference_weight" help:"with target difference and normalise none: what the predicted difference is multiplied by; 0: nothing"`
}

// KeysConfig has the fields of [datasets.Keys].
type KeysConfig struct {
	Fields     string `yaml:"fields" help:"array of the trajectories"`
	Input      string `yaml:"input" help:"array of the inputs of pairs"`
	Target     string `yaml:"target" help:"array of the outputs of pairs"`
	Time       string `yaml:"time" help:"array of the time stamps"`
	Axes       string `yaml:"axes" help:"order of the stored axes, such as \"n t x c\" or, for pairs, \"n x y\""`
	TargetAxes string `yaml:"target_axes" help:"the same for outputs that differ"`
}

// defaults are the values of keys that nothing sets. Zero values of model and train have meanings of their own.
func defaults() Config {
	return Config{
		Device:    "auto",
		Precision: "float32",
		Data: DataConfig{
			Cache:      "data",
			Batch:      16,
			Reflection: "cells",
			Normalise:  "channel",
			Boost:      1,
			Scaling:    2,
			Target:     "value",
		},
	}
}

// Source is a recipe: its name or file, or itself.
type Source struct {
	Name   string
	Recipe *datasets.Recipe
}

// IsZero reports whether there is nothing to generate.
func (s Source) IsZero() bool { return s == Source{} }

// UnmarshalYAML reads a name or a recipe.
func (s *Source) UnmarshalYAML(n *yaml.Node) error {
	if n.Kind == yaml.ScalarNode {
		return n.Decode(&s.Name)
	}
	settings, err := readSettings(n, keysOf[datasets.Recipe](), "")
	if err != nil {
		return err
	}
	s.Recipe = &datasets.Recipe{}
	return apply(s.Recipe, settings)
}

// MarshalYAML is the inverse of UnmarshalYAML.
func (s Source) MarshalYAML() (any, error) {
	if s.Recipe == nil {
		return s.Name, nil
	}
	return encode(*s.Recipe)
}

// check reports values that no command can use; models and train check their own sections.
func (c Config) check() error {
	for _, choice := range []struct {
		key, value string
		allowed    []string
	}{
		{"precision", c.Precision, precisions()},
		{"data.normalise", c.Data.Normalise, []string{"channel", "none"}},
		{"data.target", c.Data.Target, []string{"value", "difference"}},
		{"data.reflection", c.Data.Reflection, []string{"cells", "nodes"}},
	} {
		if err := oneOf(choice.key, choice.value, choice.allowed...); err != nil {
			return err
		}
	}
	for _, name := range c.Data.Augment {
		if err := oneOf("data.augment", name, slices.Sorted(maps.Keys(c.Data.augmentations()))...); err != nil {
			return err
		}
	}
	for _, number := range []struct {
		key   string
		value int
		least int
	}{
		{"threads", c.Threads, 0},
		{"data.batch", c.Data.Batch, 1},
		{"data.resolution", c.Data.Resolution, 0},
		{"data.trajectories", c.Data.Trajectories, 0},
	} {
		if number.value < number.least {
			return usagef("%s is %d: give at least %d", number.key, number.value, number.least)
		}
	}
	if len(c.Problem.Equations) > 0 {
		if _, err := pinn.New(c.Problem, models.Config{}, rand.New(rand.NewPCG(0, 0))); err != nil {
			return usagef("problem: %w", err)
		}
	}
	if c.Data.Path != "" && !c.Data.Generate.IsZero() {
		return usagef("data.path and data.generate exclude each other: remove one")
	}
	return nil
}

// oneOf checks a word.
func oneOf(key, value string, allowed ...string) error {
	for _, a := range allowed {
		if value == a {
			return nil
		}
	}
	return fmt.Errorf("%s is %q: use %s", key, value, strings.Join(allowed, " or "))
}
