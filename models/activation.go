package models

import (
	"fmt"

	"github.com/kolmogo/kolmogo/op"
)

// Activation is an element-wise function of a graph's values.
type Activation func(op.Value) op.Value

// activations is the table of names in a Config. "gelu" is the exact x Φ(x).
func activations() map[string]Activation {
	return map[string]Activation{
		"gelu":      op.GELU,
		"gelu_tanh": op.GELUTanh,
		"identity":  func(x op.Value) op.Value { return x },
		"relu":      op.ReLU,
		"sigmoid":   op.Sigmoid,
		"silu":      op.SiLU,
		"sin":       op.Sin,
		"softplus":  op.Softplus,
		"tanh":      op.Tanh,
	}
}

func activation(name string) (Activation, error) {
	f, err := lookup("activation", activations(), name)
	if err != nil {
		return nil, fmt.Errorf("models: %w", err)
	}
	return f, nil
}
