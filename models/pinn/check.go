package pinn

import (
	"fmt"
	"slices"
	"strings"

	"github.com/kolmogo/kolmogo/pde/domain"
	"github.com/kolmogo/kolmogo/pde/term"
)

// checkNames reports a name with two meanings, or one that cannot be written in an equation.
func (m *Model) checkNames() error {
	p := m.Problem
	meaning := map[string]string{"pi": "the number"}
	add := func(name, what string) error {
		if _, err := (term.Scope{Parameters: []string{name}}).Parse(name); err != nil {
			return fmt.Errorf("pinn: %s %q is no name: letters, digits and underscores make one", what, name)
		}
		if old, ok := meaning[name]; ok {
			return fmt.Errorf("pinn: %q is %s and %s: rename one", name, old, what)
		}
		meaning[name] = what
		return nil
	}
	groups := []struct {
		what  string
		names []string
	}{{"a coordinate", p.Coordinates}, {"an unknown", p.Unknowns}, {"a parameter", sorted(p.Parameters)}, {"a trained parameter", m.names}, {"a hidden term", sorted(p.Hidden)}, {"a definition", sorted(p.Define)}}
	for _, g := range groups {
		for _, name := range g.names {
			if err := add(name, g.what); err != nil {
				return err
			}
		}
	}
	return nil
}

func sorted[T any](m map[string]T) []string {
	var list []string
	for name := range m {
		list = append(list, name)
	}
	slices.Sort(list)
	return list
}

// check reports problems that have no or no unique solution: the time's order needs as many initial conditions, space needs its
// boundary, a soft and an exact condition must not meet.
func (m *Model) check() error {
	p := m.Problem
	for _, s := range m.Sets {
		if s.Points < 1 || !(s.Weight > 0) {
			return fmt.Errorf("pinn: %s: points %d and weight %v must be positive", s.Name, s.Points, s.Weight)
		}
	}
	order := m.orders()
	for _, u := range p.Unknowns {
		if !m.appears(u) {
			return fmt.Errorf("pinn: the unknown %s is in no equation, condition or observation", u)
		}
		for axis, n := range order[u] {
			name := p.Coordinates[axis]
			if err := m.checkAxis(u, name, axis, n); err != nil {
				return err
			}
		}
	}
	for i, c := range p.Conditions {
		if n := p.Ansatz.Periodic[c.Periodic]; c.Periodic != "" && n > 0 {
			return fmt.Errorf("pinn: condition %d: the ansatz repeats in %s already: leave the condition out", i, c.Periodic)
		}
	}
	return nil
}

// orders are the highest orders of the derivatives in the equations, by unknown and axis.
func (m *Model) orders() map[string]map[int]int {
	order := map[string]map[int]int{}
	for _, u := range m.Problem.Unknowns {
		order[u] = map[int]int{}
	}
	for _, e := range m.Sets[0].residuals {
		for part := range term.Walk(e) {
			switch part := part.(type) {
			case term.Unknown:
				raise(order[part.Name], part.D)
			case term.Operator:
				for _, w := range part.Terms {
					raise(order[part.Name], w.D)
				}
			}
		}
	}
	return order
}

func raise(order map[int]int, d string) {
	for i := range len(d) {
		axis := int(d[i])
		order[axis] = max(order[axis], strings.Count(d, d[i:i+1]))
	}
}

func (m *Model) appears(u string) bool {
	for _, s := range m.Sets {
		for _, e := range s.residuals {
			for part := range term.Walk(e) {
				if v, ok := part.(term.Unknown); ok && v.Name == u {
					return true
				}
				if o, ok := part.(term.Operator); ok && o.Name == u {
					return true
				}
			}
		}
	}
	return false
}

// checkAxis counts what fixes an unknown along an axis in which the equations have derivatives of order n.
func (m *Model) checkAxis(u, name string, axis, n int) error {
	p := m.Problem
	_, lifted := p.Ansatz.Factor[u]
	if lifted || m.goesOn && name == m.time() || p.Data.Points > 0 || len(p.Ansatz.Inputs) > 0 || p.Ansatz.Periodic[name] > 0 {
		return nil // fixed in ways that cannot be counted
	}
	fixed := 0
	for i, s := range m.Sets[1 : 1+len(p.Conditions)] {
		c := p.Conditions[i]
		if c.Periodic != "" {
			if c.Periodic == name {
				return nil
			}
			continue
		}
		if s.fixed != nil && n > 1 || s.fixed == nil && !slices.ContainsFunc(s.pieces, func(q domain.Piece) bool { return q.Axis == axis || q.Axis < 0 && name != m.time() }) {
			continue
		}
		for part := range term.Walk(s.residuals[0]) {
			if v, ok := part.(term.Unknown); ok && v.Name == u {
				fixed++
				break
			}
		}
	}
	switch {
	case name == m.time() && fixed < n:
		return fmt.Errorf("pinn: the equations have ∂%s/∂%s to order %d, so %s needs %d initial conditions, here are %d: add conditions such as {on: %q, equation: %q}, or ansatz.lift and ansatz.factor",
			u, name, n, u, n, fixed, fmt.Sprintf("%s = %v", name, p.Domain.Time[0]), u+" = 0")
	case name != m.time() && fixed == 0 && n > 0:
		return fmt.Errorf("pinn: nothing fixes %s at the ends of %s, in which the equations have derivatives of order %d: add a condition {on: boundary, equation: %q} or {periodic: %s}, or ansatz.periodic",
			u, name, n, u+" = 0", name)
	}
	return nil
}
