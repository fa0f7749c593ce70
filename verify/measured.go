package verify

import (
	"encoding/json"
	"math"
)

// measured is a number that a command printed. What is not finite it prints as null, which is NaN here and meets no bar.
type measured float64

// UnmarshalJSON implements json.Unmarshaler.
func (m *measured) UnmarshalJSON(b []byte) error {
	if string(b) == "null" {
		*m = measured(math.NaN())
		return nil
	}
	return json.Unmarshal(b, (*float64)(m))
}

// MarshalJSON implements json.Marshaler.
func (m measured) MarshalJSON() ([]byte, error) {
	if x := float64(m); x-x != 0 {
		return []byte("null"), nil
	}
	return json.Marshal(float64(m))
}

// numbers are measured ones as floating-point ones.
func numbers(list []measured) []float64 {
	all := make([]float64, len(list))
	for i, m := range list {
		all[i] = float64(m)
	}
	return all
}
