package datasets_test

import (
	"path/filepath"
	"runtime"
	"testing"

	"github.com/kolmogo/kolmogo/datasets"
)

// TestStreamMemory: batches of a file of 320 MiB are made in a few.
func TestStreamMemory(t *testing.T) {
	path := filepath.Join(t.TempDir(), "set.h5") // what is never written takes no room on the disk
	parts := []datasets.Part{{Name: datasets.KeyFields, Dtype: datasets.Float32, Shape: []int{64, 128, 128, 1}}}
	w, err := datasets.CreateHDF5(path, datasets.PDEBench, datasets.Meta{}, parts, 80)
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	s, err := datasets.OpenSet(path, datasets.Keys{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	loader := &datasets.Loader{Set: s, Batch: 8}
	n := 0
	for _, err := range loader.Batches(t.Context(), 0, 0) {
		if err != nil {
			t.Fatal(err)
		}
		if n++; n == 100 {
			break
		}
	}
	runtime.ReadMemStats(&after)
	if got := after.TotalAlloc - before.TotalAlloc; n != 100 || got > 32<<20 {
		t.Errorf("%d bytes were allocated for %d batches", got, n)
	}
}
