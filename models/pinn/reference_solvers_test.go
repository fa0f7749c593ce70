package pinn_test

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/kolmogo/kolmogo/models"
	"github.com/kolmogo/kolmogo/models/pinn"
)

// solved is the reference solution of a problem of which nothing else matters.
func solved(t *testing.T, coordinates, unknowns []string, box [][]pinn.Number, end pinn.Number, r pinn.Reference) func(x ...float64) []float64 {
	t.Helper()
	p := pinn.Problem{Coordinates: coordinates, Unknowns: unknowns, Domain: pinn.Geometry{Box: box}, Reference: r}
	for _, u := range unknowns {
		p.Equations, p.Conditions = append(p.Equations, u+"_xx = 0"), append(p.Conditions, pinn.Condition{Equation: u + " = 0"})
	}
	if end > 0 {
		p.Domain.Time = []pinn.Number{0, end}
	}
	m, err := pinn.New(p, models.Config{}, rand.New(rand.NewPCG(1, 1)))
	if err != nil {
		t.Fatal(err)
	}
	return func(x ...float64) []float64 {
		u, err := m.Exact(x)
		if err != nil {
			t.Fatal(err)
		}
		return u
	}
}

// TestWalls: between walls without flux a constant follows the logistic law, and cos(kx) around 0 grows as the linear equation says; a front between
// fixed values is at rest.
func TestWalls(t *testing.T) {
	line := [][]pinn.Number{{-1, 1}}
	xt := []string{"x", "t"}
	logistic := solved(t, xt, []string{"u"}, line, 1, pinn.Reference{Solver: "fisher", Walls: "no_flux", Formula: map[string]string{"u": "0.2 + 0x"},
		Parameters: map[string]pinn.Number{"nu": 0.1, "rho": 5}})
	if got, want := logistic(1, 0.3)[0], 0.2/(0.2+0.8*math.Exp(-1.5)); !(math.Abs(got-want) <= 1e-9) {
		t.Errorf("the constant is %v, want %v", got, want)
	}
	small := solved(t, xt, []string{"u"}, line, 1, pinn.Reference{Solver: "allen_cahn", Walls: "no_flux", Formula: map[string]string{"u": "1e-6cos(2pi x)"},
		Parameters: map[string]pinn.Number{"epsilon": 0.01, "growth": 2}})
	for _, x := range []float64{-1, 0.1234} {
		if got, want := small(x, 0.5)[0], 1e-6*math.Exp(1-0.02*math.Pi*math.Pi)*math.Cos(2*math.Pi*x); !(math.Abs(got-want) <= 1e-9) {
			t.Errorf("the wave at %v is %v, want %v", x, got, want)
		}
	}
	front := solved(t, xt, []string{"u"}, line, 1, pinn.Reference{Solver: "allen_cahn", Walls: "fixed", Formula: map[string]string{"u": "tanh(x/0.2)"},
		Parameters: map[string]pinn.Number{"epsilon": 0.1, "growth": 5}})
	if got := front(0.05, 1, 0.05, 0.2, -1, 0.7); !(math.Abs(got[0]-math.Tanh(0.25))+math.Abs(got[1]-math.Tanh(0.25))+math.Abs(got[2]+math.Tanh(5)) <= 1e-3) {
		t.Errorf("the front is %v, want %v twice and %v", got, math.Tanh(0.25), -math.Tanh(5))
	}
}

// TestPlane: without v the first equation of Gray & Scott is linear, and without u the second: each has its exact solution, between the nodes and at
// times in any order.
func TestPlane(t *testing.T) {
	gs := func(u, v string) func(x ...float64) []float64 {
		return solved(t, []string{"x", "y", "t"}, []string{"u", "v"}, [][]pinn.Number{{-1, 1}, {0, 1}}, 2, pinn.Reference{Solver: "gray_scott",
			Formula:    map[string]string{"u": u, "v": v},
			Parameters: map[string]pinn.Number{"epsilon1": 0.01, "epsilon2": 0.02, "b": 0.3, "d": 0.4}})
	}
	decay := func(nu, rate, at float64) float64 { return math.Exp(-(nu*5*math.Pi*math.Pi + rate) * at) } // of cos(πx) cos(2πy)
	got := gs("1 + cos(pi x) cos(2pi y)", "0x")(0.123, 0.456, 0.1, 0.123, 0.456, 0.05)
	wave := math.Cos(0.123*math.Pi) * math.Cos(2*0.456*math.Pi)
	for i, at := range []float64{0.1, 0.05} {
		if want := 1 + wave*decay(0.01, 0.3, at); !(math.Abs(got[2*i]-want)+math.Abs(got[2*i+1]) <= 1e-9) {
			t.Errorf("u, v at t = %v are %v, want %v and 0", at, got[2*i:2*i+2], want)
		}
	}
}

