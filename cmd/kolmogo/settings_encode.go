package main

import (
	"fmt"
	"reflect"
	"strings"

	"gopkg.in/yaml.v3"
)

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
