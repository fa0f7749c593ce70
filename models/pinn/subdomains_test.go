package pinn_test

import (
	"maps"
	"math"
	"strings"
	"testing"

	"github.com/kolmogo/kolmogo/models"
	"github.com/kolmogo/kolmogo/models/pinn"
	"github.com/kolmogo/kolmogo/op"
)

// halves is Laplace's equation on a square that is cut in two, or as change says.
func halves(change func(*pinn.Problem)) pinn.Problem {
	p := pinn.Problem{
		Coordinates: []string{"x", "y"},
		Domain:      pinn.Geometry{Box: [][]pinn.Number{{0, 2}, {0, 1}}},
		Equations:   []string{"u_xx + u_yy = 0"},
		Conditions:  []pinn.Condition{{Equation: "u = x*y"}},
		Subdomains:  pinn.Subdomains{Cuts: map[string][]pinn.Number{"x": {0.5}}},
	}
	change(&p)
	return p
}

// TestCouplings: every coupling vanishes for a solution that all networks share, by its formula in place of them, and the jumps do not for
// networks that differ.
func TestCouplings(t *testing.T) {
	all := func(p *pinn.Problem) {
		for _, kind := range pinn.CouplingKinds() {
			p.Subdomains.Interface = append(p.Subdomains.Interface, pinn.Coupling{Kind: kind})
		}
		p.Subdomains.Flux = map[string]string{"x": "u_x", "y": "u_y"}
	}
	m, err := pinn.New(halves(all), models.Config{Width: 4, Layers: 1}, source())
	if err != nil {
		t.Fatal(err)
	}
	same, err := pinn.New(halves(func(p *pinn.Problem) {
		all(p)
		p.Ansatz = pinn.Ansatz{Lift: map[string]string{"u": "x*y"}, Factor: map[string]string{"u": "0"}}
	}), models.Config{Width: 4, Layers: 1}, source())
	if err != nil {
		t.Fatal(err)
	}
	list, feed := rows(t, m, 6)
	exact, exactFeed := rows(t, same, 6)
	got, zero := evaluate(t, feed, values(list)...), evaluate(t, exactFeed, values(exact)...)
	kinds := map[string]float64{}
	for i, r := range list {
		for _, v := range zero[i] {
			if !(math.Abs(v) <= 1e-13) {
				t.Errorf("%s: %v of the solution", r.Name, v)
			}
		}
		if kind, _, ok := strings.Cut(r.Name, " "); ok {
			for _, v := range got[i] {
				kinds[kind] = math.Max(kinds[kind], math.Abs(v))
			}
		}
	}
	for _, kind := range pinn.CouplingKinds() {
		if !(kinds[kind] > 1e-6) {
			t.Errorf("%s: %v of networks that differ", kind, kinds[kind])
		}
	}
}

// TestJumpsAreDifferences: a jump is the difference of what two pieces have on the face between them, and the average that over √2.
func TestJumpsAreDifferences(t *testing.T) {
	m, err := pinn.New(halves(func(p *pinn.Problem) {
		p.Subdomains.Interface = []pinn.Coupling{{Kind: "value", Weight: 3}, {Kind: "average"}}
	}), models.Config{Width: 4, Layers: 1}, source())
	if err != nil {
		t.Fatal(err)
	}
	list, feed := rows(t, m, 5)
	last := list[len(list)-2:]
	got := evaluate(t, feed, values(last)...)
	maps.Copy(feed, map[string][]float64{"points": feed["points.interface.0.1"]})
	g := op.NewGraph()
	var sides []op.Value
	for piece := range m.Pieces() {
		u, err := m.Solution(g, op.Float64, piece, 5)
		if err != nil {
			t.Fatal(err)
		}
		sides = append(sides, u)
	}
	u := evaluate(t, feed, sides...)
	for i := range 5 {
		if x := feed["points"][2*i]; x != 0.5 {
			t.Errorf("a point of the interface at x = %v", x)
		}
		jump := u[0][i] - u[1][i]
		if !(math.Abs(got[0][i]-jump) <= 1e-13) || !(math.Abs(got[1][i]-jump*math.Sqrt(0.5)) <= 1e-13) {
			t.Errorf("value %v and average %v of a jump of %v", got[0][i], got[1][i], jump)
		}
	}
	if last[0].Weight != 3 || last[1].Weight != 1 {
		t.Errorf("weights %v and %v", last[0].Weight, last[1].Weight)
	}
}

