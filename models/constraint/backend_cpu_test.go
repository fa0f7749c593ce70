//go:build !gpu

package constraint_test

import (
	"testing"

	"github.com/kolmogo/kolmogo/engine"
	"github.com/kolmogo/kolmogo/engine/cpu"
)

// backend is what the tests run on: here the CPU.
func backend(t *testing.T) engine.Backend {
	t.Helper()
	b, err := cpu.New(cpu.Config{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(b.Close)
	return b
}
