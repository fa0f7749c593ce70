package main

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/viper"
	"gopkg.in/yaml.v3"
)

// setting is a value for a key and where it was written.
type setting struct {
	name  string
	key   key
	entry string // of a map
	value *yaml.Node
	where string // "demo.yaml:12", "--set", "KOLMOGO_TRAIN_LR"
}

// environmentName makes the name of an environment variable out of a key's.
var environmentName = strings.NewReplacer(".", "_")

// notKeys are variables with our prefix that are no keys: the CPU's instructions, the rivals' Python, and what tells the tests where
// their files are and how long to try.
func notKeys() []string {
	return []string{instructionsVariable, syncVariable, libraryVariable, pythonVariable, "KOLMOGO_GOLDEN", "KOLMOGO_FORMATS", "KOLMOGO_KILLS", "KOLMOGO_GPU"}
}

// load reads a configuration over the defaults in target: flags (name=value) win over the environment, and that over the file.
// environ is in the form of [os.Environ]; nil leaves the environment out. file names text in errors.
func load[T any](target *T, file string, text []byte, environ, flags []string) error {
	keys := keysOf[T]()
	settings, err := parseFile(file, text, keys)
	if err != nil {
		return err
	}
	v := viper.New()
	for _, s := range settings {
		if err := v.MergeConfigMap(nested(s.name, s)); err != nil {
			return fmt.Errorf("%s: %w", s.where, err)
		}
	}
	fromEnvironment, err := environmentSettings(keys, environ)
	if err != nil {
		return err
	}
	for _, s := range fromEnvironment {
		if err := v.MergeConfigMap(nested(s.name, s)); err != nil {
			return fmt.Errorf("%s: %w", s.where, err)
		}
	}
	fromFlags, err := flagSettings(keys, flags)
	if err != nil {
		return err
	}
	for _, s := range fromFlags {
		v.Set(s.name, s)
	}
	var chosen []setting
	seen := map[string]bool{}
	for _, s := range slices.Concat(settings, fromEnvironment, fromFlags) {
		if winner, ok := v.Get(s.name).(setting); ok && !seen[s.name] {
			seen[s.name] = true
			chosen = append(chosen, winner)
		}
	}
	for _, s := range chosen {
		if err := s.checkZero(); err != nil {
			return err
		}
	}
	return apply(target, chosen)
}

// nested is the map {a: {b: value}} of the name a.b.
func nested(name string, value any) map[string]any {
	head, rest, more := strings.Cut(name, ".")
	if more {
		value = nested(rest, value)
	}
	return map[string]any{head: value}
}

// environmentSettings reads the variables with our prefix; one that is no key is an error.
func environmentSettings(keys []key, environ []string) ([]setting, error) {
	known := map[string]key{}
	var variables []string
	for _, k := range keys {
		known[k.environment()] = k
		variables = append(variables, k.environment())
	}
	var list []setting
	for _, line := range environ {
		variable, value, _ := strings.Cut(line, "=")
		if !strings.HasPrefix(variable, environmentPrefix) || slices.Contains(notKeys(), variable) {
			continue
		}
		k, ok := known[variable]
		if !ok {
			return nil, fmt.Errorf("the environment variable %s belongs to no key; the nearest is %s", variable, nearest(variable, variables))
		}
		node, err := parseValue(value)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", variable, err)
		}
		list = append(list, setting{name: k.Name, key: k, value: node, where: variable})
	}
	return list, nil
}

// flagSettings reads key=value pairs.
func flagSettings(keys []key, flags []string) ([]setting, error) {
	var list []setting
	for _, flag := range flags {
		name, value, ok := strings.Cut(flag, "=")
		if !ok {
			return nil, fmt.Errorf("--set %s: give key=value", flag)
		}
		k, entry, err := findKey(keys, name)
		if err != nil {
			return nil, fmt.Errorf("--set: %w", err)
		}
		node, err := parseValue(value)
		if err != nil {
			return nil, fmt.Errorf("--set %s: %w", name, err)
		}
		list = append(list, setting{name, k, entry, node, "--set"})
	}
	return list, nil
}

// parseValue reads a value as YAML does: a number, a word, [a, list].
func parseValue(text string) (*yaml.Node, error) {
	var document yaml.Node
	if err := yaml.Unmarshal([]byte(text), &document); err != nil {
		return nil, fmt.Errorf("%q: %s", text, strings.TrimPrefix(err.Error(), "yaml: "))
	}
	if len(document.Content) == 0 {
		return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str"}, nil
	}
	return document.Content[0], nil
}

// checkZero refuses an explicit 0 where 0 stands for the default that the key's help states: it would silently be replaced.
func (s setting) checkZero() error {
	_, rest, ok := strings.Cut(s.key.Help, "(default ")
	if !ok || s.entry != "" || s.value.Kind != yaml.ScalarNode {
		return nil
	}
	if x, err := strconv.ParseFloat(s.value.Value, 64); err != nil || x != 0 {
		return nil
	}
	usual, _, _ := strings.Cut(rest, ")")
	return fmt.Errorf("%s: %s: 0 stands for the default, %s: leave it out, or give a small number such as 1e-12", s.where, s.name, usual)
}
