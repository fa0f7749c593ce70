package main

import (
	"path/filepath"
	"strconv"
	"testing"

	"github.com/kolmogo/kolmogo/engine/cpu/simd"
)

// TestSameBytes: what is generated does not depend on the processor's instructions, the number of workers, or points whose primes
// have no fast transform.
func TestSameBytes(t *testing.T) {
	for _, points := range []string{"48", "28"} {
		want := ""
		for _, set := range simd.Available() {
			for _, workers := range []int{1, 3} {
				t.Setenv(instructionsVariable, set.F64.Name)
				file := filepath.Join(t.TempDir(), "out.kmg")
				must(t, "generate", "kolmogorov_flow", "-o", file, "--n", "3", "--workers", strconv.Itoa(workers), "--set", "points="+points,
					"--set", "solver.points="+points, "--set", "solver.steps=20", "--set", "frames.t0=0", "--set", "frames.t1=0.2", "--set", "frames.count=3", "--set", "dtype=float64")
				got := read(t, file)
				if want == "" {
					want = got
				}
				if got != want {
					t.Errorf("%s points, %s, %d workers: the file differs", points, set.F64.Name, workers)
				}
			}
		}
	}
}
