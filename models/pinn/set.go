package pinn

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/kolmogo/kolmogo/models"
	"github.com/kolmogo/kolmogo/op"
	"github.com/kolmogo/kolmogo/pde/domain"
	"github.com/kolmogo/kolmogo/pde/term"
)

// Set is a set of points on which the same equations hold: the domain, a part of its boundary, or observations.
type Set struct {
	Name   string
	Points int // of a step, by the configuration
	Weight float64
	Rows   []string // a name for each residual, for logs
	Kinds  []string // of the couplings that the residuals are, where subdomains meet; nil elsewhere

	inside    bool
	residuals []term.Expr
	pieces    []domain.Piece // of the boundary; nil: none
	normals   bool           // whether the equations read the normal
	fixed     []float64      // the point of space that the set consists of, at all times
	shift     []float64      // periodic: from a point to the one where the solution repeats
	observed  []int          // data: numbers of the quantities
	region    domain.Region  // that points lie in; nil: all
	part      int            // whose network has the solution here
	beside    int            // and at the other side
	sides     [][2]float64   // by residual: factors of what it is here and there; nil: 1 and 0
	weights   []float64      // by residual; nil: Weight
}

// Row is a residual at each point of a set, [m, 1]: row i depends on point i alone. The loss is Σ Weight · mean r² over the rows.
type Row struct {
	Name   string
	Value  op.Value
	Weight float64
}

// Rows builds the residuals of a set at n points, which are the input "points." + set.Name, [n, coordinates]; Draw has values for it and
// for the other inputs of the set.
func (m *Model) Rows(g *op.Graph, t op.Dtype, set *Set, n int) ([]Row, error) {
	x := g.Input("points."+set.Name, t, op.Of(n, len(m.Problem.Coordinates)))
	need := m.need(set.residuals...)
	plan, err := models.NewJetPlan(len(m.Problem.Coordinates), nil, need.derivatives, need.operators)
	if err != nil {
		return nil, fmt.Errorf("pinn: %s: %w", set.Name, err)
	}
	at := func(part int, x op.Value) columns {
		c := columns{x: x, needs: need, fields: m.fields(part, plan, plan.Coordinates(x)), names: m.Problem.Unknowns}
		return m.withHidden(c, m.local(g, t, set, n))
	}
	here, there := at(set.part, x), columns{}
	if set.sides != nil {
		y := x
		if set.shift != nil {
			y = op.Add(x, g.Constant(fmt.Sprintf("shift %v %v", t, set.shift), t, op.Of(len(set.shift)), set.shift))
		}
		there = at(set.beside, y)
	}
	var rows []Row
	for i, e := range set.residuals {
		v := set.across(i, func() op.Value { return here.column(e) }, func() op.Value { return there.column(e) })
		if set.Observed() || set.HandsOver() {
			target := g.Input("targets."+set.Name, t, op.Of(n, len(set.residuals)))
			v = op.Sub(v, op.SliceAxis(target, 1, i, 1))
		}
		weight := set.Weight
		if set.weights != nil {
			weight = set.weights[i]
		}
		rows = append(rows, Row{set.Rows[i], v, weight})
	}
	return rows, g.Err()
}

// across is a·here + b·there with the factors of residual i.
func (s *Set) across(i int, here, there func() op.Value) op.Value {
	a, b := 1.0, 0.0
	if s.sides != nil {
		a, b = s.sides[i][0], s.sides[i][1]
	}
	switch {
	case b == 0:
		return op.Scale(here(), a)
	case a == 0:
		return op.Scale(there(), b)
	case a == -b:
		return op.Scale(op.Sub(here(), there()), a)
	}
	return op.Add(op.Scale(here(), a), op.Scale(there(), b))
}

// Inside tells whether the set is the domain, or the part of it that a network has.
func (s *Set) Inside() bool { return s.inside }

// local adds the components of the normal to the parameters.
func (m *Model) local(g *op.Graph, t op.Dtype, set *Set, n int) func(string) op.Value {
	outer := m.parameter(g, t)
	return func(name string) op.Value {
		if axis, ok := strings.CutPrefix(name, "n_"); ok && set.normals {
			normals := g.Input("normals."+set.Name, t, op.Of(n, len(m.Problem.Coordinates)))
			return op.SliceAxis(normals, 1, slices.Index(m.Problem.Coordinates, axis), 1)
		}
		return outer(name)
	}
}

// Pieces is the number of networks that have the solution: of all parts in all windows.
func (m *Model) Pieces() int { return len(m.Windows()) * m.Parts() }

// PieceAt is the number of the piece whose network has the solution at a point.
func (m *Model) PieceAt(x []float64) int {
	w := m.WindowAt(x)
	return w*m.Parts() + m.Windows()[w].partAt(x)
}

// Solution builds the quantities of the reference [n, quantities] as a piece has them at the input "points", [n, coordinates].
func (m *Model) Solution(g *op.Graph, t op.Dtype, piece, n int) (op.Value, error) {
	return m.Windows()[piece/m.Parts()].table(g, t, piece%m.Parts(), m.quantities, n)
}

