//go:build gpu

package modelstest

import (
	"os"
	"testing"

	"github.com/kolmogo/kolmogo/cuda"
	"github.com/kolmogo/kolmogo/cuda/sim"
	"github.com/kolmogo/kolmogo/engine"
)

// Backend is what the tests run on: here a simulated NVIDIA device, or with KOLMOGO_GPU set the machine's own.
func Backend(t testing.TB) engine.Backend {
	t.Helper()
	if os.Getenv("KOLMOGO_GPU") == "" {
		sim.Install(sim.Config{})
	}
	b, err := cuda.Open(cuda.Config{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(b.Close)
	return b
}
