package pinn

import (
	"fmt"
	"maps"
	"math"
	"slices"

	"github.com/kolmogo/kolmogo/models"
	"github.com/kolmogo/kolmogo/op"
	"github.com/kolmogo/kolmogo/pde/term"
)

// inputs are what the network sees of the coordinates: expressions, or each coordinate scaled to [−stretch, stretch].
type inputs struct {
	exprs        []term.Expr
	scale, shift []float64 // without expressions
	mirrors      []mirror
}

// mirror makes the network even (sign 1) or odd (−1) in a coordinate: (N(x) ± N(−x))/2.
type mirror struct {
	axis int
	sign float64
}

func (in inputs) count() int {
	if len(in.exprs) > 0 {
		return len(in.exprs)
	}
	return len(in.scale)
}

// compileAnsatz reads the form of the solution.
func (m *Model) compileAnsatz() error {
	a := m.Problem.Ansatz
	low, high := m.Region.Bounds()
	for _, list := range []map[string]Number{a.Stretch, numbers(a.Periodic), keys(a.Parity)} {
		for name := range list {
			if !slices.Contains(m.Problem.Coordinates, name) {
				return fmt.Errorf("pinn: ansatz: %q is no coordinate", name)
			}
		}
	}
	if len(a.Inputs) > 0 && len(a.Periodic)+len(a.Stretch) > 0 {
		return fmt.Errorf("pinn: ansatz.inputs stand in place of the scaled coordinates: remove ansatz.periodic and ansatz.stretch")
	}
	for name, n := range a.Periodic {
		if n < 0 {
			return fmt.Errorf("pinn: ansatz.periodic.%s is %d: it must not be negative", name, n)
		}
	}
	for i, name := range m.Problem.Coordinates {
		switch parity := a.Parity[name]; parity {
		case "":
		case "odd", "even":
			sign := map[string]float64{"odd": -1, "even": 1}[parity]
			m.inputs.mirrors = append(m.inputs.mirrors, mirror{i, sign})
			if !(math.Abs(low[i]+high[i]) <= 1e-12*(high[i]-low[i])) {
				return fmt.Errorf("pinn: ansatz.parity: %s runs from %v to %v: parity is about 0", name, low[i], high[i])
			}
		default:
			return fmt.Errorf("pinn: ansatz.parity.%s: %q: odd or even", name, parity)
		}
	}
	for _, src := range a.Inputs {
		e, err := m.coordinateScope().Parse(src)
		if err != nil {
			return fmt.Errorf("pinn: ansatz.inputs: %w", err)
		}
		m.inputs.exprs = append(m.inputs.exprs, e)
	}
	if len(a.Inputs) == 0 {
		m.inputs = m.inputsOver(low, high)
	}
	return m.compileForms()
}

// inputsOver are the coordinates of a box on [−stretch, stretch], and waves in place of periodic ones, or what the ansatz says.
func (m *Model) inputsOver(low, high []float64) inputs {
	a := m.Problem.Ansatz
	if len(a.Inputs) > 0 {
		return m.inputs
	}
	in := inputs{mirrors: m.inputs.mirrors}
	from, to := m.Region.Bounds()
	var exprs []term.Expr
	for i, name := range m.Problem.Coordinates {
		stretch := float64(a.Stretch[name])
		if stretch == 0 {
			stretch = 1
		}
		scale := 2 * stretch / (high[i] - low[i])
		shift := -scale * (low[i] + high[i]) / 2
		in.scale, in.shift = append(in.scale, scale), append(in.shift, shift)
		x := term.Coordinate{Name: name, Index: i}
		if a.Periodic[name] == 0 {
			exprs = append(exprs, term.Add(term.Mul(term.Number(scale), x), term.Number(shift)))
		}
		for k := range a.Periodic[name] {
			wave := term.Mul(term.Number(2*math.Pi*float64(k+1)/(to[i]-from[i])), x)
			exprs = append(exprs, term.Apply("cos", wave), term.Apply("sin", wave))
		}
	}
	if len(a.Periodic) > 0 {
		in.exprs = exprs
	}
	return in
}

