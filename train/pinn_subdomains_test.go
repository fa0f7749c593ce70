package train

import (
	"math"
	"path/filepath"
	"testing"

	"github.com/kolmogo/kolmogo/models"
	"github.com/kolmogo/kolmogo/models/pinn"
)

// rod is u_xx = -sin x on [0, 3], whose solution is sin x, by two networks that meet at 1.
func rod(t *testing.T, folder string, couplings []string, phases ...Phase) PINNSetup {
	t.Helper()
	s := oscillator(t, folder, phases...)
	s.Problem = pinn.Problem{
		Coordinates: []string{"x"},
		Domain:      pinn.Geometry{Box: [][]pinn.Number{{0, 3}}},
		Equations:   []string{"u_xx = -sin(x)"},
		Conditions:  []pinn.Condition{{Equation: "u = sin(x)", Weight: 10}},
		Subdomains:  pinn.Subdomains{Cuts: map[string][]pinn.Number{"x": {1}}, Points: 1},
		Points:      40,
		Reference:   pinn.Reference{Formula: map[string]string{"u": "sin(x)"}, Grid: []int{31}},
	}
	for _, kind := range couplings {
		s.Problem.Subdomains.Interface = append(s.Problem.Subdomains.Interface, pinn.Coupling{Kind: kind, Weight: 10})
	}
	s.Network = models.Config{Width: 8, Layers: 1}
	return s
}

// TestSubdomainsSolve: two networks that continue each other in value and slope are the solution, with every kind of optimizer; one that
// nothing joins is not.
func TestSubdomainsSolve(t *testing.T) {
	for _, c := range []struct {
		couplings []string
		phases    []Phase
		solved    bool
		bound     float64
	}{
		{[]string{"value", "normal"}, []Phase{{Method: "lm", Steps: 60}}, true, 1e-4},
		{[]string{"value", "normal"}, []Phase{{Method: "adam", Steps: 1500, LR: 1e-2}, {Method: "lbfgs", Steps: 300}}, true, 1e-2},
		{[]string{"second_normal"}, []Phase{{Method: "lm", Steps: 60}}, false, 1e-2},
	} {
		s := rod(t, t.TempDir(), c.couplings, c.phases...)
		if _, err := solve(t, t.Context(), s); err != nil {
			t.Fatal(err)
		}
		solution, err := OpenSolution(filepath.Join(s.Folder.Path, BestFile), s.Problem, s.Network, s.Backend)
		if err != nil {
			t.Fatal(err)
		}
		x := []float64{0.2, 0.9, 1, 1 + 1e-9, 1.5, 2.8}
		u, err := solution.At(x)
		if err != nil {
			t.Fatal(err)
		}
		worst := math.Abs(u[3] - u[2])
		for i, v := range x {
			worst = math.Max(worst, math.Abs(u[i]-math.Sin(v)))
		}
		if (worst <= c.bound) != c.solved {
			t.Errorf("%v with %v: error %v", c.couplings, c.phases[0].Method, worst)
		}
	}
}
