// Package reference walks the reference cases that independent code has computed, for tests.
package reference

import (
	"math"
	"os"
	"path/filepath"
	"testing"
)

// Each runs a sub-test for every case of an area, with the path of the case's description. The cases lie in $KOLMOGO_GOLDEN, or where
// that is empty in the module's testdata/golden, up levels of folders above the test.
func Each(t *testing.T, up int, area, description string, test func(t *testing.T, path string)) {
	t.Helper()
	root := os.Getenv("KOLMOGO_GOLDEN")
	if root == "" {
		root = filepath.Join("testdata", "golden")
		for range up {
			root = filepath.Join("..", root)
		}
	}
	files, err := filepath.Glob(filepath.Join(root, area, "*", description))
	if err != nil || len(files) == 0 {
		t.Fatalf("no golden cases in %s: %v", filepath.Join(root, area), err)
	}
	for _, file := range files {
		t.Run(filepath.Base(filepath.Dir(file)), func(t *testing.T) { test(t, file) })
	}
}

// Near reports max|got−want| > tol·max|want|; NaN and differing lengths fail.
func Near(t *testing.T, what string, got, want []float64, tol float64) {
	t.Helper()
	if len(got) != len(want) || len(want) == 0 {
		t.Errorf("%s: %d values, want %d", what, len(got), len(want))
		return
	}
	difference, scale := 0.0, 0.0
	for i := range want {
		difference, scale = math.Max(difference, math.Abs(got[i]-want[i])), math.Max(scale, math.Abs(want[i]))
	}
	if !(difference <= tol*scale) {
		t.Errorf("%s: differs by %.3g of %.3g, allowed %.3g", what, difference, scale, tol*scale)
	}
}
