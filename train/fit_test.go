package train

import (
	"context"
	"math"
	"path/filepath"
	"slices"
	"testing"

	"github.com/kolmogo/kolmogo/models"
)

// A new run computes the fixed parameters from its data, trains the others only, and keeps all of them, also those that its programs
// do not read.
func TestFixedParametersComeFromTheData(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "run")
	s := setup(t, dir, 1, func(s *Setup) {
		s.Description.Model = models.Config{Kind: "pod_deeponet", Width: 8, Layers: 1, Latent: 4}
		shape := s.Train.Set.Target().Shape()
		s.Description.Grid = slices.Clone(shape[2 : len(shape)-1])
	})
	tr, err := New(s)
	if err != nil {
		t.Fatal(err)
	}
	if err := tr.Run(context.Background()); err != nil {
		t.Fatal(err)
	}
	p, err := OpenPredictor(filepath.Join(dir, BestFile), s.Backend)
	if err != nil {
		t.Fatal(err)
	}
	before := map[string]*models.Param{}
	for name, q := range tr.surrogate.Params() {
		before[name] = q
	}
	for _, q := range p.Params() {
		data, err := p.store.Get("param." + q.Name)
		if err != nil {
			t.Fatal(err)
		}
		largest := 0.0
		for i, v := range before[q.Name].Data {
			largest = math.Max(largest, math.Abs(v-data[i]))
		}
		if trained := !(largest <= 1e-6); trained == q.Fixed {
			t.Errorf("%s moved by %v in training, is fixed: %v", q.Name, largest, q.Fixed)
		}
	}
}

// Parameters that no program reads are kept.
func TestUnreadParametersAreKept(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "run")
	s := setup(t, dir, 1, func(s *Setup) {
		s.Config.Epochs = 1
		s.Description.Model = models.Config{Kind: "unet", Width: 4, Layers: 1, Multipliers: []int{1}, MiddleAttention: true, Form: "pdearena"}
	})
	if err := run(t, t.Context(), s); err != nil {
		t.Fatal(err)
	}
	if _, err := OpenPredictor(filepath.Join(dir, BestFile), s.Backend); err != nil {
		t.Error(err)
	}
}
