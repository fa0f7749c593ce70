package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"reflect"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"
)

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
