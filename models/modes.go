package models

import (
	"encoding/json"
	"fmt"
)

// Modes is a number per axis; files may hold a single number for all axes.
type Modes []int

// UnmarshalYAML reads a number or a list.
func (m *Modes) UnmarshalYAML(decode func(any) error) error { return m.decode(decode) }

// UnmarshalJSON reads a number or a list.
func (m *Modes) UnmarshalJSON(b []byte) error {
	return m.decode(func(v any) error { return json.Unmarshal(b, v) })
}

func (m *Modes) decode(into func(any) error) error {
	var one int
	if into(&one) == nil {
		*m = Modes{one}
		return nil
	}
	var list []int
	if err := into(&list); err != nil {
		return fmt.Errorf("models: modes: neither a number nor a list of numbers: %w", err)
	}
	*m = list
	return nil
}
