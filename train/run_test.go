package train

import (
	"errors"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/kolmogo/kolmogo/datasets"
	"github.com/kolmogo/kolmogo/engine"
)

// What lies in the folder at any instant continues to the same bytes: here a copy of it after each step, with the beginning of

// another checkpoint.
func TestKilledRunContinuesExactly(t *testing.T) {
	change := func(s *Setup) {
		s.Config.CheckpointEvery = 2
		s.Train.Augment = []datasets.Augmentation{datasets.Shift{}}
	}
	straight := t.TempDir()
	s := setup(t, straight, 2, change)
	var copies []string
	s.Observe = func(p Progress) {
		dir := t.TempDir()
		if err := os.CopyFS(dir, os.DirFS(straight)); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, LastFile+".1.tmp"), []byte(checkpointMagic), 0o600); err != nil {
			t.Fatal(err)
		}
		copies = append(copies, dir)
	}
	if err := run(t, t.Context(), s); err != nil {
		t.Fatal(err)
	}
	want := content(t, straight)
	for i, dir := range copies {
		if i%4 != 0 {
			continue
		}
		if err := run(t, t.Context(), setup(t, dir, 1, change)); err != nil {
			t.Fatal(err)
		}
		if !maps.Equal(content(t, dir), want) {
			t.Errorf("killed after %d observations: the continued run differs", i+1)
		}
		files, err := os.ReadDir(dir)
		if err != nil || len(files) != 3 {
			t.Errorf("the folder holds %v, %v", files, err)
		}
	}
}

// Even with a checkpoint after every step, what a diverged run leaves has weights that a lower rate can continue from; the scale of

// Training stops after Patience epochs that were not better than the best.
func TestPatienceStops(t *testing.T) {
	dir := t.TempDir()
	s := setup(t, dir, 1, func(s *Setup) {
		s.Config.Epochs, s.Config.Patience, s.Config.LR, s.Config.EMA = 50, 2, 1e-30, 0
	})
	var epochs int
	s.Observe = func(p Progress) {
		if p.EpochEnd {
			epochs++
		}
	}
	if err := run(t, t.Context(), s); err != nil {
		t.Fatal(err)
	}
	if epochs != 3 {
		t.Errorf("%d epochs: the first is the best, two more are the patience", epochs)
	}
}

// A damaged checkpoint says which part of it is, and where another may be found.
func TestDamagedPartIsNamed(t *testing.T) {
	dir := t.TempDir()
	s := setup(t, dir, 1, func(s *Setup) { s.Config.Epochs = 1 })
	if err := run(t, t.Context(), s); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, LastFile)
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	parts, err := readParts(path)
	if err != nil {
		t.Fatal(err)
	}
	for name, data := range parts {
		at := strings.Index(string(whole), name+string(data))
		bad := append([]byte{}, whole...)
		bad[at+len(name)+len(data)/2] ^= 1
		if err := os.WriteFile(path, bad, 0o644); err != nil {
			t.Fatal(err)
		}
		_, err := OpenPredictor(path, s.Backend)
		if !errors.Is(err, ErrDamaged) || !strings.Contains(err.Error(), `"`+name+`"`) || !strings.Contains(err.Error(), path) {
			t.Errorf("part %q: error is %v", name, err)
		}
	}
}

// A shortened log goes on where it ends instead of with zeros.
func TestShortenedLog(t *testing.T) {
	dir := t.TempDir()
	if err := run(t, t.Context(), setup(t, dir, 1, nil)); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(filepath.Join(dir, LogFile), 0); err != nil {
		t.Fatal(err)
	}
	if err := run(t, t.Context(), setup(t, dir, 1, nil)); err != nil {
		t.Fatal(err)
	}
	if b, err := os.ReadFile(filepath.Join(dir, LogFile)); err != nil || len(b) != 0 {
		t.Errorf("the log is %q, %v", b, err)
	}
}

// Plan costs more operations than the forward pass alone and trains nothing.
func TestPlanOnlyPlans(t *testing.T) {
	dir := t.TempDir()
	tr, err := New(setup(t, dir, 1, nil))
	if err != nil {
		t.Fatal(err)
	}
	cost, _, err := tr.Plan(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	forward, err := randomPredictor(t, 1).Cost([]int{10, 16, 2})
	if err != nil {
		t.Fatal(err)
	}
	if !(cost.FLOPs > 2*forward.FLOPs) || cost == (engine.Cost{}) {
		t.Errorf("a step costs %v, its forward pass %v", cost, forward)
	}
	if files, err := os.ReadDir(dir); err != nil || len(files) != 0 {
		t.Errorf("the folder holds %v, %v", files, err)
	}
}
