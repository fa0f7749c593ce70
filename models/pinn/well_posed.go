package pinn

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/kolmogo/kolmogo/pde/term"
)

// checkUse reports what is sought and stands nowhere, and unknowns that equations and observations are too few for.
func (m *Model) checkUse() error {
	p := m.Problem
	for _, u := range p.Unknowns {
		if !m.appears(func(e term.Expr) bool {
			v, ok := e.(term.Unknown)
			o, collapsed := e.(term.Operator)
			return ok && v.Name == u || collapsed && o.Name == u
		}) {
			return fmt.Errorf("pinn: the unknown %s is in no equation, condition or observation", u)
		}
	}
	for what, names := range map[string][]string{"trained": m.names, "hidden": m.HiddenTerms(), "varied": p.Varied} {
		for _, name := range names {
			if !m.appears(func(e term.Expr) bool { return e == term.Expr(term.Parameter{Name: name}) }) {
				return fmt.Errorf("pinn: %s: %s is in no equation, condition or observation", what, name)
			}
		}
	}
	if n, k := len(p.Equations), len(p.Unknowns); n < k && p.Data.Points == 0 {
		return fmt.Errorf("pinn: %d equations for %d unknowns, %s, and no observations (data.points): add equations", n, k, strings.Join(p.Unknowns, ", "))
	}
	return nil
}

