package bench

import (
	"math"
	"testing"

	"github.com/kolmogo/kolmogo/engine/cpu"
)

// TestJetsEqualNestedReverseMode: both ways to an operator give it, to rounding.
func TestJetsEqualNestedReverseMode(t *testing.T) {
	b, err := cpu.New(cpu.Config{Threads: 1})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(b.Close)
	for _, name := range []string{"laplacian", "biharmonic"} {
		var values [2][][]float64
		for i, nested := range []bool{false, true} {
			c, err := operator{Points: 7, Hidden: []int{9, 8}, Space: 3, Operator: name, Nested: nested}.Build()
			if err != nil {
				t.Fatal(err)
			}
			leaves, err := c.drawn()
			if err != nil {
				t.Fatal(err)
			}
			if values[i], err = runOnce(t.Context(), b, c, leaves); err != nil {
				t.Fatal(err)
			}
		}
		for k, what := range []string{"operator", "value"} {
			for i, want := range values[1][k] {
				if got := values[0][k][i]; !(math.Abs(got-want) <= 1e-4*(1+math.Abs(want))) || want == 0 {
					t.Errorf("%s at point %d: %s %v by jets, %v nested", name, i, what, got, want)
				}
			}
		}
	}
}
