package pinn_test

import (
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"

	"github.com/kolmogo/kolmogo/configs"
	"github.com/kolmogo/kolmogo/models"
	"github.com/kolmogo/kolmogo/models/pinn"
	"github.com/kolmogo/kolmogo/op"
)

// experiment is what these tests read of a configuration.
type experiment struct {
	Problem pinn.Problem
	Model   models.Config
}

func shipped(t testing.TB, name string) experiment {
	t.Helper()
	text, err := configs.Experiments.Read(name)
	if err != nil {
		t.Fatal(err)
	}
	var e experiment
	if err := yaml.Unmarshal(text, &e); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return e
}

func problems() []string {
	return slices.DeleteFunc(configs.Experiments.Names(), func(n string) bool { return !strings.HasPrefix(n, "pinn_") })
}

func source() *rand.Rand { return rand.New(rand.NewPCG(3, 4)) }

// rows builds all residuals of a model at n points of each set, and the values of their inputs.
func rows(t *testing.T, m *pinn.Model, n int) ([]pinn.Row, map[string][]float64) {
	t.Helper()
	g := op.NewGraph()
	feed := map[string][]float64{}
	var list []pinn.Row
	for _, set := range m.Sets {
		r, err := m.Rows(g, op.Float64, set, n)
		if err != nil {
			t.Fatalf("%s: %v", set.Name, err)
		}
		drawn, err := m.Draw(set, n, pinn.Draw{}, source())
		if err != nil {
			t.Fatalf("%s: %v", set.Name, err)
		}
		maps.Copy(feed, drawn)
		if set.HandsOver() {
			feed["targets."+set.Name] = make([]float64, n*len(r))
		}
		list = append(list, r...)
	}
	for name, p := range m.Params() {
		feed["param."+name] = p.Data
	}
	return list, feed
}

func values(list []pinn.Row) []op.Value {
	v := make([]op.Value, len(list))
	for i := range list {
		v[i] = list[i].Value
	}
	return v
}

// TestExactSolutionsSolve: with the reference's formula in place of the network every residual of every shipped problem that has one
// vanishes, up to rounding of its terms: equations, conditions, parameters and formulas belong together.
func TestExactSolutionsSolve(t *testing.T) {
	checked := 0
	for _, name := range problems() {
		e := shipped(t, name)
		p := e.Problem
		if len(p.Reference.Formula) == 0 || len(p.Reference.Quantities) > 0 || p.Reference.Solver != "" {
			continue
		}
		checked++
		p.Windows = pinn.Windows{}
		for name, c := range p.Trained {
			c.Start = p.Reference.Parameters[name]
			p.Trained[name] = c
		}
		unsolved, err := pinn.New(p, e.Model, source())
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		p.Ansatz = pinn.Ansatz{Lift: p.Reference.Formula, Factor: map[string]string{}, Inputs: p.Coordinates}
		for u := range p.Reference.Formula {
			p.Ansatz.Factor[u] = "0"
		}
		m, err := pinn.New(p, e.Model, source())
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		list, feed := rows(t, m, 20)
		other, otherFeed := rows(t, unsolved, 20)
		got, scale := evaluate(t, feed, values(list)...), evaluate(t, otherFeed, values(other)...)
		for i, r := range list {
			size := 1.0
			for _, v := range scale[i] {
				size = math.Max(size, math.Abs(v))
			}
			for _, v := range got[i] {
				if !(math.Abs(v) <= 1e-9*size) {
					t.Errorf("%s: %s: residual %v of the exact solution", name, r.Name, v)
					break
				}
			}
		}
	}
	if checked < 10 {
		t.Errorf("only %d problems have a formula", checked)
	}
}

// TestShippedProblems: every shipped problem builds, its residuals are finite and depend on the network's parameters.
func TestShippedProblems(t *testing.T) {
	for _, name := range problems() {
		e := shipped(t, name)
		m, err := pinn.New(e.Problem, e.Model, source())
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if name == "pinn_cylinder_inverse" { // observations are in a file
			m.SetReference(func(x []float64) ([]float64, error) { return make([]float64, len(x)/3*2), nil })
		}
		for _, window := range m.Windows() {
			list, feed := rows(t, window, 4)
			for i, v := range evaluate(t, feed, values(list)...) {
				for _, x := range v {
					if math.IsNaN(x) || math.IsInf(x, 0) {
						t.Errorf("%s: %s: residual %v", name, list[i].Name, x)
					}
				}
			}
		}
		grid, err := m.Grid()
		if err != nil || len(grid) == 0 {
			t.Errorf("%s: %d points to judge on: %v", name, len(grid), err)
		}
	}
}

