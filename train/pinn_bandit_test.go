package train

import (
	"context"
	"errors"
	"path/filepath"
	"slices"
	"testing"

	"github.com/kolmogo/kolmogo/models/pinn"
)

// choosing is the rod with a frequency that plays draw, and couplings of which two join its parts.
func choosing(t *testing.T, folder string, plays int, perPhase bool) PINNSetup {
	t.Helper()
	s := rod(t, folder, []string{"value", "normal", "second_normal"}, Phase{Method: "adam", Steps: 5, LR: 1e-2}, Phase{Method: "lm", Steps: 12})
	s.Problem.Parameters, s.Problem.Varied = map[string]pinn.Number{"k": 1}, []string{"k"}
	s.Problem.Equations = []string{"u_xx = -k^2 sin(k*x)"}
	s.Problem.Conditions[0].Equation = "u = sin(k*x)"
	s.Problem.Reference.Formula = map[string]string{"u": "sin(k*x)"}
	s.Config.Bandit = BanditConfig{Plays: plays, Parameter: "k", Range: []float64{0.5, 1.5}, Random: 2 + plays/4, Phases: perPhase}
	return s
}

// TestBanditLearns: after some plays the couplings that join value and slope are in use, and the last training solves the problem.
func TestBanditLearns(t *testing.T) {
	s := choosing(t, t.TempDir(), 12, false)
	p, err := solve(t, t.Context(), s)
	if err != nil {
		t.Fatal(err)
	}
	plays := p.state.Bandit.Plays[0]
	if len(plays) != 12 || p.state.Step != 13*17 {
		t.Errorf("%d plays in %d steps", len(plays), p.state.Step)
	}
	solution, err := OpenSolution(filepath.Join(s.Folder.Path, BestFile), s.Problem, s.Network, s.Backend)
	if err != nil {
		t.Fatal(err)
	}
	if used := solution.Bandit.Used; len(used) != 1 || !slices.Contains(used[0], "value") || !slices.Contains(used[0], "normal") {
		t.Errorf("the couplings in use are %v", used)
	}
	u, err := solution.At([]float64{1.5})
	if err != nil {
		t.Fatal(err)
	}
	if !(u[0] > 0.99 && u[0] < 1.01) {
		t.Errorf("u(1.5) = %v, want sin 1.5", u[0])
	}
}

// TestBanditResume: a run that is interrupted in any play and continued ends with the same bytes, whether choices are for phases or plays.
func TestBanditResume(t *testing.T) {
	for perPhase, cuts := range map[bool][]int{false: {40}, true: {5, 17, 39, 60}} {
		whole := choosing(t, t.TempDir(), 3, perPhase)
		if _, err := solve(t, t.Context(), whole); err != nil {
			t.Fatal(err)
		}
		want := files(t, whole.Folder.Path)
		for _, cut := range cuts {
			folder := t.TempDir()
			s := choosing(t, folder, 3, perPhase)
			ctx, cancel := context.WithCancel(t.Context())
			s.Observe = func(p Progress) {
				if p.Step == cut {
					cancel()
				}
			}
			if _, err := solve(t, ctx, s); !errors.Is(err, context.Canceled) {
				t.Fatalf("cut at %d: error is %v", cut, err)
			}
			if _, err := solve(t, t.Context(), choosing(t, folder, 3, perPhase)); err != nil {
				t.Fatal(err)
			}
			for name, b := range files(t, folder) {
				if !slices.Equal(b, want[name]) {
					t.Errorf("phases %v, cut at %d: %s differs", perPhase, cut, name)
				}
			}
		}
	}
}

// TestBanditNeedsChoices: where nothing can be chosen or judged, the configuration is refused.
func TestBanditNeedsChoices(t *testing.T) {
	for what, change := range map[string]func(*PINNSetup){
		"no subdomains":          func(s *PINNSetup) { s.Problem.Subdomains = pinn.Subdomains{} },
		"an unknown policy":      func(s *PINNSetup) { s.Config.Bandit.Policy = "greedy" },
		"no range":               func(s *PINNSetup) { s.Config.Bandit.Range = nil },
		"a parameter that stays": func(s *PINNSetup) { s.Problem.Varied = nil },
	} {
		s := choosing(t, t.TempDir(), 3, false)
		change(&s)
		if _, err := NewPINN(s); !errors.Is(err, ErrConfig) {
			t.Errorf("%s: error is %v", what, err)
		}
	}
	s := choosing(t, t.TempDir(), 1, false)
	s.Problem.Reference = pinn.Reference{}
	if _, err := solve(t, t.Context(), s); !errors.Is(err, ErrConfig) {
		t.Errorf("no reference: error is %v", err)
	}
}
