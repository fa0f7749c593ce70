//go:build !gpu

package modelstest

import (
	"testing"

	"github.com/kolmogo/kolmogo/engine"
	"github.com/kolmogo/kolmogo/engine/cpu"
)

// Backend is what the tests run on: here the CPU.
func Backend(t testing.TB) engine.Backend {
	t.Helper()
	b, err := cpu.New(cpu.Config{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(b.Close)
	return b
}