// TestSteady: the flow in a cavity has the quantities in the order that is asked for and the lid's speed, the potential around discs its values.
func TestSteady(t *testing.T) {
	xy := []string{"x", "y"}
	flow := solved(t, xy, []string{"u", "v"}, [][]pinn.Number{{0, 1}, {0, 1}}, 0, pinn.Reference{Quantities: []string{"v", "u"}, Solver: "cavity",
		Formula: map[string]string{"u": "4x(1 - x)"}, Parameters: map[string]pinn.Number{"re": 10}})
	if got := flow(0.3, 1); !(math.Abs(got[0])+math.Abs(got[1]-0.84) <= 1e-10) {
		t.Errorf("(v, u) on the lid is %v, want 0 and 0.84", got)
	}
	p := pinn.Problem{Coordinates: xy, Equations: []string{"laplacian(u)"}, Conditions: []pinn.Condition{{Equation: "u = 0"}},
		Domain:    pinn.Geometry{Box: [][]pinn.Number{{-1, 1}, {-1, 1}}, Without: []pinn.Geometry{{Disc: []pinn.Number{0.2, 0, 0.3}}}},
		Reference: pinn.Reference{Solver: "laplace_discs", Parameters: map[string]pinn.Number{"outer": 2, "hole": 1}}}
	m, err := pinn.New(p, models.Config{}, rand.New(rand.NewPCG(1, 1)))
	if err != nil {
		t.Fatal(err)
	}
	u, err := m.Exact([]float64{0.2, 0.3, 1, 0.5})
	if err != nil || !(math.Abs(u[0]-1)+math.Abs(u[1]-2) <= 1e-6) {
		t.Errorf("on circle and wall the potential is %v, %v", u, err)
	}
	p.Reference.Walls = "fixed"
	if _, err := pinn.New(p, models.Config{}, rand.New(rand.NewPCG(1, 1))); err == nil || !strings.Contains(err.Error(), "laplace_discs") {
		t.Errorf("walls where there are none: %v", err)
	}
}

// TestJudged: the two corners of the lid, where the pressure has no bound, are not judged; a formula without values at many points is an error.
func TestJudged(t *testing.T) {
	p := pinn.Problem{Coordinates: []string{"x", "y"}, Domain: pinn.Geometry{Box: [][]pinn.Number{{0, 1}, {0, 1}}}, Equations: []string{"laplacian(u)"},
		Conditions: []pinn.Condition{{Equation: "u = 0"}}, Unknowns: []string{"u"}, Define: map[string]string{"p": "2u"},
		Reference: pinn.Reference{Quantities: []string{"p"}, Solver: "cavity", Parameters: map[string]pinn.Number{"re": 10}, Grid: []int{17, 17}}}
	judged := func() ([]float64, []float64, error) {
		m, err := pinn.New(p, models.Config{}, rand.New(rand.NewPCG(1, 1)))
		if err != nil {
			t.Fatal(err)
		}
		return m.Judged()
	}
	points, want, err := judged()
	if err != nil || len(want) != 17*17-2 || len(points) != 2*len(want) {
		t.Errorf("%d values at %d coordinates, %v", len(want), len(points), err)
	}
	for i := range want {
		if x, y := points[2*i], points[2*i+1]; y == 1 && (x == 0 || x == 1) || math.IsNaN(want[i]) {
			t.Errorf("at (%v, %v) the pressure %v is judged", x, y, want[i])
		}
	}
	p.Reference = pinn.Reference{Formula: map[string]string{"u": "sqrt(x - 1/2)"}}
	if _, _, err := judged(); err == nil || !strings.Contains(err.Error(), "formula") {
		t.Errorf("the root of negative numbers: %v", err)
	}
}