// compileForms reads lift, factor, the quantities of the reference, and its formulas.
func (m *Model) compileForms() error {
	m.Quantities = m.Problem.Reference.Quantities
	if len(m.Quantities) == 0 {
		m.Quantities = m.Problem.Unknowns
	}
	for _, src := range m.Quantities {
		e, err := m.equationScope.Parse(src)
		if err != nil {
			return fmt.Errorf("pinn: reference.quantities: %w", err)
		}
		m.quantities = append(m.quantities, e)
	}
	var err error
	if m.lift, err = m.formulas("ansatz.lift", m.Problem.Ansatz.Lift, m.Problem.Unknowns); err != nil {
		return err
	}
	if m.factor, err = m.formulas("ansatz.factor", m.Problem.Ansatz.Factor, m.Problem.Unknowns); err != nil {
		return err
	}
	m.exact, err = m.formulas("reference.formula", m.Problem.Reference.Formula, m.Quantities)
	return err
}

// formulas reads expressions of the coordinates by name; nil where there is none.
func (m *Model) formulas(what string, from map[string]string, names []string) ([]term.Expr, error) {
	for name := range from {
		if !slices.Contains(names, name) {
			return nil, fmt.Errorf("pinn: %s: %q is none of %v", what, name, names)
		}
	}
	list := make([]term.Expr, len(names))
	for i, name := range names {
		if src, ok := from[name]; ok {
			e, err := m.coordinateScope().Parse(src)
			if err != nil {
				return nil, fmt.Errorf("pinn: %s.%s: %w", what, name, err)
			}
			list[i] = e
		}
	}
	return list, nil
}

// fields is the jet [m, unknowns] of the solution of a part at points with the given coordinates.
func (m *Model) fields(part int, plan *models.JetPlan, x models.Jet) models.Jet {
	g, t := x.Value().Graph(), x.Value().Dtype()
	n := m.network(part, plan, x, m.inputs.mirrors)
	if !slices.ContainsFunc(append(slices.Clone(m.lift), m.factor...), func(e term.Expr) bool { return e != nil }) {
		return n
	}
	algebra := jets{plan, x, m.parameter(g, t)}
	columns := make([]models.Jet, len(m.Problem.Unknowns))
	for i := range columns {
		u := n.Columns(i, 1)
		if e := m.factor[i]; e != nil {
			u = algebra.eval(e).Mul(u)
		}
		if e := m.lift[i]; e != nil {
			u = algebra.eval(e).Add(u)
		}
		columns[i] = u
	}
	return models.Join(columns...)
}

// network applies the network, symmetrised about each of the mirrors.
func (m *Model) network(part int, plan *models.JetPlan, x models.Jet, mirrors []mirror) models.Jet {
	if len(mirrors) > 0 {
		s := mirrors[0]
		signs := slices.Repeat([]float64{1}, len(m.Problem.Coordinates))
		signs[s.axis] = -1
		v := x.Value()
		reflected := x.Times(v.Graph().Constant(fmt.Sprintf("mirror %v %d", v.Dtype(), s.axis), v.Dtype(), op.Of(len(signs)), signs))
		a, b := m.network(part, plan, x, mirrors[1:]), m.network(part, plan, reflected, mirrors[1:])
		return a.Add(b.Scale(s.sign)).Scale(0.5)
	}
	return m.Networks[part].ApplyJet(m.parts[part].inputs.jet(plan, x, m.parameter(x.Value().Graph(), x.Value().Dtype())))
}

func (in inputs) jet(plan *models.JetPlan, x models.Jet, parameter func(string) op.Value) models.Jet {
	if len(in.exprs) == 0 {
		v := x.Value()
		row := func(what string, data []float64) op.Value {
			return v.Graph().Constant(fmt.Sprintf("%s %v %v", what, v.Dtype(), data), v.Dtype(), op.Of(len(data)), data)
		}
		return x.Times(row("scale", in.scale)).Shift(row("shift", in.shift))
	}
	algebra := jets{plan, x, parameter}
	columns := make([]models.Jet, len(in.exprs))
	for i, e := range in.exprs {
		columns[i] = algebra.eval(e)
	}
	return models.Join(columns...)
}

// numbers and keys are maps with the same keys.
func numbers(m map[string]int) map[string]Number {
	out := map[string]Number{}
	for name, v := range m {
		out[name] = Number(v)
	}
	return out
}

func keys(m map[string]string) map[string]Number {
	out := map[string]Number{}
	for name := range maps.Keys(m) {
		out[name] = 0
	}
	return out
}
