package pinn

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"

	"github.com/kolmogo/kolmogo/models"
	"github.com/kolmogo/kolmogo/op"
	"github.com/kolmogo/kolmogo/pde/term"
)

// Hidden is a term of the equations that nobody knows: a small network of Inputs, which stands in the equations under its name. After
// training, regression reads a formula from it (Podina, Eastman & Kohandel 2022, arXiv 2212.04630).
type Hidden struct {
	Inputs []string `yaml:"inputs" help:"what it may depend on: [u, u_x]"`
	Width  int      `yaml:"width,omitempty" help:"channels of its hidden layers (default 10)"`
	Layers int      `yaml:"layers,omitempty" help:"hidden layers (default 2)"`
	Truth  string   `yaml:"truth,omitempty" help:"the term as it is, to judge by"`
}

// UnmarshalYAML refuses unknown keys.
func (h *Hidden) UnmarshalYAML(unmarshal func(any) error) error {
	type plain Hidden
	return strict(unmarshal, (*plain)(h))
}

// hiddenTerm is a Hidden with its network.
type hiddenTerm struct {
	inputs []term.Expr
	truth  term.Expr // nil: not known
	net    *MLP
}

// compileHidden reads the inputs and truths of the hidden terms.
func (m *Model) compileHidden() error {
	m.hidden = map[string]*hiddenTerm{}
	s := m.equationScope
	s.Opaque, s.Parameters = nil, slices.DeleteFunc(slices.Clone(s.Parameters), func(name string) bool { return slices.Contains(s.Opaque, name) })
	for name, h := range m.Problem.Hidden {
		t := &hiddenTerm{}
		if len(h.Inputs) == 0 {
			return fmt.Errorf("pinn: hidden.%s has no inputs: name what it may depend on, as in [u, u_x]", name)
		}
		for _, src := range h.Inputs {
			e, err := s.Parse(src)
			if err != nil {
				return fmt.Errorf("pinn: hidden.%s.inputs: %w", name, err)
			}
			t.inputs = append(t.inputs, e)
		}
		if h.Truth != "" {
			var err error
			if t.truth, err = s.Parse(h.Truth); err != nil {
				return fmt.Errorf("pinn: hidden.%s.truth: %w", name, err)
			}
		}
		m.hidden[name] = t
	}
	return nil
}

// drawHidden draws the networks of the hidden terms.
func (m *Model) drawHidden(rnd *rand.Rand) error {
	tanh, err := models.JetFunction("tanh")
	if err != nil {
		return err
	}
	for _, name := range sorted(m.Problem.Hidden) {
		h := m.Problem.Hidden[name]
		width, layers := cmp.Or(h.Width, 10), cmp.Or(h.Layers, 2)
		if width < 1 || layers < 1 {
			return fmt.Errorf("pinn: hidden.%s: %d layers of width %d: both must be positive", name, layers, width)
		}
		channels := slices.Concat([]int{len(h.Inputs)}, slices.Repeat([]int{width}, layers), []int{1})
		m.hidden[name].net = NewMLP("hidden."+name, false, Activation{Function: tanh}, rnd, channels...)
	}
	return nil
}

// need is what expressions read, and what the hidden terms in them do.
func (m *Model) need(exprs ...term.Expr) needs {
	all := slices.Clone(exprs)
	for name, h := range m.hidden {
		if slices.ContainsFunc(exprs, func(e term.Expr) bool { return reads(e, name) }) {
			all = append(all, h.inputs...)
		}
	}
	return needsOf(all...)
}

// withHidden returns c with parameters from outer, and hidden terms as networks of their inputs.
func (m *Model) withHidden(c columns, outer func(string) op.Value) columns {
	c.parameter = outer
	plain := c
	c.parameter = func(name string) op.Value {
		h, ok := m.hidden[name]
		if !ok {
			return outer(name)
		}
		list := make([]op.Value, len(h.inputs))
		for i, e := range h.inputs {
			list[i] = plain.column(e)
		}
		plan, err := models.NewJetPlan(len(list), nil, nil, nil)
		if err != nil {
			return c.x.Fail(fmt.Errorf("pinn: %w", err))
		}
		return h.net.ApplyJet(plan.Fixed(op.Concat(1, list...))).Value()
	}
	return c
}

// HiddenTerms are the names of the hidden terms.
func (m *Model) HiddenTerms() []string { return sorted(m.Problem.Hidden) }

// HiddenTerm builds the inputs of a hidden term and, in the last column, its value, [n, inputs + 1], at the input "points".
func (m *Model) HiddenTerm(g *op.Graph, t op.Dtype, name string, n int) (op.Value, error) {
	h := m.hidden[name]
	exprs := append(slices.Clone(h.inputs), term.Parameter{Name: name})
	return m.table(g, t, 0, exprs, n)
}

// HiddenTruth returns the true value of a hidden term for values of its inputs, [n, inputs]; false where the problem does not know it, or
// it reads something else.
func (m *Model) HiddenTruth(name string, inputs []float64) ([]float64, bool) {
	h := m.hidden[name]
	if h.truth == nil {
		return nil, false
	}
	known := true
	var values []float64
	for row := range slices.Chunk(inputs, len(h.inputs)) {
		values = append(values, term.Eval(h.truth, term.Values{Field: func(u, d string) float64 {
			i := slices.IndexFunc(h.inputs, func(e term.Expr) bool { return e == term.Expr(term.Unknown{Name: u, D: d}) })
			if i < 0 {
				known = false
				return 0
			}
			return row[i]
		}}))
	}
	return values, known
}