// appears tells whether a part of any residual, or of an expression of the ansatz, is what is looked for.
func (m *Model) appears(found func(term.Expr) bool) bool {
	lists := [][]term.Expr{m.lift, m.factor}
	for _, s := range m.Sets {
		lists = append(lists, s.residuals)
	}
	for _, list := range lists {
		for _, e := range list {
			if e == nil {
				continue
			}
			for part := range term.Walk(e) {
				if found(part) {
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
	type end struct { // what fixes the unknown once
		face  float64
		order int // of its derivative along the axis
	}
	fixed := map[end]bool{}
	ends := 0
	for i, s := range m.Sets[1 : 1+len(p.Conditions)] {
		c := p.Conditions[i]
		if c.Periodic == name {
			return nil
		}
		order, ok := highest(s.residuals[0], u, axis)
		if c.Periodic != "" || !ok || s.fixed != nil && n > 1 {
			continue
		}
		if s.fixed != nil {
			fixed[end{s.fixed[min(axis, len(s.fixed)-1)], order}] = true
			ends++
		}
		for _, q := range s.pieces {
			switch {
			case q.Axis == axis && (name != m.time() || order < n):
				fixed[end{q.Value, order}] = true
				ends++
			case q.Axis < 0 && name != m.time(): // a curve meets a line along the axis twice
				fixed[end{math.Inf(1), order}] = true
				ends += 2
			}
		}
	}
	switch {
	case name == m.time() && len(fixed) < n:
		return fmt.Errorf("pinn: the equations have ∂%s/∂%s to order %d, so %s needs %d initial conditions, here are %d of different orders below %d: add conditions such as {on: %q, equation: %q}, or ansatz.lift and ansatz.factor",
			u, name, n, u, n, len(fixed), n, fmt.Sprintf("%s = %v", name, p.Domain.Time[0]), u+strings.TrimSuffix("_"+strings.Repeat(name, len(fixed)), "_")+" = 0")
	case name != m.time() && len(fixed) == 0 && !(n == 1 && m.follows(u)):
		return fmt.Errorf("pinn: nothing fixes %s at the ends of %s, in which the equations have derivatives of order %d: add a condition {on: boundary, equation: %q} or {periodic: %s}, or ansatz.periodic",
			u, name, n, u+" = 0", name)
	case name != m.time() && n > 2 && ends < n && len(p.Unknowns) == 1:
		return fmt.Errorf("pinn: the equation has ∂%s/∂%s to order %d, so %s needs %d conditions at the ends of %s, one on a face or two on the boundary at once, here are %d: add conditions such as {on: boundary, equation: %q}",
			u, name, n, u, n, name, ends, u+"_n = 0")
	}
	return nil
}

// follows tells whether an unknown stands in the equations of several without a derivative, as a flux q = u_x does: then conditions on the others may
// fix it. A pressure, whose derivatives alone matter, does not.
func (m *Model) follows(u string) bool {
	for _, e := range m.Sets[0].residuals {
		for part := range term.Walk(e) {
			if part == term.Expr(term.Unknown{Name: u}) {
				return len(m.Problem.Unknowns) > 1
			}
		}
	}
	return false
}

// highest is the highest order along an axis of the derivatives of an unknown in an expression; false where the unknown is not in it.
func highest(e term.Expr, u string, axis int) (order int, ok bool) {
	add := func(d string) { order, ok = max(order, strings.Count(d, string(byte(axis)))), true }
	for part := range term.Walk(e) {
		switch part := part.(type) {
		case term.Unknown:
			if part.Name == u {
				add(part.D)
			}
		case term.Operator:
			for _, w := range part.Terms {
				if part.Name == u {
					add(w.D)
				}
			}
		}
	}
	return order, ok
}

// checkTwice reports equations and conditions that say nothing about the unknowns, and two at the same place whose residuals differ by a function of the
// coordinates alone: one repeats the other, or contradicts it.
func (m *Model) checkTwice() error {
	p := m.Problem
	inside := m.Sets[0]
	for j, e := range inside.residuals {
		if m.known(e) {
			return fmt.Errorf("pinn: equations: %q says nothing about %s", inside.Rows[j], strings.Join(p.Unknowns, ", "))
		}
		for i, other := range inside.residuals[:j] {
			if m.known(term.Sub(other, e)) {
				return fmt.Errorf("pinn: equations: %q repeats or contradicts %q: leave one of them out", inside.Rows[j], inside.Rows[i])
			}
		}
	}
	for j, b := range p.Conditions {
		if b.Periodic == "" && m.known(m.Sets[1+j].residuals[0]) {
			return fmt.Errorf("pinn: condition %d: %q says nothing about %s", j, b.Equation, strings.Join(p.Unknowns, ", "))
		}
		for i, a := range p.Conditions[:j] {
			if a.Periodic != "" || b.Periodic != "" || strings.ReplaceAll(a.On, " ", "") != strings.ReplaceAll(b.On, " ", "") || !slices.Equal(a.At, b.At) {
				continue
			}
			if difference := term.Sub(m.Sets[1+i].residuals[0], m.Sets[1+j].residuals[0]); m.known(difference) {
				where := b.On
				if where == "" && len(b.At) == 0 {
					where = "boundary"
				}
				return fmt.Errorf("pinn: condition %d: %q on %q, where condition %d says %q already: leave one of them out", j, b.Equation, where, i, a.Equation)
			}
		}
	}
	return nil
}

// known tells whether an expression has the same values for any values of the unknowns, at random points.
func (m *Model) known(e term.Expr) bool {
	rnd := rand.New(rand.NewPCG(1, 1))
	low, high := m.Region.Bounds()
	parameters := map[string]float64{}
	for part := range term.Walk(e) {
		if q, ok := part.(term.Parameter); ok {
			parameters[q.Name] = rnd.NormFloat64()
		}
	}
	for range 10 {
		at := make([]float64, len(low))
		for i := range at {
			at[i] = low[i] + (high[i]-low[i])*rnd.Float64()
		}
		value := func() float64 {
			fields := map[string]float64{}
			return term.Eval(e, term.Values{At: at, Parameters: parameters, Field: func(u, d string) float64 {
				if _, ok := fields[u+" "+d]; !ok {
					fields[u+" "+d] = rnd.NormFloat64()
				}
				return fields[u+" "+d]
			}})
		}
		if a, b := value(), value(); !(math.Abs(a-b) <= 1e-12*(1+math.Abs(a))) {
			return false
		}
	}
	return true
}

// inside tells whether a point of space lies in the domain.
func (m *Model) inside(x []float64) bool {
	at := slices.Clone(x)
	if m.time() != " " {
		low, _ := m.Region.Bounds()
		at = append(at, low[len(low)-1])
	}
	return m.Region.Contains(at)
}
