package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A weight of the difference is kept with the run, and refused where the normalisation would undo it.
func TestDifferenceWeight(t *testing.T) {
	folder, config := tiny(t)
	run := filepath.Join(folder, "run")
	weighted := []string{"train", config, "--run", run, "--set", "train.epochs=1", "--set", "data.difference_weight=0.3"}
	if o := call(t, weighted...); o.code != 2 || !strings.Contains(o.err, "data.difference_weight 0.3: must be positive, and is for") {
		t.Errorf("with normalisation: exit code %d, %s", o.code, o.err)
	}
	must(t, append(weighted, "--set", "data.normalise=none")...)
	must(t, "export", run, "-o", filepath.Join(run, "w.safetensors"), "--check")
	text, err := os.ReadFile(filepath.Join(run, "w.safetensors.json"))
	if err != nil {
		t.Fatal(err)
	}
	var sidecar struct {
		Surrogate   struct{ Difference_Weight float64 }
		Conventions struct{ Surrogate string }
	}
	document(t, string(text), &sidecar)
	if sidecar.Surrogate.Difference_Weight != 0.3 || !strings.Contains(sidecar.Conventions.Surrogate, "difference_weight") {
		t.Errorf("the sidecar has %+v", sidecar)
	}
}
