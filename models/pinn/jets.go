package pinn

import (
	"fmt"

	"github.com/kolmogo/kolmogo/models"
	"github.com/kolmogo/kolmogo/op"
	"github.com/kolmogo/kolmogo/pde/term"
)

// jets evaluates expressions of the coordinates as jets [m, 1]. It implements term.Algebra.
type jets struct {
	plan      *models.JetPlan
	x         models.Jet // of the coordinates
	parameter func(name string) op.Value
}

func (a jets) eval(e term.Expr) models.Jet { return term.Fold(e, term.Algebra[models.Jet](a)) }

func (a jets) columns() columns { return columns{x: a.x.Value(), parameter: a.parameter} }

// Number implements term.Algebra.
func (a jets) Number(v float64) models.Jet { return a.plan.Fixed(a.columns().Number(v)) }

// Coordinate implements term.Algebra.
func (a jets) Coordinate(i int) models.Jet { return a.x.Columns(i, 1) }

// Parameter implements term.Algebra.
func (a jets) Parameter(name string) models.Jet { return a.plan.Fixed(a.columns().Parameter(name)) }

// Unknown implements term.Algebra: resolution has no unknowns where this is used.
func (a jets) Unknown(name, _ string) models.Jet {
	a.x.Value().Fail(fmt.Errorf("pinn: the unknown %q in an expression of the coordinates", name))
	return a.x
}

// Operator implements term.Algebra.
func (a jets) Operator(o term.Operator) models.Jet { return a.Unknown(o.Name, "") }

// Add implements term.Algebra.
func (jets) Add(x, y models.Jet) models.Jet { return x.Add(y) }

// Mul implements term.Algebra.
func (jets) Mul(x, y models.Jet) models.Jet { return x.Mul(y) }

// Div implements term.Algebra.
func (jets) Div(x, y models.Jet) models.Jet { return x.Mul(y.Compose(models.PowJet(-1))) }

// Scale implements term.Algebra.
func (jets) Scale(c float64, x models.Jet) models.Jet { return x.Scale(c) }

// Shift implements term.Algebra.
func (jets) Shift(x models.Jet, c float64) models.Jet {
	return x.Shift(x.Value().Graph().Scalar(x.Value().Dtype(), c))
}

// Pow implements term.Algebra.
func (jets) Pow(x models.Jet, p float64) models.Jet { return x.Compose(models.PowJet(p)) }

// Call implements term.Algebra.
func (jets) Call(f string, x models.Jet) models.Jet {
	fn, err := models.JetFunction(f)
	if err != nil {
		x.Value().Fail(fmt.Errorf("pinn: %w", err))
		return x
	}
	return x.Compose(fn)
}
