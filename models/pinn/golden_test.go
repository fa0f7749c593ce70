package pinn_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/kolmogo/kolmogo/datasets"
	"github.com/kolmogo/kolmogo/internal/reference"
	"github.com/kolmogo/kolmogo/models"
	"github.com/kolmogo/kolmogo/models/pinn"
	"github.com/kolmogo/kolmogo/op"
)

// goldenCase is what every case.json says.
type goldenCase struct {
	Name    string
	Network struct {
		Sizes      []int
		Activation string
		Fourier    int `json:"fourier_features"`
	}
	Box       [][]pinn.Number
	Residuals map[string]string
	Tolerance struct {
		RTol float64 `json:"rtol_of_max"`
	}
	Optimizers json.RawMessage

	tensors map[string]datasets.Array
}

// values returns a tensor in float64.
func (c *goldenCase) values(t *testing.T, name string) []float64 {
	t.Helper()
	a, ok := c.tensors[name]
	if !ok {
		t.Fatalf("the case has no tensor %q", name)
	}
	data, err := a.Float64s()
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// tolerance is the case's, ten times that where fourth derivatives take part, as the cases say.
func (c *goldenCase) tolerance(order int) float64 {
	if order >= 4 {
		return 10 * c.Tolerance.RTol
	}
	return c.Tolerance.RTol
}

func TestGoldenPINN(t *testing.T) {
	reference.Each(t, 2, "pinn", "case.json", func(t *testing.T, file string) {
		c := readCase(t, file)
		net := c.network(t)
		c.checkDerivatives(t, net)
		for name, text := range c.Residuals {
			t.Run(name, func(t *testing.T) { c.checkResidual(t, net, name, text) })
		}
		if c.Optimizers != nil {
			c.checkOptimizers(t, net)
		}
	})
}

func readCase(t *testing.T, file string) *goldenCase {
	t.Helper()
	c := &goldenCase{}
	c.tensors = reference.Case(t, file, c)
	if !(c.Tolerance.RTol > 0) {
		t.Fatalf("%s gives no tolerance", file)
	}
	return c
}

// network builds the case's network with its weights, which are stored as [out, in].
func (c *goldenCase) network(t *testing.T) pinn.Network {
	t.Helper()
	act, err := models.JetFunction(c.Network.Activation)
	if err != nil {
		t.Fatal(err)
	}
	sizes := slices.Clone(c.Network.Sizes)
	var chain pinn.Chain
	if n := c.Network.Fourier; n > 0 {
		f := &pinn.Fourier{B: slices.Collect(slices.Chunk(c.values(t, "weights.B"), sizes[0]))}
		chain, sizes[0] = append(chain, f), 2*n
	}
	mlp := pinn.NewMLP("layers", false, pinn.Activation{Function: act}, rand.New(rand.NewPCG(1, 1)), sizes...)
	for i, l := range mlp.Layers {
		copy(l.Weight.Data, transposed(c.values(t, fmt.Sprintf("weights.W%d", i)), sizes[i]))
		copy(l.Bias.Data, c.values(t, fmt.Sprintf("weights.b%d", i)))
	}
	return append(chain, mlp)
}

// transposed returns the transpose of a matrix with n columns.
func transposed(a []float64, n int) []float64 {
	b := make([]float64, len(a))
	for i, v := range a {
		b[i%n*(len(a)/n)+i/n] = v
	}
	return b
}

// feed is the values of the points and of the network's parameters.
func (c *goldenCase) feed(t *testing.T, net pinn.Network) map[string][]float64 {
	feed := map[string][]float64{"points": c.values(t, "x"), "points.domain": c.values(t, "x")}
	for name, p := range net.Params() {
		feed["param."+name] = p.Data
	}
	return feed
}

func (c *goldenCase) points(t *testing.T, g *op.Graph) op.Value {
	return g.Input("points", op.Float64, op.Of(len(c.values(t, "x"))/c.Network.Sizes[0], c.Network.Sizes[0]))
}

// checkDerivatives compares the output and its derivatives up to order four.
func (c *goldenCase) checkDerivatives(t *testing.T, net pinn.Network) {
	n := c.Network.Sizes[0]
	wanted := []models.Derivative{models.Partial(0, 0, 0, 0)}
	for i := range n {
		for j := range n {
			wanted = append(wanted, models.Partial(i, j))
		}
	}
	plan, err := models.NewJetPlan(n, nil, wanted, nil)
	if err != nil {
		t.Fatal(err)
	}
	u := net.ApplyJet(plan.Coordinates(c.points(t, op.NewGraph())))
	feed := c.feed(t, net)
	check := func(name string, order int, d ...models.Derivative) {
		t.Helper()
		parts := make([]op.Value, len(d))
		for i := range d {
			parts[i] = u.At(d[i])
		}
		reference.Near(t, name, evaluate(t, feed, op.Concat(1, parts...))[0], c.values(t, name), c.tolerance(order))
	}
	check("u", 0, "")
	check("d3u_xxx", 3, models.Partial(0, 0, 0))
	check("d4u_xxxx", 4, models.Partial(0, 0, 0, 0))
	var first []models.Derivative
	for i := range n {
		first = append(first, models.Partial(i))
	}
	check("du", 1, first...)
	check("d2u", 2, wanted[1:]...)
}

// checkResidual compares an equation's residual, loss and gradients.
func (c *goldenCase) checkResidual(t *testing.T, net pinn.Network, name, text string) {
	m := c.model(t, net, text)
	g := op.NewGraph()
	rows, err := m.Rows(g, op.Float64, m.Sets[0], len(c.values(t, "u"))/c.Network.Sizes[len(c.Network.Sizes)-1])
	if err != nil {
		t.Fatal(err)
	}
	columns := make([]op.Value, len(rows))
	for i := range rows {
		columns[i] = rows[i].Value
	}
	r := op.Concat(1, columns...)
	loss := op.MeanAll(op.Mul(r, r))
	params := maps.Collect(net.Params())
	names := slices.Sorted(maps.Keys(params))
	wrt := make([]op.Value, len(names))
	for i, n := range names {
		wrt[i] = params[n].In(g, op.Float64)
	}
	outputs := append([]op.Value{r, loss}, op.Gradients(loss, wrt...)...)
	for i, v := range outputs {
		if !v.Valid() { // the last bias does not enter an equation without u itself
			outputs[i] = op.Scale(wrt[i-2], 0)
		}
	}
	got := evaluate(t, c.feed(t, net), outputs...)
	tol := c.tolerance(strings.Count(text, "xxxx") * 4)
	reference.Near(t, "residual", got[0], c.values(t, "residual."+name), tol)
	reference.Near(t, "loss", got[1], c.values(t, "loss."+name), tol)
	for i, n := range names {
		layer, part, _ := strings.Cut(strings.TrimPrefix(n, "layers."), ".")
		want := c.values(t, "grad."+name+"."+map[string]string{"weight": "W", "bias": "b"}[part]+layer)
		if part == "weight" {
			want = transposed(want, params[n].Dims.At(0))
		}
		reference.Near(t, "gradient of "+n, got[i+2], want, tol)
	}
}

var (
	remark  = regexp.MustCompile(`\(exact [^()]*(\([^()]*\)[^()]*)*\)`)
	outputs = regexp.MustCompile(`^outputs \((.*)\)$`)
	count   = regexp.MustCompile(`^\w+ equations: `)
)

// model reads the case's way to write equations: parts between semicolons, each a list between commas of equations and definitions
// "name = value"; "outputs (..)" names the unknowns. The inputs are the bare coordinates.
func (c *goldenCase) model(t *testing.T, net pinn.Network, text string) *pinn.Model {
	t.Helper()
	p := pinn.Problem{Unknowns: []string{"u"}, Define: map[string]string{}}
	switch {
	case c.Network.Sizes[0] == 1:
		p.Coordinates = []string{"x"}
	case c.Network.Sizes[0] == 3:
		p.Coordinates = []string{"x", "y", "t"}
	case strings.Contains(text, "_t"):
		p.Coordinates = []string{"x", "t"}
	default:
		p.Coordinates = []string{"x", "y"}
	}
	p.Ansatz.Inputs = p.Coordinates
	p.Domain.Box = c.Box
	if n := len(c.Box) - 1; p.Coordinates[n] == "t" {
		p.Domain = pinn.Geometry{Box: c.Box[:n], Time: c.Box[n]}
	}
	for part := range strings.SplitSeq(remark.ReplaceAllString(text, ""), ";") {
		part = strings.TrimSpace(part)
		if m := outputs.FindStringSubmatch(part); m != nil {
			p.Unknowns = strings.Split(strings.ReplaceAll(m[1], " ", ""), ",")
			continue
		}
		for item := range strings.SplitSeq(count.ReplaceAllString(part, ""), ",") {
			if name, value, ok := strings.Cut(item, "="); ok {
				p.Define[strings.TrimSpace(name)] = value
			} else {
				p.Equations = append(p.Equations, item)
			}
		}
	}
	m, err := pinn.New(p, models.Config{}, rand.New(rand.NewPCG(1, 1)))
	if err != nil {
		t.Fatal(err)
	}
	m.Networks[0] = net
	return m
}
