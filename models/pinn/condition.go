package pinn

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"github.com/kolmogo/kolmogo/pde/domain"
	"github.com/kolmogo/kolmogo/pde/term"
)

// compileSets makes the sets of points of the problem.
func (m *Model) compileSets() error {
	p := m.Problem
	if len(p.Equations) == 0 {
		return fmt.Errorf("pinn: the problem has no equations")
	}
	inside := &Set{Name: "domain", inside: true, Points: cmp.Or(p.Points, 2000), Weight: 1}
	for _, src := range p.Equations {
		e, err := m.equationScope.Parse(src)
		if err != nil {
			return fmt.Errorf("pinn: equations: %w", err)
		}
		inside.residuals, inside.Rows = append(inside.residuals, term.Collapse(e)), append(inside.Rows, src)
	}
	m.Sets = []*Set{inside}
	for i, c := range p.Conditions {
		s, err := m.condition(c)
		if err != nil {
			return fmt.Errorf("pinn: condition %d: %w", i, err)
		}
		s.Name = fmt.Sprintf("conditions.%d", i)
		s.Points, s.Weight = cmp.Or(c.Points, m.usualPoints(s)), cmp.Or(float64(c.Weight), 1)
		m.Sets = append(m.Sets, s)
	}
	if m.goesOn {
		if err := m.compileHandover(); err != nil {
			return fmt.Errorf("pinn: windows: %w", err)
		}
	}
	return m.compileData()
}

// usualPoints is one for a point of space without time, 200 for others.
func (m *Model) usualPoints(s *Set) int {
	if s.fixed != nil && m.time() == " " || s.pieces != nil && len(m.Problem.Coordinates) == 1 {
		return max(1, len(s.pieces))
	}
	return 200
}

func (m *Model) compileData() error {
	d := m.Problem.Data
	if d.Points == 0 {
		return nil
	}
	if len(d.Observe) == 0 {
		d.Observe = m.Quantities
	}
	s := &Set{Name: "data", Points: d.Points, Weight: cmp.Or(float64(d.Weight), 1)}
	for _, name := range d.Observe {
		k := slices.Index(m.Quantities, name)
		if k < 0 {
			return fmt.Errorf("pinn: data.observe: %q is not among reference.quantities, %v", name, m.Quantities)
		}
		s.observed = append(s.observed, k)
		s.residuals, s.Rows = append(s.residuals, m.quantities[k]), append(s.Rows, "data of "+name)
	}
	m.Sets = append(m.Sets, s)
	return nil
}

func (m *Model) condition(c Condition) (*Set, error) {
	if c.Periodic != "" {
		return m.periodic(c)
	}
	if len(c.At) > 0 {
		return m.point(c)
	}
	if c.Equation == "" {
		return nil, fmt.Errorf("it says nothing: want {on: .., equation: ..}, {at: .., equation: ..} or {periodic: ..}")
	}
	pieces, err := m.pieces(c.On)
	if err != nil {
		return nil, err
	}
	e, err := m.conditionScope().Parse(c.Equation)
	if err != nil {
		return nil, err
	}
	s := &Set{Rows: []string{c.Equation}, residuals: []term.Expr{term.Collapse(e)}, pieces: pieces}
	for part := range term.Walk(e) {
		if q, ok := part.(term.Parameter); ok && strings.HasPrefix(q.Name, "n_") {
			s.normals = true
		}
	}
	return s, nil
}

// point makes a condition at a point of space.
func (m *Model) point(c Condition) (*Set, error) {
	low, _ := m.Region.Bounds()
	if m.time() != " " {
		low = low[:len(low)-1]
	}
	if len(c.At) != len(low) || c.On != "" {
		return nil, fmt.Errorf("at %v: want the %d coordinates of a point of space, and no on", c.At, len(low))
	}
	e, err := m.equationScope.Parse(c.Equation)
	if err != nil {
		return nil, err
	}
	s := &Set{Rows: []string{c.Equation}, residuals: []term.Expr{term.Collapse(e)}}
	for _, v := range c.At {
		s.fixed = append(s.fixed, float64(v))
	}
	if !m.inside(s.fixed) {
		return nil, fmt.Errorf("at %v: the point lies outside the domain", c.At)
	}
	return s, nil
}

