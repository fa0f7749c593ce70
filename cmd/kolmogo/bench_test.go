package main

import (
	"path/filepath"
	"strings"
	"testing"
)

// TestBenchList: without a name, a line for each entry.
func TestBenchList(t *testing.T) {
	text := must(t, "bench")
	var list benchList
	document(t, must(t, "bench", "--json"), &list)
	if len(list.Entries) < 15 || strings.Count(text, "\n") != len(list.Entries) {
		t.Errorf("%d entries:\n%s", len(list.Entries), text)
	}
	for _, e := range list.Entries {
		if !strings.Contains(text, e.Name+" ") || !strings.Contains(text, e.Doc) {
			t.Errorf("no %s in\n%s", e.Name, text)
		}
	}
}

// TestBenchUsage: what cannot be measured is said before anything is.
func TestBenchUsage(t *testing.T) {
	call(t, "bench", "fno2d-w64").oneError(t, 2, `"fno2d-w64-m16"`)
	call(t, "bench", "sgemm-32", "--against", "tensorflow").oneError(t, 2, "tensorflow", "torch, jax")
	call(t, "bench", "sgemm-32", "--repeat", "0").oneError(t, 2, "--repeat")
	call(t, "bench", "sgemm-32", "--threads", "-1").oneError(t, 2, "--threads")
	call(t, "bench", "sgemm-32", "-o", "x.md").oneError(t, 2, "all")
	call(t, "bench", "sgemm-32", "--device", "tpu").oneError(t, 2, "tpu", "cuda")
	call(t, "bench", "sgemm-32", "--device", "cuda:9").oneError(t, 5, "cuda:9")
	t.Setenv("KOLMOGO_CPU", "vax")
	call(t, "bench", "sgemm-32").oneError(t, 2, "vax")
}

// TestBenchEntry: one entry on the portable kernels, without Python.
func TestBenchEntry(t *testing.T) {
	t.Setenv("KOLMOGO_CPU", "generic")
	t.Setenv("KOLMOGO_PYTHON", filepath.Join(t.TempDir(), "no_python"))
	line := []string{"bench", "sgemm-32", "--repeat", "1", "--against", "torch,jax"}
	for _, part := range []string{"sgemm-32: ", "ours ", "cpu generic", "pip install torch"} {
		if text := must(t, line...); !strings.Contains(text, part) {
			t.Errorf("no %q in\n%s", part, text)
		}
	}
	var r map[string]any
	document(t, must(t, append(line, "--json")...), &r)
	if r["name"] != "sgemm-32" || r["repeat"] != 1. || r["flops"] != 2.*65536*32*32 || r["allocs_per_step"] != 0. || !(r["median_ms"].(float64) > 0) || !(r["bytes_peak"].(float64) > 0) {
		t.Errorf("%v", r)
	}
	if v := r["rivals"].(map[string]any)["jax"].(map[string]any); len(v) != 1 || !strings.Contains(v["missing"].(string), "pip install") {
		t.Errorf("jax is %v", v)
	}
}

// TestBenchStartup: the program starts itself.
func TestBenchStartup(t *testing.T) {
	t.Setenv(beProgram, "1")
	var r map[string]any
	document(t, must(t, "bench", "startup", "--repeat", "1", "--json"), &r)
	if !(r["median_ms"].(float64) > 0) {
		t.Errorf("%v", r)
	}
}
