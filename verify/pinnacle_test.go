package verify

import (
	"context"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/kolmogo/kolmogo/configs"
)

// TestPINNacleTable: each case has a configuration of its own and published errors; its row shows the error, the seconds and all twelve, and a case
// that is worse than the best of them is a missed bar.
func TestPINNacleTable(t *testing.T) {
	o, err := Run(t.Context(), pinnacle, Options{Folder: t.TempDir(), Command: func(_ context.Context, args ...string) ([]byte, error) {
		if args[0] == "train" {
			return []byte(`{"seconds": 7}`), nil
		}
		e := 1e-5
		if strings.Contains(args[1], "pinnacle_ks") {
			e = 0.99
		}
		return fmt.Appendf(nil, `{"metrics": {"rel_l2": %v}}`, e), nil
	}})
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for i, c := range pinnacleCases() {
		if text, err := configs.Experiments.Read(c.config); err != nil || seen[c.config] {
			t.Errorf("%s: configuration %s (%d bytes, listed before %v): %v", c.name, c.config, len(text), seen[c.config], err)
		}
		seen[c.config] = true
		row := o.Result.Rows[i+1]
		if row.Label != c.name || len(strings.Fields(row.Text)) != 15 || !strings.Contains(row.Text, fmt.Sprintf("%.2e", c.best())) {
			t.Errorf("row %q", row)
		}
		if b := c.best(); !(b > 1e-5 && b < 1) {
			t.Errorf("%s: the best published error is %v", c.name, b)
		}
	}
	if missed := o.Missed(); len(missed) != 1 || !strings.HasPrefix(missed[0].Name, "KS") {
		t.Errorf("missed %v, want KS alone", missed)
	}
	if n := len(slices.Collect(maps.Keys(o.Result.Values["rel_l2"].(map[string]float64)))); n != len(seen) || math.IsNaN(o.Result.Values["seconds"].(map[string]float64)["GS"]) {
		t.Errorf("%d errors for %d cases", n, len(seen))
	}
}
