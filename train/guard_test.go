package train

import (
	"errors"
	"path/filepath"
	"strings"
	"testing"

	"github.com/kolmogo/kolmogo/datasets"
)

// Two processes never train in one folder.
func TestFolderIsLocked(t *testing.T) {
	dir := t.TempDir()
	f, held, err := openLocked(filepath.Join(dir, LogFile))
	if err != nil || held {
		t.Fatal(held, err)
	}
	if err := run(t, t.Context(), setup(t, dir, 1, nil)); !errors.Is(err, ErrConfig) || !strings.Contains(err.Error(), "another process") {
		t.Errorf("error is %v", err)
	}
	f.Close()
	if err := run(t, t.Context(), setup(t, dir, 1, nil)); err != nil {
		t.Error(err)
	}
}

// A run does not go on with data of other statistics.
func TestOtherStatisticsAreRefused(t *testing.T) {
	dir := t.TempDir()
	scaled := func(std float64) func(*Setup) {
		return func(s *Setup) { s.Description.Input.Mean, s.Description.Input.Std = []float64{0}, []float64{std} }
	}
	if err := run(t, t.Context(), setup(t, dir, 1, scaled(1))); err != nil {
		t.Fatal(err)
	}
	if err := run(t, t.Context(), setup(t, dir, 1, scaled(2))); !errors.Is(err, ErrData) {
		t.Errorf("error is %v", err)
	}
}

// Scales of the learning rate multiply, and are remembered although nothing was trained since.
func TestScalesMultiply(t *testing.T) {
	dir := t.TempDir()
	for range 2 {
		s := setup(t, dir, 1, nil)
		s.LRScale = .5
		if err := run(t, t.Context(), s); err != nil {
			t.Fatal(err)
		}
	}
	c, err := readCheckpoint(filepath.Join(dir, LastFile))
	if err != nil || c.state.LRScale != .25 {
		t.Errorf("scale %v, error %v", c.state.LRScale, err)
	}
}

// A target that is zero everywhere is a fault of the data, not of the learning rate.
func TestZeroTargetIsNamed(t *testing.T) {
	arr, err := datasets.NewArray(make([]float32, 6*9*16), 6, 9, 16, 1)
	if err != nil {
		t.Fatal(err)
	}
	set, err := datasets.NewSet(datasets.Meta{Channels: []string{"u"}}, arr)
	if err != nil {
		t.Fatal(err)
	}
	s := setup(t, t.TempDir(), 1, func(s *Setup) { s.Train.Set, s.Valid = set, nil })
	if err := run(t, t.Context(), s); !errors.Is(err, ErrData) || !strings.Contains(err.Error(), "zero everywhere") {
		t.Errorf("error is %v", err)
	}
}