// TestAnsatzIsExact: hard boundary values, parity and periods hold for any network.
func TestAnsatzIsExact(t *testing.T) {
	p := pinn.Problem{
		Coordinates: []string{"x", "y", "t"},
		Domain:      pinn.Geometry{Box: [][]pinn.Number{{-1, 1}, {-2, 3}}, Time: []pinn.Number{0, 2}},
		Equations:   []string{"u_t = u_xx + u_yy"},
		Ansatz: pinn.Ansatz{
			Lift:     map[string]string{"u": "x^3 t"},
			Factor:   map[string]string{"u": "t(1 - x^2)"},
			Parity:   map[string]string{"x": "odd"},
			Periodic: map[string]int{"y": 2},
		},
	}
	m, err := pinn.New(p, models.Config{Width: 6, Layers: 2}, source())
	if err != nil {
		t.Fatal(err)
	}
	points := []float64{
		1, 0.5, 0.7, // boundary: x³ t
		0.3, 0.5, 0, // start: 0
		0.4, 0.6, 1.1, -0.4, 0.6, 1.1, // odd
		0.4, -2, 1.1, 0.4, 3, 1.1, // the same point of a period
	}
	g := op.NewGraph()
	u, err := m.Solution(g, op.Float64, 0, len(points)/3)
	if err != nil {
		t.Fatal(err)
	}
	feed := map[string][]float64{"points": points}
	for name, p := range m.Params() {
		feed["param."+name] = p.Data
	}
	v := evaluate(t, feed, u)[0]
	for what, d := range map[string]float64{"boundary": v[0] - 0.7, "start": v[1], "odd": v[2] + v[3], "period": v[4] - v[5]} {
		if !(math.Abs(d) <= 1e-14) {
			t.Errorf("%s: off by %v (values %v)", what, d, v)
		}
	}
	if math.Abs(v[2]) < 1e-3 {
		t.Errorf("the network does not count: %v", v)
	}
}

// TestIllPosed: what has no or no unique solution, or cannot be read, is refused with a message that says where.
func TestIllPosed(t *testing.T) {
	heat := func(change func(p *pinn.Problem)) pinn.Problem {
		p := pinn.Problem{
			Coordinates: []string{"x", "t"},
			Domain:      pinn.Geometry{Box: [][]pinn.Number{{0, 1}}, Time: []pinn.Number{0, 1}},
			Equations:   []string{"u_t = u_xx"},
			Conditions:  []pinn.Condition{{On: "t = 0", Equation: "u = sin(pi x)"}, {Equation: "u = 0"}},
		}
		change(&p)
		return p
	}
	if _, err := pinn.New(heat(func(*pinn.Problem) {}), models.Config{}, source()); err != nil {
		t.Fatal(err)
	}
	for want, change := range map[string]func(p *pinn.Problem){
		"needs 1 initial conditions, here are 0": func(p *pinn.Problem) { p.Conditions = p.Conditions[1:] },
		"needs 2 initial conditions, here are 1": func(p *pinn.Problem) { p.Equations = []string{"u_tt = u_xx"} },
		"nothing fixes u at the ends of x":       func(p *pinn.Problem) { p.Conditions = p.Conditions[:1] },
		"unknown name \"w\"":                     func(p *pinn.Problem) { p.Equations = []string{"u_t = w*u_xx"} },
		"a derivative of order 5":                func(p *pinn.Problem) { p.Equations = []string{"u_t = u_xxxxx"} },
		"the domain's boundary has no such part": func(p *pinn.Problem) { p.Conditions[1].On = "x = 2" },
		"is a coordinate and an unknown":         func(p *pinn.Problem) { p.Unknowns = []string{"x"} },
		"the unknown v is in no equation":        func(p *pinn.Problem) { p.Unknowns = []string{"u", "v"} },
		"F is a hidden term: it has no derivatives": func(p *pinn.Problem) {
			p.Hidden = map[string]pinn.Hidden{"F": {Inputs: []string{"u"}}}
			p.Equations = []string{"u_t = u_xx + F_x"}
		},
		"hidden.F has no inputs": func(p *pinn.Problem) { p.Hidden = map[string]pinn.Hidden{"F": {}} },
		"no equations":           func(p *pinn.Problem) { p.Equations = nil },
		"parity is about 0":      func(p *pinn.Problem) { p.Ansatz.Parity = map[string]string{"x": "odd"} },
		"repeats in x already": func(p *pinn.Problem) {
			p.Ansatz.Periodic = map[string]int{"x": 2}
			p.Conditions[1] = pinn.Condition{Periodic: "x"}
		},
		"1 coordinates":           func(p *pinn.Problem) { p.Coordinates = []string{"x"} },
		"domain: want one of box": func(p *pinn.Problem) { p.Domain.Disc = []pinn.Number{0, 0, 1} },
	} {
		_, err := pinn.New(heat(change), models.Config{}, source())
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("want an error with %q, got %v", want, err)
		}
	}
}

