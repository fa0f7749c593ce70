package main

import (
	"bytes"
	"encoding/json"
	"reflect"
	"strings"

	"github.com/kolmogo/kolmogo/configs"
	"github.com/kolmogo/kolmogo/models"
)

// schemaOf is the JSON schema (draft 2020-12) of a configuration's keys.
func schemaOf(keys []key, base any) map[string]any {
	root := section()
	root["$schema"] = "https://json-schema.org/draft/2020-12/schema"
	root["title"] = "Kolmogo experiment"
	for _, k := range keys {
		at := root
		parts := strings.Split(k.Name, ".")
		for _, part := range parts[:len(parts)-1] {
			properties := at["properties"].(map[string]any)
			if properties[part] == nil {
				properties[part] = section()
			}
			at = properties[part].(map[string]any)
		}
		leaf := typeSchema(k.Type)
		leaf["description"] = k.Help
		if d := defaultOf(reflect.ValueOf(base), k); d != nil {
			leaf["default"] = d
		}
		at["properties"].(map[string]any)[parts[len(parts)-1]] = leaf
	}
	return root
}

// section is the schema of a mapping with known keys only.
func section() map[string]any {
	return map[string]any{"type": "object", "additionalProperties": false, "properties": map[string]any{}}
}

func typeSchema(t reflect.Type) map[string]any {
	switch {
	case t == reflect.TypeFor[models.Modes]():
		integer := map[string]any{"type": "integer", "minimum": 1}
		return map[string]any{"oneOf": []any{integer, map[string]any{"type": "array", "items": integer}}}
	case t == reflect.TypeFor[Source]():
		return map[string]any{"oneOf": []any{
			map[string]any{"type": "string", "examples": configs.Recipes.Names()},
			map[string]any{"type": "object"},
		}}
	}
	switch t.Kind() {
	case reflect.Bool:
		return map[string]any{"type": "boolean"}
	case reflect.Int, reflect.Int64:
		return map[string]any{"type": "integer"}
	case reflect.Uint64:
		return map[string]any{"type": "integer", "minimum": 0}
	case reflect.Float64:
		return map[string]any{"type": "number"}
	case reflect.Slice:
		return map[string]any{"type": "array", "items": typeSchema(t.Elem())}
	case reflect.Map:
		return map[string]any{"type": "object", "additionalProperties": typeSchema(t.Elem())}
	}
	return map[string]any{"type": "string"}
}

// indented is JSON for reading.
func indented(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	err := e.Encode(v)
	return b.Bytes(), err
}
