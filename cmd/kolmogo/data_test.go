package main

import (
	"os"
	"path/filepath"
	"testing"
)

// TestBadData: data that is missing, damaged, hostile, or does not fit the configuration is one line with the file, and the
// documented exit code; nothing is left behind.
func TestBadData(t *testing.T) {
	formats := os.Getenv("KOLMOGO_FORMATS")
	if formats == "" {
		formats = "../../testdata/formats"
	}
	formats, err := filepath.Abs(formats)
	if err != nil {
		t.Fatal(err)
	}
	folder, config := tiny(t)
	data := filepath.Join(folder, "data.kmg")
	sound := read(t, data)
	file := func(name, text string) string {
		path := filepath.Join(folder, name)
		write(t, path, text)
		return path
	}
	nan := []byte(sound)
	for i := len(nan) - 40; i < len(nan)-4; i += 4 {
		copy(nan[i:], "\x00\x00\xc0\x7f")
	}
	for _, c := range []struct {
		name, path string
		code       int
	}{
		{"missing", filepath.Join(folder, "none.kmg"), 3},
		{"folder", folder, 3},
		{"empty", file("empty.kmg", ""), 3},
		{"truncated", file("cut.kmg", sound[:len(sound)/2]), 3},
		{"damaged", file("nan.kmg", string(nan)), 3},
		{"text", filepath.Join(formats, "broken", "text.pt"), 3},
		{"truncated pt", filepath.Join(formats, "broken", "truncated.pt"), 3},
		{"NaN", filepath.Join(formats, "broken", "nonfinite.npy"), 3},
		{"huge shape", filepath.Join(formats, "broken", "huge_shape.npy"), 3},
		{"hostile pickle", filepath.Join(formats, "torch", "malicious_os_system.pt"), 3},
		{"hostile npy", filepath.Join(formats, "npy", "object_malicious.npy"), 3},
	} {
		t.Run(c.name, func(t *testing.T) {
			run := filepath.Join(t.TempDir(), "run")
			call(t, "train", config, "--run", run, "--set", "data.path="+c.path).oneError(t, c.code, filepath.Base(c.path))
			if fileExists(filepath.Join(run, "last.ckpt")) {
				t.Error("it began to train")
			}
		})
	}
	t.Run("renamed", func(t *testing.T) { // the content counts, not the name
		must(t, "train", config, "--run", filepath.Join(folder, "renamed"), "--set", "data.path="+file("data.pt", sound))
	})
	for _, set := range []string{"data.window.history=9", "data.window.unroll=20", "data.split.test.count=12", "data.split.test.count=100", "data.resolution=15",
		"model.modes=40", "data.augment=[ks_scaling]", "data.condition=[viscosity]", "data.constants=[force]", "model.modes=[4, 4]", "data.keys.fields=velocity"} {
		t.Run(set, func(t *testing.T) {
			o := call(t, "train", config, "--run", filepath.Join(t.TempDir(), "run"), "--set", set)
			if o.code != 3 { // a name that is not in the file may be the file's fault
				o.oneError(t, 2)
			}
		})
	}
}

// TestTooLarge: a model that no machine holds is refused by its number of parameters, before any of them is drawn.
func TestTooLarge(t *testing.T) {
	folder, config := tiny(t)
	for _, mode := range [][]string{{"--dry-run"}, {"--run", filepath.Join(folder, "large")}} {
		call(t, append([]string{"train", config, "--set", "model.width=70000"}, mode...)...).oneError(t, 2, "parameters", "memory")
	}
}
