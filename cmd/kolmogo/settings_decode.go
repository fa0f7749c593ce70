package main

import (
	"errors"
	"fmt"
	"math"
	"reflect"
	"slices"

	"gopkg.in/yaml.v3"
)

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
