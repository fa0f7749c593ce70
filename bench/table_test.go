package bench

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestInsert: the table replaces the earlier one and nothing else.
func TestInsert(t *testing.T) {
	path := filepath.Join(t.TempDir(), "RESULTS.md")
	if err := os.WriteFile(path, []byte("# Before\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, table := range []string{"one\n", "two\n"} {
		if err := Insert(path, table); err != nil {
			t.Fatal(err)
		}
	}
	text, err := os.ReadFile(path)
	if want := "# Before\n\n" + tableBegin + "\n\ntwo\n\n" + tableEnd + "\n"; err != nil || string(text) != want {
		t.Errorf("%v: %q", err, text)
	}
	if err := os.WriteFile(path, []byte("x"+tableBegin+"%%"+tableEnd+"z"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := Insert(path, "t\n"); err != nil {
		t.Fatal(err)
	}
	if text, _ := os.ReadFile(path); !strings.HasPrefix(string(text), "x"+tableBegin) || !strings.HasSuffix(string(text), tableEnd+"z") || strings.Contains(string(text), "%%") {
		t.Errorf("%q", text)
	}
	if err := os.WriteFile(path, []byte(tableBegin), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := Insert(path, "t"); err == nil {
		t.Error("a mark without its end is taken")
	}
}

// TestTable: a row for each result, whatever it lacks.
func TestTable(t *testing.T) {
	results := []Result{
		{Name: "a", Times: Times{Median: 2, Min: 1, Max: 3}, OneThread: 3, RooflineShare: .5, Rivals: map[string]Rival{
			"torch": {Times: &Times{Median: 8, Min: 7.25, Max: 1234.5}, Version: "9.9", Ratio: 4, Variant: "fast"}, "jax": {Missing: "nothing there"}}},
		{Name: "b", OthersLoad: .06},
	}
	text := Table(Machine{Processor: "P"}, "2026-01-02", "kolmogo bench all", results)
	for _, part := range []string{"| a | 2 (1 to 3) | 8 (7.25 to 1234) | – | **4.00** | – |", "50 %", "| 1.50 |", "torch 9.9, jax: nothing there", "torch fast in a", "\n| b * | "} {
		if !strings.Contains(text, part) {
			t.Errorf("no %q in\n%s", part, text)
		}
	}
}