// TestPartsShareTheDomain: points of each part lie in it, conditions reach every part that they touch, networks of several cells meet on all
// faces, and what repeats couples the ends.
func TestPartsShareTheDomain(t *testing.T) {
	p := halves(func(p *pinn.Problem) {
		p.Subdomains = pinn.Subdomains{Cuts: map[string][]pinn.Number{"x": {0.5, 1.5}, "y": {0.25}}, Networks: []int{0, 2, 1, 1, 0, 0}}
		p.Conditions = []pinn.Condition{{On: "y = 0", Equation: "u = 0"}, {On: "y = 1", Equation: "u = 0"}, {Periodic: "x"}}
		p.Points = 300
	})
	m, err := pinn.New(p, models.Config{}, source())
	if err != nil {
		t.Fatal(err)
	}
	names := map[string]bool{}
	for _, s := range m.Sets {
		names[s.Name] = true
		feed, err := m.Draw(s, 50, pinn.Draw{}, source())
		if err != nil {
			t.Fatal(err)
		}
		if !s.Inside() {
			continue
		}
		if s.Points != 100 {
			t.Errorf("%s: %d points", s.Name, s.Points)
		}
		x := feed["points."+s.Name]
		for i := 0; i < len(x); i += 2 {
			if piece := m.PieceAt(x[i : i+2]); s.Name != "domain."+string(rune('0'+piece)) {
				t.Errorf("%s: the point %v is of piece %d", s.Name, x[i:i+2], piece)
			}
		}
	}
	for _, want := range []string{"conditions.0.0", "conditions.0.1", "conditions.1.0", "conditions.1.1", "conditions.1.2", "conditions.2.0.0", "conditions.2.2.0", "interface.0.1", "interface.0.2", "interface.1.2"} {
		if !names[want] {
			t.Errorf("there is no set %s among %v", want, names)
		}
	}
	for _, not := range []string{"conditions.0.2", "conditions.2.0.2", "conditions.2.1.1", "interface.2.2"} {
		if names[not] {
			t.Errorf("there is a set %s", not)
		}
	}
}

// TestSubdomainsMustFit: what cannot be cut is refused.
func TestSubdomainsMustFit(t *testing.T) {
	for want, s := range map[string]pinn.Subdomains{
		"no coordinate":     {Cuts: map[string][]pinn.Number{"z": {1}}},
		"numbers that grow": {Cuts: map[string][]pinn.Number{"x": {1, 1}}},
		"between 0 and 2":   {Cuts: map[string][]pinn.Number{"x": {2}}},
		"2 cells":           {Cuts: map[string][]pinn.Number{"x": {1}}, Networks: []int{0}},
		"is missing":        {Cuts: map[string][]pinn.Number{"x": {1}}, Networks: []int{0, 2}},
		"start at 0":        {Cuts: map[string][]pinn.Number{"x": {0.5, 1}}, Networks: []int{0, -1, 0}},
		"unknown kind":      {Cuts: map[string][]pinn.Number{"x": {1}}, Interface: []pinn.Coupling{{Kind: "glue"}}},
		"what flows":        {Cuts: map[string][]pinn.Number{"x": {1}}, Interface: []pinn.Coupling{{Kind: "flux"}}},
		"no cuts":           {Networks: []int{0}},
	} {
		_, err := pinn.New(halves(func(p *pinn.Problem) { p.Subdomains = s }), models.Config{}, source())
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: error is %v", want, err)
		}
	}
}