// TestUnknownKeys: a misspelt key inside a list is an error.
func TestUnknownKeys(t *testing.T) {
	for _, text := range []string{"conditions: [{on: boundary, equaton: u = 0}]", "trained: {nu: {begin: 1}}", "domain: {without: [{disk: [0, 0, 1]}]}"} {
		var p pinn.Problem
		if err := yaml.Unmarshal([]byte(text), &p); err == nil || !strings.Contains(err.Error(), "unknown key") {
			t.Errorf("%s: %v", text, err)
		}
	}
	var p pinn.Problem
	if err := yaml.Unmarshal([]byte("parameters: {nu: 0.01/pi, k: 2^3, m: -1e-3}"), &p); err != nil || !(math.Abs(float64(p.Parameters["nu"])-0.01/math.Pi) <= 1e-17) || p.Parameters["k"] != 8 || p.Parameters["m"] != -1e-3 {
		t.Errorf("%v: %v", p.Parameters, err)
	}
}

// TestNetworks: every kind, with every option, has parameters of different names, all of which the output depends on, and derivatives that are
// those of its values.
func TestNetworks(t *testing.T) {
	for name, c := range map[string]models.Config{
		"mlp":                 {},
		"adaptive":            {Adaptive: true, Activation: "sin"},
		"factorised":          {Factorised: true, Activation: "gelu"},
		"features":            {Features: 5, FeatureScale: 0.5},
		"branches":            {Branches: true, Activation: "silu"},
		"modified":            {Kind: "modified_mlp", Adaptive: true},
		"modified factorised": {Kind: "modified_mlp", Factorised: true, Features: 3},
		"pirate":              {Kind: "pirate", Width: 8, Layers: 2, FeatureScale: 0.5},
	} {
		if c.Width == 0 {
			c.Width = 7
		}
		c.Layers = 2
		net, err := pinn.NewNetwork(c, 2, 2, source())
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		const h = 1e-3
		shifts := []float64{0, -2 * h, -h, h, 2 * h}
		var points []float64
		for _, s := range shifts {
			points = append(points, 0.3+s, -0.2)
		}
		feed := map[string][]float64{"points": points}
		for n, p := range net.Params() {
			if feed["param."+n] != nil {
				t.Errorf("%s: two parameters are named %s", name, n)
			}
			if strings.HasSuffix(n, "alpha") {
				p.Data[0] = 0.4 // at 0 the blocks' layers do not count
			}
			feed["param."+n] = p.Data
		}
		plan, err := models.NewJetPlan(2, nil, []models.Derivative{models.Partial(0), models.Partial(0, 0)}, nil)
		if err != nil {
			t.Fatal(err)
		}
		g := op.NewGraph()
		u := net.ApplyJet(plan.Coordinates(g.Input("points", op.Float64, op.Of(len(shifts), 2))))
		var params []op.Value
		for _, p := range net.Params() {
			params = append(params, p.In(g, op.Float64))
		}
		second := u.At(models.Partial(0, 0))
		outputs := append([]op.Value{u.Value(), u.At(models.Partial(0)), second}, op.Gradients(op.SumAll(op.Add(op.Mul(second, second), op.Mul(u.Value(), u.Value()))), params...)...)
		v := evaluate(t, feed, outputs...)
		for k := range 2 {
			at := func(d, i int) float64 { return v[d][2*i+k] }
			for d := range 2 {
				slope := (at(d, 1) - 8*at(d, 2) + 8*at(d, 3) - at(d, 4)) / (12 * h)
				if !(math.Abs(at(d+1, 0)-slope) <= 1e-8*(1+math.Abs(slope))) {
					t.Errorf("%s: derivative %d of output %d is %v, the values' slope %v", name, d+1, k, at(d+1, 0), slope)
				}
			}
		}
		for i, gradient := range v[3:] {
			if slices.Max(gradient) == 0 && slices.Min(gradient) == 0 {
				leaf, _ := params[i].Leaf()
				t.Errorf("%s: the output does not depend on %s", name, leaf.Name)
			}
		}
	}
	for _, c := range []models.Config{{Kind: "mpl"}, {Activation: "relu"}, {Modes: models.Modes{3}}, {Width: -1}, {Kind: "pirate", Width: 9}} {
		if _, err := pinn.NewNetwork(c, 2, 1, source()); err == nil {
			t.Errorf("%+v is no network of a problem", c)
		}
	}
}
