package verify_test

import (
	"context"
	"encoding/json"
	"errors"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/kolmogo/kolmogo/verify"
)

// entry trains for each seed and reports the median of what the commands print.
var entry = verify.Entry{
	Name: "example", Published: "1", Seeds: 3,
	Run: func(ctx context.Context, s *verify.Script) (verify.Result, error) {
		var all []float64
		for _, seed := range s.Seeds {
			t, err := s.Train(ctx, "demo", "run", seed, "a.b=1")
			if err != nil {
				return verify.Result{}, err
			}
			all = append(all, t.Seconds)
		}
		m := verify.Median(all...)
		return verify.Result{
			Values: map[string]any{"seconds": m, "worst": math.NaN(), "each": map[string][]float64{"a": {1, math.Inf(1)}}},
			Checks: []verify.Check{{Name: "time", Value: m, Bar: 2}, {Name: "goal", Value: m, Bar: 1, Goal: true}},
		}, nil
	},
}

func TestRunGivesEverySeedItsCommand(t *testing.T) {
	var lines []string
	o, err := verify.Run(t.Context(), entry, verify.Options{Folder: "runs", Threads: 2, Command: func(_ context.Context, args ...string) ([]byte, error) {
		lines = append(lines, strings.Join(args, " "))
		return []byte(`{"seconds": ` + args[slices.Index(args, "--seed")+1] + `}`), nil
	}})
	if err != nil {
		t.Fatal(err)
	}
	want := "train demo --run runs/example/run --resume --seed 2 --threads 2 --set a.b=1 --json"
	if len(lines) != 3 || lines[2] != want {
		t.Errorf("commands %q, want three, the last %q", lines, want)
	}
	if len(o.Missed()) != 0 {
		t.Errorf("missed %v: a goal does not count", o.Missed())
	}
	text, err := json.Marshal(o)
	if err != nil {
		t.Fatal(err)
	}
	var got struct {
		Seconds  float64  `json:"seconds"`
		Worst    string   `json:"worst"`
		Passed   bool     `json:"passed"`
		Commands []string `json:"commands"`
	}
	if err := json.Unmarshal(text, &got); err != nil || got.Seconds != 1 || got.Worst != "NaN" || !got.Passed || len(got.Commands) != 3 {
		t.Errorf("%s: %+v, %v", text, got, err)
	}
}

func TestRunKeepsTheCommandsError(t *testing.T) {
	broken := errors.New("no device")
	_, err := verify.Run(t.Context(), entry, verify.Options{Command: func(context.Context, ...string) ([]byte, error) { return nil, broken }})
	if !errors.Is(err, broken) || !strings.Contains(err.Error(), "kolmogo train demo") {
		t.Errorf("error %v: want the cause and the command", err)
	}
}

func TestChecksFailOnNaN(t *testing.T) {
	for _, c := range []verify.Check{{Value: math.NaN(), Bar: 1}, {Value: math.NaN(), Bar: 1, More: true}, {Value: 2, Bar: 1}, {Value: 0, Bar: 1, More: true}} {
		if c.Met() {
			t.Errorf("%v is met", c)
		}
	}
}

// TestWhatIsNotFiniteMeetsNoBar: commands print null for it.
func TestWhatIsNotFiniteMeetsNoBar(t *testing.T) {
	e := entry
	e.Run = func(ctx context.Context, s *verify.Script) (verify.Result, error) {
		m, err := s.Eval(ctx, "run")
		return verify.Result{Checks: []verify.Check{{Name: "error", Value: m["rel_l2"], Bar: 1}}}, err
	}
	o, err := verify.Run(t.Context(), e, verify.Options{Command: func(context.Context, ...string) ([]byte, error) {
		return []byte(`{"metrics": {"rel_l2": null}}`), nil
	}})
	if err != nil || len(o.Missed()) != 1 {
		t.Errorf("missed %v, error %v", o.Missed(), err)
	}
}

func TestMedian(t *testing.T) {
	for _, c := range []struct {
		values []float64
		want   float64
	}{{[]float64{3, 1, 2}, 2}, {[]float64{4, 1, 2, 3}, 2.5}, {[]float64{7}, 7}} {
		if got := verify.Median(c.values...); got != c.want {
			t.Errorf("Median(%v) = %v, want %v", c.values, got, c.want)
		}
	}
	if got := verify.Median(1, math.NaN(), 2); !math.IsNaN(got) {
		t.Errorf("the median of values with NaN is %v", got)
	}
}

func TestEntriesHaveNamesOfTheirOwn(t *testing.T) {
	seen := map[string]bool{}
	for _, e := range verify.Entries() {
		if e.Name == "" || seen[e.Name] || e.Doc == "" || e.Published == "" || e.Run == nil {
			t.Errorf("entry %q is incomplete or listed twice", e.Name)
		}
		seen[e.Name] = true
	}
}
