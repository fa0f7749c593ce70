package pinn

import (
	"fmt"

	"github.com/kolmogo/kolmogo/models"
	"github.com/kolmogo/kolmogo/op"
	"github.com/kolmogo/kolmogo/pde/term"
)

// System is equations for the unknowns as functions of the coordinates, in the notation of package term.
type System struct {
	Coordinates []string
	Unknowns    []string // in the order of a network's outputs
	Definitions map[string]string
	Equations   []string
}

// Residuals returns the residual of each equation, [m, 1], for a network at the points x [m, coordinates].
func (s System) Residuals(net Network, x op.Value) ([]op.Value, error) {
	scope := term.Scope{Coordinates: s.Coordinates, Unknowns: s.Unknowns, Definitions: s.Definitions}
	exprs := make([]term.Expr, len(s.Equations))
	for i, src := range s.Equations {
		e, err := scope.Parse(src)
		if err != nil {
			return nil, fmt.Errorf("pinn: equation %d: %w", i, err)
		}
		exprs[i] = term.Collapse(e)
	}
	n := needsOf(exprs...)
	plan, err := models.NewJetPlan(len(s.Coordinates), nil, n.derivatives, n.operators)
	if err != nil {
		return nil, fmt.Errorf("pinn: %w", err)
	}
	c := columns{x: x, needs: n, fields: net.ApplyJet(plan.Coordinates(x)), names: s.Unknowns}
	rows := make([]op.Value, len(exprs))
	for i, e := range exprs {
		rows[i] = c.column(e)
	}
	return rows, x.Graph().Err()
}
