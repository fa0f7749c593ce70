package pinn_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/kolmogo/kolmogo/models"
	"github.com/kolmogo/kolmogo/models/pinn"
)

// TestEvolution: between the nodes and at times in any order the reference of a periodic equation is its solution: without growth that of
// the heat equation, with it, of a constant, that of the logistic law u² / (1 − u²) ∝ exp(2ct).
func TestEvolution(t *testing.T) {
	reference := func(formula string, epsilon, growth float64) func(x, t float64) float64 {
		m, err := pinn.New(pinn.Problem{
			Coordinates: []string{"x", "t"},
			Domain:      pinn.Geometry{Box: [][]pinn.Number{{-1, 1}}, Time: []pinn.Number{0, 1}},
			Equations:   []string{"u_t = u_xx"},
			Ansatz:      pinn.Ansatz{Factor: map[string]string{"u": "t"}, Periodic: map[string]int{"x": 1}},
			Reference: pinn.Reference{Solver: "allen_cahn", Formula: map[string]string{"u": formula},
				Parameters: map[string]pinn.Number{"epsilon": pinn.Number(epsilon), "growth": pinn.Number(growth)}},
		}, models.Config{}, rand.New(rand.NewPCG(1, 1)))
		if err != nil {
			t.Fatal(err)
		}
		return func(x, at float64) float64 {
			u, err := m.Exact([]float64{x, at, x, 0})
			if err != nil {
				t.Fatal(err)
			}
			return u[0]
		}
	}
	heat := reference("sin(pi x) + cos(3pi x)", 0.05, 0)
	logistic := reference("0.1 + 0x", 0.05, 3)
	for _, p := range [][2]float64{{0.123, 0.0317}, {-0.77, 0.01}, {1, 0.005}} {
		x, at := p[0], p[1]
		decay := func(k float64) float64 { return math.Exp(-0.05 * k * k * math.Pi * math.Pi * at) }
		want := decay(1)*math.Sin(math.Pi*x) + decay(3)*math.Cos(3*math.Pi*x)
		if got := heat(x, at); !(math.Abs(got-want) <= 1e-12) {
			t.Errorf("heat at %v: %v, want %v", p, got, want)
		}
		odds := 0.01 / 0.99 * math.Exp(6*at)
		if got, want := logistic(x, at), math.Sqrt(odds/(1+odds)); !(math.Abs(got-want) <= 1e-11) {
			t.Errorf("logistic at %v: %v, want %v", p, got, want)
		}
	}
}

// TestEvolvingEquations: a soliton of the Korteweg–de Vries equation keeps its form, and Fisher's law of a constant is the logistic one.
func TestEvolvingEquations(t *testing.T) {
	value := func(length pinn.Number, solver, formula string, parameters map[string]pinn.Number, x, at float64) float64 {
		m, err := pinn.New(pinn.Problem{
			Coordinates: []string{"x", "t"},
			Domain:      pinn.Geometry{Box: [][]pinn.Number{{-length, length}}, Time: []pinn.Number{0, 1}},
			Equations:   []string{"u_t = u_xx"},
			Ansatz:      pinn.Ansatz{Factor: map[string]string{"u": "t"}, Periodic: map[string]int{"x": 1}},
			Reference:   pinn.Reference{Solver: solver, Formula: map[string]string{"u": formula}, Parameters: parameters},
		}, models.Config{}, rand.New(rand.NewPCG(1, 1)))
		if err != nil {
			t.Fatal(err)
		}
		u, err := m.Exact([]float64{x, at})
		if err != nil {
			t.Fatal(err)
		}
		return u[0]
	}
	const x, at = 0.7, 0.02
	soliton := value(30, "korteweg_de_vries", "0.5sech(x/2)^2", map[string]pinn.Number{"eta": 6, "mu": 1}, x, at)
	if want := 0.5 / math.Pow(math.Cosh((x-at)/2), 2); !(math.Abs(soliton-want) <= 1e-9) {
		t.Errorf("the soliton is %v, want %v", soliton, want)
	}
	logistic := value(1, "fisher", "0.2 + 0x", map[string]pinn.Number{"nu": 2, "rho": 5}, x, at)
	if want := 0.2 / (0.2 + 0.8*math.Exp(-5*at)); !(math.Abs(logistic-want) <= 1e-11) {
		t.Errorf("the constant is %v, want %v", logistic, want)
	}
}
