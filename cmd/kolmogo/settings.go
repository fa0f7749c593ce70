package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"reflect"
	"slices"
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

// notKeys are variables with our prefix that are no keys: they tell the tests where their files are and how long to try.
func notKeys() []string { return []string{"KOLMOGO_GOLDEN", "KOLMOGO_FORMATS", "KOLMOGO_KILLS"} }

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

// parseFile reads the settings of a YAML file.
func parseFile(file string, text []byte, keys []key) ([]setting, error) {
	var document yaml.Node
	decoder := yaml.NewDecoder(bytes.NewReader(text))
	if err := decoder.Decode(&document); err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("%s: %s", file, strings.TrimPrefix(err.Error(), "yaml: "))
	}
	if len(document.Content) == 0 {
		return nil, nil
	}
	return readSettings(document.Content[0], keys, file)
}

// readSettings walks a mapping down to the keys.
func readSettings(n *yaml.Node, keys []key, file string) ([]setting, error) {
	at := func(n *yaml.Node) string {
		if file == "" {
			return fmt.Sprintf("line %d", n.Line)
		}
		return fmt.Sprintf("%s:%d", file, n.Line)
	}
	seen := map[string]bool{}
	var walk func(n *yaml.Node, prefix string) ([]setting, error)
	walk = func(n *yaml.Node, prefix string) ([]setting, error) {
		if n.Kind == yaml.AliasNode {
			n = n.Alias
		}
		if n.Kind != yaml.MappingNode {
			return nil, fmt.Errorf("%s: %sexpected keys with values, found %s", at(n), label(prefix), describe(n))
		}
		var list []setting
		for i := 0; i+1 < len(n.Content); i += 2 {
			name, value := prefix+n.Content[i].Value, n.Content[i+1]
			if seen[name] {
				return nil, fmt.Errorf("%s: %s is given twice", at(n.Content[i]), name)
			}
			seen[name] = true
			k, entry, err := findKey(keys, name)
			switch {
			case err == nil && (k.Type.Kind() != reflect.Map || entry != ""):
				list = append(list, setting{name, k, entry, value, at(n.Content[i])})
			case err == nil || isSection(keys, name):
				inner, err := walk(value, name+".")
				if err != nil {
					return nil, err
				}
				list = append(list, inner...)
			default:
				return nil, fmt.Errorf("%s: %w", at(n.Content[i]), err)
			}
		}
		return list, nil
	}
	return walk(n, "")
}

func label(prefix string) string {
	if prefix == "" {
		return ""
	}
	return strings.TrimSuffix(prefix, ".") + ": "
}

// isSection reports whether keys lie under a name.
func isSection(keys []key, name string) bool {
	return slices.ContainsFunc(keys, func(k key) bool { return strings.HasPrefix(k.Name, name+".") })
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

// apply sets the fields of a struct.
func apply(target any, settings []setting) error {
	for _, s := range settings {
		field := reflect.ValueOf(target).Elem().FieldByIndex(s.key.index)
		into := field
		if s.entry != "" {
			into = reflect.New(field.Type().Elem()).Elem()
		}
		if err := decode(s.value, into); err != nil {
			return fmt.Errorf("%s: %s: %w", s.where, s.name, err)
		}
		if s.entry != "" {
			if field.IsNil() {
				field.Set(reflect.MakeMap(field.Type()))
			}
			field.SetMapIndex(reflect.ValueOf(s.entry), into)
		}
	}
	return nil
}

// decode reads a value; a null or one of another type is an error.
func decode(n *yaml.Node, into reflect.Value) error {
	if n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	if n.Kind == yaml.ScalarNode && n.Tag == "!!null" {
		return fmt.Errorf("there is no value; expected %s", typeName(into.Type()))
	}
	err := n.Decode(into.Addr().Interface())
	var wrong *yaml.TypeError
	if errors.As(err, &wrong) || err == nil && fractional(n, into.Type()) {
		return fmt.Errorf("expected %s, found %s", typeName(into.Type()), describe(n))
	}
	return err
}

// fractional reports a number with a fraction where an integer belongs, which decoding would cut off.
func fractional(n *yaml.Node, t reflect.Type) bool {
	switch t.Kind() {
	case reflect.Slice:
		if n.Kind == yaml.SequenceNode {
			return slices.ContainsFunc(n.Content, func(c *yaml.Node) bool { return fractional(c, t.Elem()) })
		}
		return fractional(n, t.Elem())
	case reflect.Int, reflect.Int64, reflect.Uint64:
		var f float64
		return n.Decode(&f) == nil && f != math.Trunc(f)
	}
	return false
}

// describe says what a node is.
func describe(n *yaml.Node) string {
	switch n.Kind {
	case yaml.MappingNode:
		return "a mapping"
	case yaml.SequenceNode:
		return "a list"
	}
	if n.Tag == "!!str" {
		return fmt.Sprintf("the text %q", n.Value)
	}
	return fmt.Sprintf("%q", n.Value)
}

// encode is a configuration as a YAML mapping of its keys in order. Zero values that are defaults are left out.
func encode[T any](c T) (*yaml.Node, error) {
	root := &yaml.Node{Kind: yaml.MappingNode}
	for _, k := range keysOf[T]() {
		field := reflect.ValueOf(c).FieldByIndex(k.index)
		if field.IsZero() {
			continue
		}
		value := &yaml.Node{}
		if err := value.Encode(field.Interface()); err != nil {
			return nil, fmt.Errorf("%s: %w", k.Name, err)
		}
		if value.Kind == yaml.SequenceNode {
			value.Style = yaml.FlowStyle
		}
		at := root
		parts := strings.Split(k.Name, ".")
		for _, part := range parts[:len(parts)-1] {
			at = child(at, part)
		}
		at.Content = append(at.Content, &yaml.Node{Kind: yaml.ScalarNode, Value: parts[len(parts)-1]}, value)
	}
	return root, nil
}

// child is the mapping under a name, which is the last one or is appended.
func child(n *yaml.Node, name string) *yaml.Node {
	if last := len(n.Content) - 1; last > 0 && n.Content[last-1].Value == name {
		return n.Content[last]
	}
	c := &yaml.Node{Kind: yaml.MappingNode}
	n.Content = append(n.Content, &yaml.Node{Kind: yaml.ScalarNode, Value: name}, c)
	return c
}

// readNamed reads a YAML file, or a configuration of the program by its name.
func readNamed(arg, kind string, names []string, read func(string) ([]byte, error)) (file string, text []byte, err error) {
	text, err = os.ReadFile(arg)
	if err == nil {
		return arg, text, nil
	}
	if !errors.Is(err, os.ErrNotExist) || strings.ContainsAny(arg, "/.") {
		return "", nil, err
	}
	if text, err = read(arg); err == nil {
		return arg + ".yaml", text, nil
	}
	return "", nil, fmt.Errorf("there is no file and no %s %q; the nearest is %q (all: %s)", kind, arg, nearest(arg, names), strings.Join(names, ", "))
}
