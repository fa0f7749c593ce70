package datasets_test

import (
	"encoding/json"
	"errors"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/kolmogo/kolmogo/datasets"
	"gopkg.in/yaml.v3"
)

// TestInspectLarge: of a file of 50 GB, whose blocks were never written, only samples are read: in a second, in little memory.
func TestInspectLarge(t *testing.T) {
	path := filepath.Join(t.TempDir(), "large.hdf5")
	const frames, points = 50, 1 << 13
	n := int(50e9) / (frames * points * 4)
	meta := datasets.Meta{Channels: []string{"u"}, Times: ascendingFloats(frames)}
	w, err := datasets.CreateHDF5(path, datasets.PDEBench, meta, []datasets.Part{{Name: datasets.KeyFields, Dtype: datasets.Float32, Shape: []int{frames, points, 1}}}, n)
	if err != nil {
		t.Fatal(err)
	}
	values := make([]float64, frames*points)
	for i := range values {
		values[i] = float64(i % 7)
	}
	if err := errors.Join(w.WriteRecord(0, values), w.Close()); err != nil {
		t.Fatal(err)
	}
	values = nil
	if stat, err := os.Stat(path); err != nil || stat.Size() < 49e9 {
		t.Fatalf("%v, %v", stat, err)
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	begin := time.Now()
	r, err := datasets.Inspect(t.Context(), path, datasets.Keys{})
	took := time.Since(begin)
	runtime.ReadMemStats(&after)
	if err != nil || r.View == nil || r.View.Fields[0] != n || r.View.Output.Channels[0].Max != 6 || !strings.Contains(r.Config, "fraction") {
		t.Errorf("%+v, %v", r, err)
	}
	if used := after.TotalAlloc - before.TotalAlloc; used > 64<<20 {
		t.Errorf("%d MB were allocated", used>>20)
	}
	if took > 5*time.Second { // a second on a machine that does nothing else
		t.Errorf("it took %v", took)
	}
}

func ascendingFloats(n int) []float64 {
	list := make([]float64, n)
	for i := range list {
		list[i] = float64(i)
	}
	return list
}

// TestInspectNonfinite: a file with values that are not finite is readable; the report names them, in JSON too, and proposes nothing.
func TestInspectNonfinite(t *testing.T) {
	values := make([]float32, 2*3*4)
	values[13] = float32(math.NaN())
	a, err := datasets.NewArray(values, 2, 3, 4, 1)
	if err != nil {
		t.Fatal(err)
	}
	path := writeNPZ(t, map[string]datasets.Array{"fields": a})
	r, err := datasets.Inspect(t.Context(), path, datasets.Keys{})
	if err != nil || r.Config != "" || r.Nonfinite == nil || r.Nonfinite.Count != 1 || r.Nonfinite.Places[0].Trajectory != 1 {
		t.Fatalf("%+v, %v", r, err)
	}
	text, err := json.Marshal(r)
	if err != nil || !strings.Contains(string(text), `"nonfinite":{"path":`) || !strings.Contains(string(text), `"value":"NaN"`) {
		t.Errorf("%s, %v", text, err)
	}
}

// TestProposedKeys: what the caller said, and what differs between trajectories, is in the proposed configuration.
func TestProposedKeys(t *testing.T) {
	path := writeNPZ(t, map[string]datasets.Array{"p": counting(t, 12, 3, 4, 1), "parameters/nu": counting(t, 12), "q": counting(t, 12, 3)})
	r, err := datasets.Inspect(t.Context(), path, datasets.Keys{Fields: "p", Axes: "n t x c"})
	if err != nil {
		t.Fatal(err)
	}
	var config struct {
		Data struct {
			Keys      struct{ Fields, Axes, Input string }
			Condition []string
			Split     struct{ Test struct{ Fraction float64 } }
		}
	}
	if err := yaml.Unmarshal([]byte(r.Config), &config); err != nil {
		t.Fatal(err)
	}
	d := config.Data
	if d.Keys.Fields != "p" || d.Keys.Axes != "n t x c" || d.Keys.Input != "" || len(d.Condition) != 1 || d.Condition[0] != "nu" || d.Split.Test.Fraction != 0.1 {
		t.Errorf("%+v from\n%s", d, r.Config)
	}
}
