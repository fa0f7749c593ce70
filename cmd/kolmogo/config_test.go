package main

import (
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"

	"github.com/kolmogo/kolmogo/configs"
)

// TestOrder: flag wins over environment, environment over file, file over default.
func TestOrder(t *testing.T) {
	file := []byte("train:\n  lr: 1\ndata:\n  batch: 2\n")
	environ := []string{"PATH=/bin", "KOLMOGO_TRAIN_LR=3", "KOLMOGO_DATA_BATCH=4", "KOLMOGO_MODEL_MODES=[5, 6]"}
	for _, c := range []struct {
		environ, flags []string
		lr             float64
		batch          int
		modes          []int
	}{
		{nil, nil, 1, 2, nil},
		{environ, nil, 3, 4, []int{5, 6}},
		{environ, []string{"train.lr=7", "model.modes=8"}, 7, 4, []int{8}},
		{nil, []string{"data.batch=9", "data.batch=10"}, 1, 10, nil},
	} {
		got := defaults()
		if err := load(&got, "x.yaml", file, c.environ, c.flags); err != nil {
			t.Fatal(err)
		}
		if got.Train.LR != c.lr || got.Data.Batch != c.batch || !slices.Equal(got.Model.Modes, c.modes) || got.Data.Cache != "data" {
			t.Errorf("%v %v: lr %v, batch %d, modes %v, cache %q", c.environ, c.flags, got.Train.LR, got.Data.Batch, got.Model.Modes, got.Data.Cache)
		}
	}
}

// TestConfigErrors: what is wrong with a configuration is said in one line with its place and the nearest right key, exit code 2.
func TestConfigErrors(t *testing.T) {
	for _, c := range []struct {
		name, text string
		set        []string
		env        string
		parts      []string
	}{
		{name: "misspelt key", text: "name: x\ntrain:\n  lrr: 1\n", parts: []string{"x.yaml:3", `"train.lrr"`, `"train.lr"`}},
		{name: "misspelt section", text: "trian:\n  lr: 1\n", parts: []string{"x.yaml:1", `"trian"`}},
		{name: "key of another section", text: "lr: 1\n", parts: []string{"x.yaml:1", `"train.lr"`}},
		{name: "flag", set: []string{"model.widht=3"}, parts: []string{"--set", `"model.width"`}},
		{name: "flag without value", set: []string{"model.width"}, parts: []string{"key=value"}},
		{name: "environment", env: "KOLMOGO_TRAIN_LRR", parts: []string{"KOLMOGO_TRAIN_LRR", "KOLMOGO_TRAIN_LR"}},
		{name: "type", text: "\n\ntrain:\n  epochs: many\n", parts: []string{"x.yaml:4", "train.epochs", "integer", `"many"`}},
		{name: "fraction for an integer", text: "data:\n  batch: 1.5\n", parts: []string{"x.yaml:2", "data.batch"}},
		{name: "list", text: "model:\n  width: [1]\n", parts: []string{"x.yaml:2", "model.width", "a list"}},
		{name: "no value", text: "model:\n  width:\n", parts: []string{"x.yaml:2", "no value"}},
		{name: "scalar for a section", text: "model: fno\n", parts: []string{"x.yaml:1", "model"}},
		{name: "twice", text: "seed: 1\nseed: 2\n", parts: []string{"x.yaml:2", "twice"}},
		{name: "no YAML", text: "a: [1\n", parts: []string{"x.yaml", "line"}},
		{name: "flag type", set: []string{"train.lr=fast"}, parts: []string{"--set", "train.lr", "number", `"fast"`}},
		{name: "choice", set: []string{"precision=float16"}, parts: []string{"precision", "float32"}},
		{name: "recipe", text: "data:\n  generate:\n    equation: burgers\n    pionts: 3\n", parts: []string{"x.yaml:2", "line 4", `"points"`}},
		{name: "negative", set: []string{"data.batch=0"}, parts: []string{"data.batch"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "x.yaml")
			write(t, path, c.text)
			if c.env != "" {
				t.Setenv(c.env, "1")
			}
			args := []string{"config", "show", path}
			for _, s := range c.set {
				args = append(args, "--set", s)
			}
			call(t, args...).oneError(t, 2, c.parts...)
		})
	}
}

