package reference

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/kolmogo/kolmogo/datasets"
)

// Case decodes a case's description into v and returns the arrays of the case.safetensors beside it, by name.
func Case(t *testing.T, description string, v any) map[string]datasets.Array {
	t.Helper()
	text, err := os.ReadFile(description)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, v); err != nil {
		t.Fatalf("%s: %v", description, err)
	}
	c, err := datasets.Open(filepath.Join(filepath.Dir(description), "case.safetensors"))
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	arrays := map[string]datasets.Array{}
	for _, name := range c.Names() {
		if arrays[name], err = c.Array(name); err != nil {
			t.Fatal(err)
		}
	}
	return arrays
}
