package train

import (
	"context"
	"errors"
	"maps"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/kolmogo/kolmogo/engine/cpu"
	"github.com/kolmogo/kolmogo/models"
	"github.com/kolmogo/kolmogo/models/pinn"
	"github.com/kolmogo/kolmogo/op"
)

// oscillator is u” + u = 0 with u(0) = 0, u'(0) = 1 on [0, 2], whose solution is sin t.
func oscillator(t *testing.T, folder string, phases ...Phase) PINNSetup {
	t.Helper()
	b, err := cpu.New(cpu.Config{Threads: 1})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(b.Close)
	f, err := OpenFolder(folder, map[string]any{}, true)
	if err != nil {
		t.Fatal(err)
	}
	return PINNSetup{
		Config: Config{Phases: phases, LogEvery: 1, Points: PointsConfig{Resample: 4, Candidates: 200, Validation: 100}},
		Problem: pinn.Problem{
			Coordinates: []string{"t"},
			Domain:      pinn.Geometry{Box: [][]pinn.Number{{0, 2}}},
			Equations:   []string{"u_tt + u"},
			Ansatz:      pinn.Ansatz{Lift: map[string]string{"u": "t"}, Factor: map[string]string{"u": "t^2"}},
			Points:      30,
			Reference:   pinn.Reference{Formula: map[string]string{"u": "sin(t)"}},
		},
		Network:   models.Config{Width: 8, Layers: 2},
		Precision: op.Float64,
		Backend:   b,
		Folder:    f,
	}
}

func solve(t *testing.T, ctx context.Context, s PINNSetup) (*PINN, error) {
	t.Helper()
	p, err := NewPINN(s)
	if err != nil {
		t.Fatal(err)
	}
	return p, p.Run(ctx)
}

// TestPINNSolves: the kept weights are the solution, which the log has followed.
func TestPINNSolves(t *testing.T) {
	s := oscillator(t, t.TempDir(), Phase{Method: "adam", Steps: 50, LR: 1e-2}, Phase{Method: "lm", Steps: 60})
	if _, err := solve(t, t.Context(), s); err != nil {
		t.Fatal(err)
	}
	solution, err := OpenSolution(filepath.Join(s.Folder.Path, BestFile), s.Problem, s.Network, s.Backend)
	if err != nil {
		t.Fatal(err)
	}
	x := []float64{0.1, 0.7, 1.3, 2}
	u, err := solution.At(x)
	if err != nil {
		t.Fatal(err)
	}
	for i, v := range x {
		if !(math.Abs(u[i]-math.Sin(v)) <= 1e-6) {
			t.Errorf("u(%v) = %v, want %v", v, u[i], math.Sin(v))
		}
	}
}

// TestPINNResume: a run that is interrupted after any of its steps and continued ends with the same bytes, in every phase.
func TestPINNResume(t *testing.T) {
	phases := []Phase{{Method: "adam", Steps: 5, LR: 1e-2, Points: 20}, {Method: "ssbroyden", Steps: 6}, {Method: "lm", Steps: 7}, {Method: "lbfgs", Steps: 5}}
	whole := oscillator(t, t.TempDir(), phases...)
	if _, err := solve(t, t.Context(), whole); err != nil {
		t.Fatal(err)
	}
	want := files(t, whole.Folder.Path)
	for _, cut := range []int{3, 8, 14, 20} {
		folder := t.TempDir()
		s := oscillator(t, folder, phases...)
		ctx, cancel := context.WithCancel(t.Context())
		s.Observe = func(p Progress) {
			if p.Step == cut {
				cancel()
			}
		}
		if _, err := solve(t, ctx, s); !errors.Is(err, context.Canceled) {
			t.Fatalf("cut at %d: error is %v", cut, err)
		}
		if _, err := solve(t, t.Context(), oscillator(t, folder, phases...)); err != nil {
			t.Fatal(err)
		}
		for name, b := range files(t, folder) {
			if !slices.Equal(b, want[name]) {
				t.Errorf("cut at %d: %s differs", cut, name)
			}
		}
	}
}

