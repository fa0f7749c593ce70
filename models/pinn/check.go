package pinn

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/kolmogo/kolmogo/pde/domain"
	"github.com/kolmogo/kolmogo/pde/term"
)

// checkNames reports a name with two meanings, or one that cannot be written in an equation.
func (m *Model) checkNames() error {
	p := m.Problem
	meaning := map[string]string{"pi": "the number"}
	for _, f := range term.Functions() {
		meaning[f] = "a function"
	}
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
	if _, err := domain.Sampling(p.Sampling).Cube(1, 1, rand.New(rand.NewPCG(0, 0))); err != nil {
		return fmt.Errorf("pinn: sampling: %w", err)
	}
	if n := p.Reference.Grid; len(n) > 0 && len(n) != len(p.Coordinates) {
		return fmt.Errorf("pinn: reference.grid %v: want a number for each of %v", n, p.Coordinates)
	}
	if err := m.checkUse(); err != nil {
		return err
	}
	order := m.orders()
	for _, u := range p.Unknowns {
		for axis, name := range p.Coordinates {
			if n := order[u][axis]; n > 0 {
				if err := m.checkAxis(u, name, axis, n); err != nil {
					return err
				}
			}
		}
	}
	if err := m.checkTwice(); err != nil {
		return err
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
