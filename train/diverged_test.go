package train

import (
	"errors"
	"math"
	"path/filepath"
	"strings"
	"testing"
)

// the rate is then part of the state.
func TestDivergedRunContinuesAtALowerRate(t *testing.T) {
	for _, rate := range []float64{1e30, 1e38} {
		dir := t.TempDir()
		change := func(s *Setup) {
			s.Config.LR, s.Config.EMA, s.Config.CheckpointEvery = rate, 0, 1
			s.Config.Schedule.Kind = "constant"
		}
		err := run(t, t.Context(), setup(t, dir, 1, change))
		var d *DivergedError
		if !errors.As(err, &d) || d.Step < 1 || !strings.Contains(err.Error(), "step ") {
			t.Fatalf("rate %v: error is %v", rate, err)
		}
		s := setup(t, dir, 1, change)
		s.LRScale = 1e-2 / rate
		if err := run(t, t.Context(), s); err != nil {
			t.Fatalf("rate %v: continued: %v", rate, err)
		}
		c, err := readCheckpoint(filepath.Join(dir, LastFile))
		if err != nil || c.state.LRScale != s.LRScale || !(*c.state.Best < 2) {
			t.Errorf("rate %v: scale %v, error %v, %v", rate, c.state.LRScale, *c.state.Best, err)
		}
	}
}

// A gradient that is not finite is that of a parameter, by name; a loss that is not finite is that of samples.
func TestDivergenceIsNamed(t *testing.T) {
	tr, err := New(setup(t, t.TempDir(), 1, nil))
	if err != nil {
		t.Fatal(err)
	}
	of := func(loss float64, stepped bool) *outcome {
		return &outcome{loss: loss, stepped: stepped, indices: []int{5, 2}, zero: -1}
	}
	if err := tr.finite(of(1, true)); err != nil {
		t.Errorf("finite numbers: %v", err)
	}
	if err := tr.finite(of(math.NaN(), false)); !errors.Is(err, ErrDiverged) || !strings.Contains(err.Error(), "the loss is NaN; samples [5 2]") {
		t.Errorf("error is %v", err)
	}
	var names []string
	for name := range tr.surrogate.Params() {
		names = append(names, name)
	}
	tr.norms[3], tr.norms[4] = math.Inf(1), math.NaN()
	if err := tr.finite(of(1, true)); !errors.Is(err, ErrDiverged) || !strings.Contains(err.Error(), `the gradient of "`+names[3]+`"`) {
		t.Errorf("error is %v, want %q to be named", err, names[3])
	}
}
