package train

import (
	"context"
	"errors"
	"maps"
	"math"
	"path/filepath"
	"slices"
	"testing"

	"github.com/kolmogo/kolmogo/models"
	"github.com/kolmogo/kolmogo/models/pinn"
	"github.com/kolmogo/kolmogo/pde/domain"
)

// spike is u” = f in which u bends at 0.7 alone, on [0, 1].
func spike(t *testing.T, folder string, points PointsConfig, phases ...Phase) PINNSetup {
	t.Helper()
	s := oscillator(t, folder, phases...)
	points.Resample, points.Candidates, points.Validation = 2, 200, 100
	s.Config.Points = points
	s.Problem = pinn.Problem{
		Coordinates: []string{"x"},
		Domain:      pinn.Geometry{Box: [][]pinn.Number{{0, 1}}},
		Define:      map[string]string{"bend": "exp(-1000(x - 0.7)^2)"},
		Equations:   []string{"u_xx = bend"},
		Ansatz:      pinn.Ansatz{Factor: map[string]string{"u": "x(1 - x)"}},
		Points:      30,
	}
	s.Network = models.Config{Width: 4, Layers: 1}
	return s
}

// TestAdaptiveResume: a run whose points follow the residuals, interrupted and continued, ends with the same bytes.
func TestAdaptiveResume(t *testing.T) {
	phases := []Phase{{Method: "adam", Steps: 24, LR: 1e-2, Points: 20}, {Method: "lm", Steps: 9}}
	for name, points := range map[string]PointsConfig{
		"adversarial": {Adaptive: "adversarial", Adversarial: AdversarialConfig{Samples: 100, Steps: 5, Components: 3}},
		"rar_d":       {Adaptive: "rar_d", Added: 4},
	} {
		whole := spike(t, t.TempDir(), points, phases...)
		if _, err := solve(t, t.Context(), whole); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		want := files(t, whole.Folder.Path)
		for _, cut := range []int{7, 20, 28} {
			folder := t.TempDir()
			s := spike(t, folder, points, phases...)
			ctx, cancel := context.WithCancel(t.Context())
			s.Observe = func(p Progress) {
				if p.Step == cut {
					cancel()
				}
			}
			if _, err := solve(t, ctx, s); !errors.Is(err, context.Canceled) {
				t.Fatalf("%s: cut at %d: error is %v", name, cut, err)
			}
			if _, err := solve(t, t.Context(), spike(t, folder, points, phases...)); err != nil {
				t.Fatal(err)
			}
			for part, b := range files(t, folder) {
				if !slices.Equal(b, want[part]) {
					t.Errorf("%s: cut at %d: %s differs", name, cut, part)
				}
			}
		}
	}
}

// near counts coordinates within 0.1 of the bend.
func near(x []float64) (n int) {
	for _, v := range x {
		if math.Abs(v-0.7) < 0.1 {
			n++
		}
	}
	return n
}

// TestRefinement: each draw adds points and takes none away, most of them where the residual is large, until the set has doubled; an evenly drawn
// set would have a fifth of them there.
func TestRefinement(t *testing.T) {
	s := spike(t, t.TempDir(), PointsConfig{Adaptive: "rar_d", Added: 8}, Phase{Method: "lm", Steps: 1}, Phase{Method: "lm", Steps: 14})
	var p *PINN
	var before []float64
	added := 0
	s.Observe = func(Progress) {
		if p.state.Epoch != 1 || p.state.PhaseStep == 0 {
			return
		}
		now := p.feeds["points.domain"]
		if len(before) > 0 {
			if !slices.Equal(now[:len(before)], before) {
				t.Fatal("a point has left the set")
			}
			more := now[len(before):]
			if len(more) != 0 && len(more) != 8 && len(now) != 60 {
				t.Fatalf("%d points added to %d", len(more), len(before))
			}
			added += len(more)
		}
		before = slices.Clone(now)
	}
	p, err := NewPINN(s)
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	if len(before) != 60 || added != 30 {
		t.Errorf("%d points in the end, %d of them added: want 60 and 30", len(before), added)
	}
	if n := near(before[30:]); n < 20 {
		t.Errorf("%d of 30 added points lie where the residual is", n)
	}
}

// TestAdversary: against a solution that stays zero the density gathers where the residual is, the less the larger beta is, and a residual that is the same
// everywhere leaves it even.
func TestAdversary(t *testing.T) {
	gathered := func(equation string, beta float64) int {
		s := spike(t, t.TempDir(), PointsConfig{Adaptive: "adversarial", Adversarial: AdversarialConfig{Samples: 400, Beta: beta, Steps: 150, Share: 1, Power: 2}}, Phase{Method: "lm", Steps: 1})
		s.Problem.Equations = []string{equation}
		s.Problem.Ansatz.Factor["u"] = "0"
		s.Config.Points.Candidates = 1000
		p, err := NewPINN(s)
		if err != nil {
			t.Fatal(err)
		}
		if p.log, err = p.Folder.openLog(); err != nil {
			t.Fatal(err)
		}
		defer p.log.Close()
		if err := p.start(); err != nil {
			t.Fatal(err)
		}
		points, err := p.contested(p.model.Sets[0], 500, pinn.Draw{Sampling: domain.Uniform})
		if err != nil {
			t.Fatal(err)
		}
		if len(points) != 500 {
			t.Fatalf("%d points", len(points))
		}
		return near(points)
	}
	sharp, soft, even := gathered("u_xx + bend", 1e-6), gathered("u_xx + bend", 1), gathered("u_xx + 1", 1e-4)
	if !(sharp > 400 && soft < 200 && soft < sharp && even > 70 && even < 130) {
		t.Errorf("of 500 points, 100 if drawn evenly, near the residual are %d, with a large beta %d, with an even residual %d", sharp, soft, even)
	}
}

// TestUnknownAdaptation: a misspelt kind, and numbers without sense, are refused by name.
func TestUnknownAdaptation(t *testing.T) {
	for _, c := range []PointsConfig{{Adaptive: "rard"}, {Adversarial: AdversarialConfig{Share: 2}}, {Added: -1}} {
		s := spike(t, filepath.Join(t.TempDir(), "run"), c)
		if _, err := NewPINN(s); !errors.Is(err, ErrConfig) {
			t.Errorf("%+v: %v", c, err)
		}
	}
}

// TestAdversaryBeginsAnew: after a restart the density is that of the beginning.
func TestAdversaryBeginsAnew(t *testing.T) {
	s := spike(t, t.TempDir(), PointsConfig{Adaptive: "adversarial", Adversarial: AdversarialConfig{Samples: 100, Steps: 5}}, Phase{Method: "adam", Steps: 4})
	p, err := solve(t, t.Context(), s)
	if err != nil {
		t.Fatal(err)
	}
	if p.log, err = p.Folder.openLog(); err != nil {
		t.Fatal(err)
	}
	defer p.log.Close()
	want := slices.Clone(maps.Collect(p.adversary.flow.Params())["flow.0"].Data)
	trained, err := p.store.Get("param.flow.0")
	if err != nil {
		t.Fatal(err)
	}
	if err := p.restart(); err != nil {
		t.Fatal(err)
	}
	fresh, err := p.store.Get("param.flow.0")
	if err != nil {
		t.Fatal(err)
	}
	if slices.Equal(trained, want) || !slices.Equal(fresh, want) || p.state.Ascents != 0 {
		t.Errorf("at first %v, trained %v, after a restart %v, %d ascents", want, trained, fresh, p.state.Ascents)
	}
}
