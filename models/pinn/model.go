package pinn

import (
	"fmt"
	"iter"
	"math"
	"math/rand/v2"
	"slices"
	"strconv"

	"github.com/kolmogo/kolmogo/models"
	"github.com/kolmogo/kolmogo/op"
	"github.com/kolmogo/kolmogo/pde/domain"
	"github.com/kolmogo/kolmogo/pde/term"
)

// Model is a Problem with a network: it builds residuals and solutions as graph, and draws the points that they are fed with.
type Model struct {
	Problem Problem
	Region  domain.Region
	// Networks are those of the parts of the domain, one without subdomains; in windows each window's model has its own.
	Networks []Network
	Sets     []*Set // the domain first, then the conditions and the data
	// Quantities are what the reference has and Solution gives: the unknowns, unless the problem says otherwise.
	Quantities []string

	windows       []*Model // of Problem.Windows; nil: the time is one window
	goesOn        bool     // from a window before
	hidden        map[string]*hiddenTerm
	trained       map[string]*models.Param
	names         []string    // of trained parameters, sorted
	inputs        inputs      // over the whole domain
	parts         []*part     // at least one
	lift, factor  []term.Expr // by unknown; nil: 0 and 1
	quantities    []term.Expr
	exact         []term.Expr // by quantity; nil where there is no formula
	reference     solution    // nil: none
	judgedAt      []float64   // where Judged has compared, and with what; nil: not yet
	judgedBy      []float64
	equationScope term.Scope
}

// New checks a problem and returns it with networks whose initial values come from rnd.
func New(p Problem, net models.Config, rnd *rand.Rand) (*Model, error) {
	m, err := compile(p, false)
	if err != nil {
		return nil, err
	}
	if p.Windows.Count > 1 || p.Windows.Count < 0 {
		return m, m.compileWindows(net, rnd)
	}
	return m, m.drawNetworks(net, rnd)
}

// compile is a model without networks; goesOn says that a window before it has its first values.
func compile(p Problem, goesOn bool) (*Model, error) {
	if len(p.Unknowns) == 0 {
		p.Unknowns = []string{"u"}
	}
	m := &Model{Problem: p, goesOn: goesOn}
	for _, step := range []func() error{m.resolve, m.compileHidden, m.compileAnsatz, m.compileReference, m.compileSets, m.check, m.compileParts, m.divide} {
		if err := step(); err != nil {
			return nil, err
		}
	}
	return m, nil
}

// drawNetworks draws the networks of the parts and those of hidden terms.
func (m *Model) drawNetworks(net models.Config, rnd *rand.Rand) error {
	if err := m.drawParts(net, rnd); err != nil {
		return err
	}
	return m.drawHidden(rnd)
}

// resolve reads domain, names and parameters.
func (m *Model) resolve() error {
	p := m.Problem
	var err error
	if m.Region, err = p.Domain.Region(); err != nil {
		return err
	}
	low, _ := m.Region.Bounds()
	if len(low) != len(p.Coordinates) {
		return fmt.Errorf("pinn: %d coordinates %v for a domain of %d dimensions (with time)", len(p.Coordinates), p.Coordinates, len(low))
	}
	s := term.Scope{Coordinates: p.Coordinates, Time: m.time(), Unknowns: p.Unknowns, Definitions: map[string]string{}}
	for name, text := range p.Define {
		s.Definitions[name] = text
	}
	for name, v := range p.Parameters {
		if slices.Contains(p.Varied, name) {
			s.Parameters = append(s.Parameters, name)
		} else {
			s.Definitions[name] = strconv.FormatFloat(float64(v), 'g', -1, 64)
		}
	}
	m.trained = map[string]*models.Param{}
	for name, t := range p.Trained {
		m.trained[name] = t.param(name)
		m.names = append(m.names, name)
		s.Parameters = append(s.Parameters, name)
	}
	slices.Sort(m.names)
	s.Opaque = sorted(p.Hidden)
	s.Parameters = append(s.Parameters, s.Opaque...)
	m.equationScope = s
	for _, name := range p.Varied {
		if _, ok := p.Parameters[name]; !ok {
			return fmt.Errorf("pinn: varied: %q is not among the parameters", name)
		}
	}
	return m.checkNames()
}

// time is the name of the coordinate of time; a name that nothing has where the domain has none.
func (m *Model) time() string {
	if len(m.Problem.Domain.Time) == 0 {
		return " "
	}
	return m.Problem.Coordinates[len(m.Problem.Coordinates)-1]
}

// coordinateScope is what formulas of the coordinates may use: no unknowns.
func (m *Model) coordinateScope() term.Scope {
	s := m.equationScope
	s.Unknowns = nil
	s.Parameters = slices.DeleteFunc(slices.Clone(s.Parameters), func(name string) bool { return slices.Contains(s.Opaque, name) })
	return s
}

// param is the trained number: the parameter itself, or for positive ones θ with start·exp θ.
func (t Trained) param(name string) *models.Param {
	p := &models.Param{Name: "coefficient." + name, Dims: op.Of(1), Data: []float64{t.start()}}
	if t.Positive {
		p.Data[0] = 0
	}
	return p
}

func (t Trained) start() float64 {
	if t.Start == 0 {
		return 1
	}
	return float64(t.Start)
}

// Params yields the network's parameters, those of hidden terms, then the trained ones of the equations.
func (m *Model) Params() iter.Seq2[string, *models.Param] {
	return func(yield func(string, *models.Param) bool) {
		if len(m.windows) > 0 { // every window has its own
			for _, w := range m.windows {
				for name, p := range w.Params() {
					if !yield(name, p) {
						return
					}
				}
			}
			return
		}
		for _, net := range m.Networks {
			for name, p := range net.Params() {
				if !yield(name, p) {
					return
				}
			}
		}
		for _, name := range m.HiddenTerms() {
			for name, p := range m.hidden[name].net.Params() {
				if !yield(name, p) {
					return
				}
			}
		}
		for _, name := range m.names {
			if p := m.trained[name]; !yield(p.Name, p) {
				return
			}
		}
	}
}

// Coefficient returns the present value of a trained parameter of the equations from that of its Param, "coefficient." + name.
func (m *Model) Coefficient(name string, param float64) float64 {
	if t := m.Problem.Trained[name]; t.Positive {
		return t.start() * math.Exp(param)
	}
	return param
}

// Coefficients are the names of the trained parameters of the equations.
func (m *Model) Coefficients() []string { return m.names }

// parameter returns a parameter of the equations in a graph: a trained one, or the input "parameter." + name of a varied one.
func (m *Model) parameter(g *op.Graph, t op.Dtype) func(name string) op.Value {
	return func(name string) op.Value {
		p, ok := m.trained[name]
		if !ok {
			return g.Input("parameter."+name, t, op.Of(1))
		}
		v := p.In(g, t)
		if c := m.Problem.Trained[name]; c.Positive {
			return op.Scale(op.Exp(v), c.start())
		}
		return v
	}
}
