package bench

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// callsFile is the variable that names the file in which pretend counts its calls for the entry startup.
const callsFile = "BENCH_CALLS"

// pretend is what the test binary does as `kolmogo bench NAME --json …`: ten times as long with one thread; the entry adamw fails, and
// around startup the machine is busy, least so the second time.
func pretend(args []string) {
	if args[0] == "adamw" {
		fmt.Fprintln(os.Stderr, "kolmogo: no memory")
		os.Exit(1)
	}
	r := Result{Name: args[0], Threads: 2, Times: Times{Median: 3}}
	if i := slices.Index(args, "--threads"); args[i+1] == "1" {
		r.Median, r.Threads = 30, 1
	}
	if r.Name == "startup" {
		calls, err := os.ReadFile(os.Getenv(callsFile))
		if err != nil {
			panic(err)
		}
		r.OthersLoad = []float64{.5, .2, .3}[len(calls)]
		if err := os.WriteFile(os.Getenv(callsFile), append(calls, '.'), 0o644); err != nil {
			panic(err)
		}
	}
	if i := slices.Index(args, "--against"); i > 0 {
		r.Rivals = map[string]Rival{args[i+1]: {Missing: "here"}}
	}
	json.NewEncoder(os.Stdout).Encode(r)
	os.Exit(0)
}

// TestSuite: every entry in a process of its own, training steps also with one thread; one failure does not stop the others.
func TestSuite(t *testing.T) {
	calls := filepath.Join(t.TempDir(), "calls")
	if err := os.WriteFile(calls, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	t.Setenv(callsFile, calls)
	o := options(t)
	o.Against = []string{"torch"}
	var done []string
	results, err := Suite(t.Context(), Entries(), o, func(r Result) { done = append(done, r.Name) })
	if err == nil || !strings.Contains(err.Error(), "adamw") || !strings.Contains(err.Error(), "no memory") {
		t.Errorf("%v", err)
	}
	if len(results) != len(Entries())-1 || len(done) != len(results) {
		t.Errorf("%d results, %d told", len(results), len(done))
	}
	for _, r := range results {
		i := slices.IndexFunc(Entries(), func(e Entry) bool { return e.Name == r.Name })
		want := 0.
		if Entries()[i].isTraining() {
			want = 30
		}
		if r.Name == "startup" && r.OthersLoad != .2 {
			t.Errorf("the busier result was kept: %v", r.OthersLoad)
		}
		if r.Median != 3 || r.OneThread != want || r.Rivals["torch"].Missing != "here" {
			t.Errorf("%+v", r)
		}
	}
}
