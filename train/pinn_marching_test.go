package train

import (
	"context"
	"errors"
	"math"
	"path/filepath"
	"slices"
	"testing"

	"github.com/kolmogo/kolmogo/models"
	"github.com/kolmogo/kolmogo/models/pinn"
)

// marching is u_tt + u = 0 at all x of [0, 1] from (1 + x) cos t, whose solution is that, in windows.
func marching(t *testing.T, folder string, windows pinn.Windows, phases ...Phase) PINNSetup {
	t.Helper()
	s := oscillator(t, folder, phases...)
	s.Problem = pinn.Problem{
		Coordinates: []string{"x", "t"},
		Domain:      pinn.Geometry{Box: [][]pinn.Number{{0, 1}}, Time: []pinn.Number{0, 4}},
		Equations:   []string{"u_tt + u"},
		Conditions: []pinn.Condition{
			{On: "t = 0", Equation: "u = 1 + x", Weight: 10, Points: 20},
			{On: "initial", Equation: "u_t = 0", Weight: 10, Points: 20},
		},
		Windows:   windows,
		Points:    60,
		Reference: pinn.Reference{Formula: map[string]string{"u": "(1 + x) cos(t)"}, Grid: []int{5, 17}},
	}
	s.Network = models.Config{Width: 8, Layers: 1}
	return s
}

// TestWindowsSolve: windows, each from the end of the one before, make up the solution, which goes on where they meet in value and slope.
func TestWindowsSolve(t *testing.T) {
	for _, fresh := range []bool{false, true} {
		s := marching(t, t.TempDir(), pinn.Windows{Count: 4, Fresh: fresh}, Phase{Method: "lm", Steps: 40})
		p, err := solve(t, t.Context(), s)
		if err != nil {
			t.Fatal(err)
		}
		solution, err := OpenSolution(filepath.Join(s.Folder.Path, BestFile), s.Problem, s.Network, s.Backend)
		if err != nil {
			t.Fatal(err)
		}
		at := func(x, time float64) float64 {
			u, err := solution.At([]float64{x, time})
			if err != nil {
				t.Fatal(err)
			}
			return u[0]
		}
		for _, time := range []float64{0, 0.5, 1.2, 2.9, 4} {
			if want := 1.3 * math.Cos(time); !(math.Abs(at(0.3, time)-want) <= 1e-3) {
				t.Errorf("fresh %v: u(0.3, %v) = %v, want %v", fresh, time, at(0.3, time), want)
			}
		}
		for _, meet := range []float64{1, 2, 3} {
			if jump := at(0.5, meet+1e-9) - at(0.5, meet); !(math.Abs(jump) <= 1e-3) {
				t.Errorf("fresh %v: u jumps by %v at t = %v", fresh, jump, meet)
			}
		}
		if p.state.Window != 3 || p.state.Step != 160 {
			t.Errorf("fresh %v: ended in window %d at step %d", fresh, p.state.Window, p.state.Step)
		}
	}
}

// TestWindowsAreWeighed: what is handed over is balanced like a condition, with numbers of its own for its points, and the parts of the time
// that causal weights tell apart are those of the window.
func TestWindowsAreWeighed(t *testing.T) {
	s := marching(t, t.TempDir(), pinn.Windows{Count: 2}, Phase{Method: "lm", Steps: 40})
	s.Config.Weights = WeightsConfig{Kind: "lagrangian", Every: 10, Causal: 1, Chunks: 4}
	p, err := solve(t, t.Context(), s)
	if err != nil {
		t.Fatal(err)
	}
	counts := make([]float64, 4)
	for i, v := range p.feeds["chunks.domain"] {
		counts[i%4] += v
	}
	for k, n := range counts {
		if !(n >= 4 && n <= 26) {
			t.Errorf("%v of 60 points in part %d of the window's time", n, k)
		}
	}
	solution, err := OpenSolution(filepath.Join(s.Folder.Path, BestFile), s.Problem, s.Network, s.Backend)
	if err != nil {
		t.Fatal(err)
	}
	u, err := solution.At([]float64{0.5, 3.9})
	if err != nil {
		t.Fatal(err)
	}
	if want := 1.5 * math.Cos(3.9); !(math.Abs(u[0]-want) <= 5e-2) {
		t.Errorf("u(0.5, 3.9) = %v, want %v", u[0], want)
	}
}

