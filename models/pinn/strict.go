package pinn

import (
	"fmt"
	"reflect"
	"strings"
)

// strict decodes a mapping into a struct whose yaml tags name every key that the mapping has.
func strict(unmarshal func(any) error, into any) error {
	var found map[string]any
	if err := unmarshal(&found); err != nil {
		return err
	}
	var known []string
	t := reflect.TypeOf(into).Elem()
	for i := range t.NumField() {
		name, _, _ := strings.Cut(t.Field(i).Tag.Get("yaml"), ",")
		known = append(known, name)
		delete(found, name)
	}
	for name := range found {
		return fmt.Errorf("unknown key %q (known: %s)", name, strings.Join(known, ", "))
	}
	return unmarshal(into)
}

// UnmarshalYAML refuses unknown keys.
func (c *Condition) UnmarshalYAML(unmarshal func(any) error) error {
	type plain Condition
	return strict(unmarshal, (*plain)(c))
}

// UnmarshalYAML refuses unknown keys.
func (t *Trained) UnmarshalYAML(unmarshal func(any) error) error {
	type plain Trained
	return strict(unmarshal, (*plain)(t))
}

// UnmarshalYAML refuses unknown keys.
func (g *Geometry) UnmarshalYAML(unmarshal func(any) error) error {
	type plain Geometry
	return strict(unmarshal, (*plain)(g))
}
