package datasets_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/kolmogo/kolmogo/datasets"
	"gopkg.in/yaml.v3"
)

// TestInspect: the report of a trajectory file holds its view, statistics and a configuration, in text and in JSON.
func TestInspect(t *testing.T) {
	path := filepath.Join(t.TempDir(), "train.kmg")
	writeKMG(t, path, ascending(testRecords))
	r, err := datasets.Inspect(t.Context(), path, datasets.Keys{})
	if err != nil {
		t.Fatal(err)
	}
	if r.Problem != "" || r.View == nil || r.View.Kind != "trajectories" || r.View.Output.Channels[0].Max != testRecord(6)[17] {
		t.Errorf("%+v", r)
	}
	text, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	var again datasets.Report
	if err := json.Unmarshal(text, &again); err != nil || !reflect.DeepEqual(r, again) {
		t.Errorf("JSON gave %+v, %v", again, err)
	}
	var config struct {
		Data  struct{ Path string }
		Model struct{ Kind string }
		Train struct{ LR float64 }
	}
	if err := yaml.Unmarshal([]byte(r.Config), &config); err != nil || config.Data.Path != path || config.Model.Kind != "fno" || !(config.Train.LR > 0) {
		t.Errorf("configuration %+v, %v", config, err)
	}
	for _, part := range []string{"kmg", "[7 3 6 1]", "nu = 0.01", "periodic", "0 to 1, 3 frames", "model:"} {
		if !strings.Contains(r.Text(), part) {
			t.Errorf("the text lacks %q:\n%s", part, r.Text())
		}
	}

	// A folder with a file that is not data.
	folder := filepath.Dir(path)
	if err := os.WriteFile(filepath.Join(folder, "README"), []byte("about"), 0o666); err != nil {
		t.Fatal(err)
	}
	writeKMG(t, filepath.Join(folder, "a_test.kmg"), ascending(testRecords))
	all, err := datasets.Inspect(t.Context(), folder, datasets.Keys{})
	if err != nil || len(all.Files) != 2 || all.Config != r.Config {
		t.Errorf("folder: %d files, %v, configuration\n%s", len(all.Files), err, all.Config)
	}
	if _, err := datasets.Inspect(t.Context(), t.TempDir(), datasets.Keys{}); err == nil {
		t.Error("an empty folder was inspected")
	}
}

// TestInspectProblem: what cannot be viewed is still listed, with the reason.
func TestInspectProblem(t *testing.T) {
	r, err := datasets.Inspect(t.Context(), writeNPZ(t, map[string]datasets.Array{"p": counting(t, 2, 3), "q": counting(t, 2, 3)}), datasets.Keys{})
	if err != nil || len(r.Arrays) != 2 || r.View != nil || r.Problem == "" || r.Config != "" {
		t.Errorf("%+v, %v", r, err)
	}
}

// TestFingerprint: a changed byte changes it, whether the file is sampled or not.
func TestFingerprint(t *testing.T) {
	path := filepath.Join(t.TempDir(), "big")
	for _, size := range []int64{1000, 80 << 20} {
		file, err := os.Create(path)
		if err != nil {
			t.Fatal(err)
		}
		if err := file.Truncate(size); err != nil {
			t.Fatal(err)
		}
		a, err := datasets.FingerprintFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if a.Size != size || a.Sampled != (size > 1000) {
			t.Errorf("%+v", a)
		}
		if _, err := file.WriteAt([]byte{1}, size-1); err != nil {
			t.Fatal(err)
		}
		if b, err := datasets.FingerprintFile(path); err != nil || b.SHA256 == a.SHA256 {
			t.Errorf("the last byte does not count: %v", err)
		}
		if err := file.Close(); err != nil {
			t.Fatal(err)
		}
	}
}
