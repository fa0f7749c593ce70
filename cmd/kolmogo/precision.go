package main

import "github.com/kolmogo/kolmogo/op"

// precision is what the configuration's precision means: the type of numbers, and how a GPU may round the factors of products for its
// tensor cores. The CPU does not round them.
type precision struct {
	dtype    op.Dtype
	products string
}

// float32Precision is the default.
var float32Precision = precision{dtype: op.Float32}

// precisions lists the values of the key.
func precisions() []string { return []string{"float32", "float64", "tf32", "3xtf32", "bf16"} }

// parsePrecision reads the value of the key.
func parsePrecision(name string) (precision, error) {
	switch name {
	case "tf32", "3xtf32", "bf16":
		return precision{op.Float32, name}, nil
	}
	t, err := op.ParseDtype(name)
	return precision{dtype: t}, inUsage(err)
}