// TestOneWindowIsNone: with one window everything is as without.
func TestOneWindowIsNone(t *testing.T) {
	var want map[string][]byte
	for _, windows := range []pinn.Windows{{}, {Count: 1}} {
		s := marching(t, t.TempDir(), windows, Phase{Method: "adam", Steps: 5}, Phase{Method: "lm", Steps: 5})
		if _, err := solve(t, t.Context(), s); err != nil {
			t.Fatal(err)
		}
		got := files(t, s.Folder.Path)
		for name, b := range got {
			if want != nil && !slices.Equal(b, want[name]) {
				t.Errorf("%s differs", name)
			}
		}
		want = got
	}
}

// TestWindowsResume: a run that is interrupted in any window, or where one begins, and continued ends with the same bytes.
func TestWindowsResume(t *testing.T) {
	phases := []Phase{{Method: "adam", Steps: 3, LR: 1e-2}, {Method: "ssbroyden", Steps: 3}, {Method: "lm", Steps: 4}}
	whole := marching(t, t.TempDir(), pinn.Windows{Count: 3}, phases...)
	if _, err := solve(t, t.Context(), whole); err != nil {
		t.Fatal(err)
	}
	want := files(t, whole.Folder.Path)
	for _, cut := range []int{2, 10, 11, 18, 25, 30} {
		folder := t.TempDir()
		s := marching(t, folder, pinn.Windows{Count: 3}, phases...)
		ctx, cancel := context.WithCancel(t.Context())
		s.Observe = func(p Progress) {
			if p.Step == cut {
				cancel()
			}
		}
		if _, err := solve(t, ctx, s); !errors.Is(err, context.Canceled) {
			t.Fatalf("cut at %d: error is %v", cut, err)
		}
		if _, err := solve(t, t.Context(), marching(t, folder, pinn.Windows{Count: 3}, phases...)); err != nil {
			t.Fatal(err)
		}
		for name, b := range files(t, folder) {
			if !slices.Equal(b, want[name]) {
				t.Errorf("cut at %d: %s differs", cut, name)
			}
		}
	}
}

// TestWindowsNeedTime: what cannot be cut is refused.
func TestWindowsNeedTime(t *testing.T) {
	for what, change := range map[string]func(*pinn.Problem){
		"no time":          func(p *pinn.Problem) { p.Domain = pinn.Geometry{Box: [][]pinn.Number{{0, 1}, {0, 4}}} },
		"no ∂/∂t":          func(p *pinn.Problem) { p.Equations = []string{"u_x + u"} },
		"observations":     func(p *pinn.Problem) { p.Data.Points = 10 },
		"a negative count": func(p *pinn.Problem) { p.Windows.Count = -1 },
	} {
		s := marching(t, t.TempDir(), pinn.Windows{Count: 2}, Phase{Method: "lm"})
		change(&s.Problem)
		if _, err := NewPINN(s); !errors.Is(err, ErrConfig) {
			t.Errorf("%s: error is %v", what, err)
		}
	}
}

// TestSolutionResiduals: the residuals of a solution are what the equation makes of its values, in every window.
func TestSolutionResiduals(t *testing.T) {
	s := marching(t, t.TempDir(), pinn.Windows{Count: 2}, Phase{Method: "lm", Steps: 5})
	if _, err := solve(t, t.Context(), s); err != nil {
		t.Fatal(err)
	}
	solution, err := OpenSolution(filepath.Join(s.Folder.Path, BestFile), s.Problem, s.Network, s.Backend)
	if err != nil {
		t.Fatal(err)
	}
	const h = 1e-3
	for _, time := range []float64{0.7, 3.1} {
		r, err := solution.Residuals([]float64{0.3, time})
		if err != nil {
			t.Fatal(err)
		}
		u, err := solution.At([]float64{0.3, time - h, 0.3, time, 0.3, time + h})
		if err != nil {
			t.Fatal(err)
		}
		if want := (u[0]-2*u[1]+u[2])/(h*h) + u[1]; len(r) != 1 || !(math.Abs(r[0]-want) <= 1e-4) {
			t.Errorf("at t = %v the residual is %v, by differences %v", time, r, want)
		}
	}
}
