package verify_test

import (
	"context"
	"encoding/json"
	"math"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/kolmogo/kolmogo/verify"
)

// ksCommands answers the commands of ks-refiner-small: rollouts of a run live as long as its name says.
func ksCommands(times map[string][]float64, modes map[string]int) verify.Command {
	return func(_ context.Context, args ...string) ([]byte, error) {
		if args[0] != "rollout" {
			return []byte("{}"), nil
		}
		name := strings.TrimRight(filepath.Base(args[1]), "0123456789")
		mean := 0.0
		for _, v := range times[name] {
			mean += v / float64(len(times[name]))
		}
		return json.Marshal(map[string]any{
			"correlation_time": []any{map[string]any{"first": map[string]any{"value": mean, "low": mean - 1, "high": mean + 1}, "count": map[string]any{"value": mean}, "each": times[name]}},
			"spectra":          []any{map[string]any{"step": 20, "resolved_mode": modes[name]}},
		})
	}
}

func TestKSRefinerJudgesRatios(t *testing.T) {
	entries := verify.Entries()
	e := entries[slices.IndexFunc(entries, func(e verify.Entry) bool { return e.Name == "ks-refiner-small" })]
	times := map[string][]float64{"mse": {18, 22, 20}, "refiner": {40, 46, 43}, "mse_noise": {38, 38, 38}, "deeper_mse": {50, 50, 50}, "deeper_refiner": {45, 45, 45}}
	modes := map[string]int{"mse": 17, "refiner": 25, "mse_noise": 26, "deeper_mse": 25, "deeper_refiner": 27}
	judge := func() verify.Outcome {
		o, err := verify.Run(t.Context(), e, verify.Options{Folder: t.TempDir(), Command: ksCommands(times, modes)})
		if err != nil {
			t.Fatal(err)
		}
		return o
	}
	o := judge()
	for name, want := range map[string]float64{"mse": 20, "refiner": 43, "ratio": 43. / 20, "noise_ratio": 43. / 38, "deeper_ratio": 0.9, "mse_resolved_mode": 17, "refiner_resolved_mode": 25} {
		if got, ok := o.Result.Values[name].(float64); !ok || !(math.Abs(got-want) <= 1e-12*want) {
			t.Errorf("%s is %v, want %v", name, o.Result.Values[name], want)
		}
	}
	if missed := o.Missed(); len(missed) != 0 {
		t.Errorf("missed %v", missed)
	}
	if n := len(o.Commands); n != 1+2*(2*3+3) {
		t.Errorf("%d commands: %q", n, o.Commands)
	}
	times["refiner"] = []float64{28, 30, 29}
	modes["refiner"] = 20
	if missed := judge().Missed(); len(missed) != 5 {
		t.Errorf("a weaker refiner misses %v", missed)
	}
}