// files are the bytes of a run's files.
func files(t *testing.T, folder string) map[string][]byte {
	t.Helper()
	all := map[string][]byte{}
	for _, name := range []string{LogFile, LastFile, BestFile} {
		b, err := os.ReadFile(filepath.Join(folder, name))
		if err != nil {
			t.Fatal(err)
		}
		all[name] = b
		if name == LogFile {
			continue
		}
		parts, err := parseParts(b)
		if err != nil {
			t.Fatal(err)
		}
		delete(all, name)
		for _, part := range slices.Sorted(maps.Keys(parts)) {
			if part != "state" { // which holds the time
				all[name+" "+part] = parts[part]
			}
		}
	}
	return all
}

// TestPINNPhasesOfPoints: phases of one method at different numbers of points follow one another.
func TestPINNPhasesOfPoints(t *testing.T) {
	for _, method := range []string{"lm", "gauss_newton"} {
		s := oscillator(t, t.TempDir(), Phase{Method: method, Steps: 3, Points: 20}, Phase{Method: method, Steps: 3, Points: 60}, Phase{Method: method, Steps: 3})
		if _, err := solve(t, t.Context(), s); err != nil {
			t.Errorf("%s: %v", method, err)
		}
	}
}

// TestPINNKeepsTheBest: weights are kept by the loss at fixed points.
func TestPINNKeepsTheBest(t *testing.T) {
	s := oscillator(t, t.TempDir(), Phase{Method: "adam", Steps: 200, LR: 0.3})
	s.Config.Points.Resample = 1
	p, err := solve(t, t.Context(), s)
	if err != nil {
		t.Fatal(err)
	}
	last, err := p.store.Get("param.layers.0.weight")
	if err != nil {
		t.Fatal(err)
	}
	parts, err := readParts(filepath.Join(s.Folder.Path, BestFile))
	if err != nil {
		t.Fatal(err)
	}
	if err := p.store.WriteBytes("param.layers.0.weight", parts["var/param.layers.0.weight"]); err != nil {
		t.Fatal(err)
	}
	best, err := p.store.Get("param.layers.0.weight")
	if err != nil {
		t.Fatal(err)
	}
	if slices.Equal(last, best) {
		t.Error("at a rate that jumps about the last weights are the best ones")
	}
}

// TestWeighted: points are drawn without replacement, those with large weights more often.
func TestWeighted(t *testing.T) {
	weights := slices.Repeat([]float64{1}, 1000)
	for i := range 100 {
		weights[i] = 11
	}
	rnd := rand.New(rand.NewPCG(1, 1))
	large := 0
	for range 100 {
		drawn := weighted(weights, 100, rnd)
		if seen := slices.Compact(slices.Sorted(slices.Values(drawn))); len(seen) != 100 {
			t.Fatalf("%d different of 100", len(seen))
		}
		for _, i := range drawn {
			if i < 100 {
				large++
			}
		}
	}
	// weights 11 and 1 for 100 and 900: somewhat less than 1100/2000 of the draws, since none is drawn twice
	if !(large > 3800 && large < 5500) {
		t.Errorf("%d of 10000 draws have large weights", large)
	}
}

// TestPINNDiverges: a loss that is not finite ends the run with the last good checkpoint kept.
func TestPINNDiverges(t *testing.T) {
	s := oscillator(t, t.TempDir(), Phase{Method: "sgd", Steps: 400, LR: 1e6})
	if _, err := solve(t, t.Context(), s); !errors.Is(err, ErrDiverged) {
		t.Errorf("error is %v", err)
	}
	if _, err := OpenSolution(filepath.Join(s.Folder.Path, LastFile), s.Problem, s.Network, s.Backend); err != nil {
		t.Error(err)
	}
}