// TestShowRoundTrip: what config show prints is a configuration with the same meaning.
func TestShowRoundTrip(t *testing.T) {
	for _, name := range configs.Experiments.Names() {
		path := filepath.Join(t.TempDir(), "again.yaml")
		first := must(t, "config", "show", name, "--set", "model.modes=[4, 5]", "--set", "data.augment=[shifts]")
		write(t, path, first)
		if again := must(t, "config", "show", path); again != first {
			t.Errorf("%s became\n%s", first, again)
		}
	}
}

// TestEveryKeyIsDocumented: each key has a line of help, help speaks of no key that is not there, and no two keys share a
// variable of the environment.
func TestEveryKeyIsDocumented(t *testing.T) {
	keys := keysOf[Config]()
	variables := map[string]string{}
	for _, k := range keys {
		if k.Help == "" || strings.Contains(k.Help, "\n") {
			t.Errorf("%s: help %q", k.Name, k.Help)
		}
		if other, ok := variables[k.environment()]; ok {
			t.Errorf("%s and %s are both set by %s", k.Name, other, k.environment())
		}
		variables[k.environment()] = k.Name
	}
	for name := range foreignHelp() {
		if !slices.Contains(names(keys), name) {
			t.Errorf("help for the key %s, which does not exist", name)
		}
	}
	for _, name := range []string{"data.path", "data.dir", "data.batch", "model.kind", "model.width", "model.modes", "train.epochs",
		"train.lr", "train.checkpoint_every", "seed", "device", "threads", "precision"} {
		if !slices.Contains(names(keys), name) {
			t.Errorf("the key %s, which scripts rely on, is gone", name)
		}
	}
}

// TestSchema: the JSON schema has every key with its help, and nothing else is allowed.
func TestSchema(t *testing.T) {
	var schema map[string]any
	document(t, must(t, "config", "schema"), &schema)
	for _, k := range keysOf[Config]() {
		at := schema
		for _, part := range strings.Split(k.Name, ".") {
			if at["additionalProperties"] != false {
				t.Fatalf("%s lies in a section that allows any key", k.Name)
			}
			at, _ = at["properties"].(map[string]any)[part].(map[string]any)
		}
		if at["description"] != k.Help {
			t.Errorf("%s: %v", k.Name, at)
		}
	}
}

// TestShippedConfigurations: every experiment and every recipe of the program is sound.
func TestShippedConfigurations(t *testing.T) {
	for _, name := range configs.Experiments.Names() {
		if name != "fno_darcy16" { // needs files
			must(t, "config", "show", name)
		}
	}
	for _, name := range configs.Recipes.Names() {
		if _, err := loadRecipe(name, nil); err != nil {
			t.Error(err)
		}
	}
}

// TestNearest: typing errors find their key.
func TestNearest(t *testing.T) {
	list := names(keysOf[Config]())
	for typed, want := range map[string]string{"train.lrr": "train.lr", "lr": "train.lr", "train.epoch": "train.epochs", "modle.width": "model.width", "model.mode": "model.modes", "sed": "seed", "epochs": "train.epochs"} {
		if got := nearest(typed, list); got != want {
			t.Errorf("%s: %s, want %s", typed, got, want)
		}
	}
}

// FuzzConfig: no text makes reading a configuration panic, and what is read can be written and read again.
func FuzzConfig(f *testing.F) {
	for _, seed := range []string{"", "name: x", "train: {lr: 1}", "data: {generate: {equation: burgers, parameters: {nu: 1}}}", "a: &a [*a]", "model: {modes: [1, 2]}", "? [x]\n: 1", "--- \n...\n---", "data: &d {batch: 1}\nmodel: *d"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		c := defaults()
		if load(&c, "fuzz.yaml", []byte(text), nil, nil) != nil {
			return
		}
		rendered, _, err := render(c)
		if err != nil {
			t.Fatal(err)
		}
		again := defaults()
		if err := load(&again, "again.yaml", rendered, nil, nil); err != nil {
			t.Fatalf("%v\n%s", err, rendered)
		}
		if !reflect.DeepEqual(normal(t, c), normal(t, again)) {
			t.Errorf("%+v\nbecame\n%+v", c, again)
		}
	})
}

// normal is a configuration as generic values, in which empty and absent lists are the same.
func normal(t *testing.T, c Config) map[string]any {
	t.Helper()
	text, _, err := render(c)
	if err != nil {
		t.Fatal(err)
	}
	var m map[string]any
	if err := yaml.Unmarshal(text, &m); err != nil {
		t.Fatal(err)
	}
	return m
}