// Residuals builds the residuals of the equations [n, equations] as a piece has them at the input "points", [n, coordinates].
func (m *Model) Residuals(g *op.Graph, t op.Dtype, piece, n int) (op.Value, error) {
	w := m.Windows()[piece/m.Parts()]
	return w.table(g, t, piece%m.Parts(), w.Sets[0].residuals, n)
}

// table builds expressions of a part at the input "points", [n, coordinates], as [n, expressions].
func (m *Model) table(g *op.Graph, t op.Dtype, part int, exprs []term.Expr, n int) (op.Value, error) {
	need := m.need(exprs...)
	plan, err := models.NewJetPlan(len(m.Problem.Coordinates), nil, need.derivatives, need.operators)
	if err != nil {
		return op.Value{}, fmt.Errorf("pinn: %w", err)
	}
	x := g.Input("points", t, op.Of(n, len(m.Problem.Coordinates)))
	c := m.withHidden(columns{x: x, needs: need, fields: m.fields(part, plan, plan.Coordinates(x)), names: m.Problem.Unknowns}, m.parameter(g, t))
	list := make([]op.Value, len(exprs))
	for i, e := range exprs {
		list[i] = c.column(e)
	}
	return op.Concat(1, list...), g.Err()
}

// Draw says how points are drawn.
type Draw struct {
	Sampling domain.Sampling
	// Horizon is the part of the time, from its start, that points lie in; 0 means all.
	Horizon float64
}

// Draw returns values for the inputs of a set at n points, by the names of their leaves.
func (m *Model) Draw(set *Set, n int, how Draw, rnd *rand.Rand) (map[string][]float64, error) {
	if set.observed != nil {
		return m.observe(set, n, rnd)
	}
	d := len(m.Problem.Coordinates)
	if set.pieces == nil {
		x, err := domain.Interior(m.regionOf(set), how.Sampling, n, rnd)
		if err != nil {
			return nil, fmt.Errorf("pinn: %s: %w", set.Name, err)
		}
		for i := 0; set.fixed != nil && i < len(x); i += d {
			copy(x[i:], set.fixed)
		}
		m.withinHorizon(x, how.Horizon)
		return map[string][]float64{"points." + set.Name: x}, nil
	}
	x, normals, err := domain.On(set.pieces, d, how.Sampling, n, rnd)
	if err != nil {
		return nil, fmt.Errorf("pinn: %s: %w", set.Name, err)
	}
	m.withinHorizon(x, how.Horizon)
	feed := map[string][]float64{"points." + set.Name: x}
	if set.normals {
		feed["normals."+set.Name] = normals
	}
	return feed, nil
}

// regionOf is where the points of a set lie.
func (m *Model) regionOf(set *Set) domain.Region {
	if set.region == nil || set.fixed != nil {
		return m.Region
	}
	return set.region
}

// withinHorizon moves the points' times into the first part of the time.
func (m *Model) withinHorizon(x []float64, part float64) {
	if part <= 0 || part >= 1 || len(m.Problem.Domain.Time) == 0 || m.cutInTime() {
		return
	}
	d, start := len(m.Problem.Coordinates), float64(m.Problem.Domain.Time[0])
	for i := d - 1; i < len(x); i += d {
		x[i] = start + (x[i]-start)*part
	}
}

// observe draws observations of the reference, with noise of their own standard deviation times Data.Noise.
func (m *Model) observe(set *Set, n int, rnd *rand.Rand) (map[string][]float64, error) {
	x, err := domain.Interior(m.regionOf(set), domain.Uniform, n, rnd)
	if err != nil {
		return nil, fmt.Errorf("pinn: %s: %w", set.Name, err)
	}
	all, err := m.Exact(x)
	if err != nil {
		return nil, fmt.Errorf("pinn: data: observations are made from the reference: %w", err)
	}
	return map[string][]float64{"points." + set.Name: x, "targets." + set.Name: m.Targets(set, all, rnd)}, nil
}

// Targets selects the observed columns of u [n, quantities] and adds the noise of the configuration.
func (m *Model) Targets(set *Set, u []float64, rnd *rand.Rand) []float64 {
	var targets []float64
	for row := range slices.Chunk(u, len(m.Quantities)) {
		for _, k := range set.observed {
			targets = append(targets, row[k])
		}
	}
	n := len(set.observed)
	for k := range n {
		mean, square, count := 0.0, 0.0, 0.0
		for i := k; i < len(targets); i += n {
			mean, square, count = mean+targets[i], square+targets[i]*targets[i], count+1
		}
		mean /= count
		sigma := float64(m.Problem.Data.Noise) * math.Sqrt(math.Max(square/count-mean*mean, 0))
		for i := k; i < len(targets); i += n {
			targets[i] += sigma * rnd.NormFloat64()
		}
	}
	return targets
}