// conditionScope adds the outer normal, n_x, n_y .., and the derivative along it, u_n.
func (m *Model) conditionScope() term.Scope {
	s := m.equationScope
	s.Definitions = maps.Clone(s.Definitions)
	for _, x := range m.Problem.Coordinates {
		if x != m.time() {
			s.Parameters = append(slices.Clone(s.Parameters), "n_"+x)
		}
	}
	for _, u := range m.Problem.Unknowns {
		var sum []string
		for _, x := range m.Problem.Coordinates {
			if x != m.time() {
				sum = append(sum, "n_"+x+"*"+u+"_"+x)
			}
		}
		s.Definitions[u+"_n"] = strings.Join(sum, " + ")
	}
	return s
}

// pieces finds the part of the boundary that On names.
func (m *Model) pieces(on string) ([]domain.Piece, error) {
	var keep func(p domain.Piece) bool
	switch on {
	case "", "boundary":
		keep = func(p domain.Piece) bool { return p.Part == domain.Outer || p.Part == domain.Hole }
	case "outer", "hole", "initial", "final":
		keep = func(p domain.Piece) bool { return p.Part.String() == on }
	default:
		axis, value, err := m.face(on)
		if err != nil {
			return nil, err
		}
		low, high := m.Region.Bounds()
		keep = func(p domain.Piece) bool {
			return p.Axis == axis && math.Abs(p.Value-value) <= 1e-12*(high[axis]-low[axis])
		}
	}
	var list []domain.Piece
	for _, p := range m.Region.Boundary() {
		if keep(p) {
			list = append(list, p)
		}
	}
	if len(list) == 0 {
		return nil, fmt.Errorf("on: %q: the domain's boundary has no such part: faces are %s", on, strings.Join(m.faces(), ", "))
	}
	return list, nil
}

// face reads "x = value".
func (m *Model) face(on string) (axis int, value float64, err error) {
	name, text, ok := strings.Cut(on, "=")
	axis = slices.Index(m.Problem.Coordinates, strings.TrimSpace(name))
	if !ok || axis < 0 {
		return 0, 0, fmt.Errorf("on: %q: want boundary, outer, hole, initial, final, or a face such as %s", on, strings.Join(m.faces(), ", "))
	}
	s := term.Scope{Definitions: m.equationScope.Definitions}
	e, err := s.Parse(text)
	if err != nil {
		return 0, 0, fmt.Errorf("on: %w", err)
	}
	return axis, term.Eval(e, term.Values{}), nil
}

// faces lists the flat pieces of the boundary.
func (m *Model) faces() []string {
	var list []string
	for _, p := range m.Region.Boundary() {
		if p.Axis >= 0 {
			list = append(list, fmt.Sprintf("%s = %v", m.Problem.Coordinates[p.Axis], p.Value))
		}
	}
	return list
}

// periodic makes the rows u(x) − u(x + L), and so for the derivatives in the coordinate.
func (m *Model) periodic(c Condition) (*Set, error) {
	if c.On != "" || c.Equation != "" {
		return nil, fmt.Errorf("a periodic condition has no other keys than order, weight and points")
	}
	axis := slices.Index(m.Problem.Coordinates, c.Periodic)
	if axis < 0 || c.Periodic == m.time() {
		return nil, fmt.Errorf("periodic: %q is no coordinate of space", c.Periodic)
	}
	low, high := m.Region.Bounds()
	var side []domain.Piece
	for _, p := range m.Region.Boundary() {
		if p.Axis == axis && p.Value == low[axis] {
			side = append(side, p)
		}
	}
	order := cmp.Or(c.Order, 2)
	if len(side) == 0 {
		return nil, fmt.Errorf("periodic: %s: the domain is no box", c.Periodic)
	}
	if order < 1 || order > term.MaxOrder+1 {
		return nil, fmt.Errorf("periodic: order %d: 1 to %d derivatives can repeat, the function being the first", order, term.MaxOrder+1)
	}
	s := &Set{pieces: side, shift: make([]float64, len(low))}
	s.shift[axis] = high[axis] - low[axis]
	for _, u := range m.Problem.Unknowns {
		for k := range order {
			s.residuals = append(s.residuals, term.Unknown{Name: u, D: strings.Repeat(string(byte(axis)), k)})
			s.sides = append(s.sides, [2]float64{1, -1})
			s.Rows = append(s.Rows, fmt.Sprintf("%s repeats in %s, derivative %d", u, c.Periodic, k))
		}
	}
	return s, nil
}
