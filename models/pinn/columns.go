package pinn

import (
	"fmt"
	"slices"

	"github.com/kolmogo/kolmogo/models"
	"github.com/kolmogo/kolmogo/op"
	"github.com/kolmogo/kolmogo/pde/term"
)

// needs are the derivatives and operators of unknowns that expressions read.
type needs struct {
	derivatives []models.Derivative
	operators   []models.Operator
}

func needsOf(exprs ...term.Expr) needs {
	var n needs
	for _, e := range exprs {
		for part := range term.Walk(e) {
			switch part := part.(type) {
			case term.Unknown:
				n.derivatives = append(n.derivatives, models.Derivative(part.D))
			case term.Operator:
				if n.index(part) < 0 {
					n.operators = append(n.operators, operatorOf(part))
				}
			}
		}
	}
	return n
}

func operatorOf(e term.Operator) models.Operator {
	var o models.Operator
	for _, w := range e.Terms {
		o = append(o, models.Weighted{C: w.C, D: models.Derivative(w.D)})
	}
	return o
}

// index is the number of an operator, −1 if it is not there.
func (n needs) index(e term.Operator) int {
	want := operatorOf(e)
	return slices.IndexFunc(n.operators, func(o models.Operator) bool { return slices.Equal(o, want) })
}

// columns evaluates expressions at the points of a graph: every value is a column [m, 1]. It implements term.Algebra.
type columns struct {
	x      op.Value // [m, n]
	needs  needs
	fields models.Jet // [m, unknowns]
	names  []string   // of the unknowns, in the order of their columns
	// parameter returns a parameter, [1] or a scalar.
	parameter func(name string) op.Value
}

// column returns the values of e at the points.
func (c columns) column(e term.Expr) op.Value { return term.Fold(e, term.Algebra[op.Value](c)) }

func (c columns) dims() op.Dims { return op.Of(c.x.Dims().At(0), 1) }

// Number implements term.Algebra.
func (c columns) Number(v float64) op.Value {
	return op.BroadcastTo(c.x.Graph().Scalar(c.x.Dtype(), v), c.dims())
}

// Coordinate implements term.Algebra.
func (c columns) Coordinate(i int) op.Value { return op.SliceAxis(c.x, 1, i, 1) }

// Parameter implements term.Algebra.
func (c columns) Parameter(name string) op.Value {
	if c.parameter == nil {
		return c.x.Fail(fmt.Errorf("pinn: parameter %q has no value here", name))
	}
	return op.BroadcastTo(c.parameter(name), c.dims())
}

// Unknown implements term.Algebra.
func (c columns) Unknown(name, d string) op.Value {
	return op.SliceAxis(c.fields.At(models.Derivative(d)), 1, slices.Index(c.names, name), 1)
}

// Operator implements term.Algebra.
func (c columns) Operator(o term.Operator) op.Value {
	return op.SliceAxis(c.fields.Operator(c.needs.index(o)), 1, slices.Index(c.names, o.Name), 1)
}

// Add implements term.Algebra.
func (columns) Add(x, y op.Value) op.Value { return op.Add(x, y) }

// Mul implements term.Algebra.
func (columns) Mul(x, y op.Value) op.Value { return op.Mul(x, y) }

// Div implements term.Algebra.
func (columns) Div(x, y op.Value) op.Value { return op.Div(x, y) }

// Scale implements term.Algebra.
func (columns) Scale(s float64, x op.Value) op.Value { return op.Scale(x, s) }

// Shift implements term.Algebra.
func (columns) Shift(x op.Value, s float64) op.Value { return op.Affine(x, 1, s) }

// Pow implements term.Algebra.
func (columns) Pow(x op.Value, p float64) op.Value { return models.PowJet(p).Derivatives(x, 0)[0] }

// Call implements term.Algebra.
func (columns) Call(f string, x op.Value) op.Value {
	fn, err := models.JetFunction(f)
	if err != nil {
		return x.Fail(fmt.Errorf("pinn: %w", err))
	}
	return fn.Derivatives(x, 0)[0]
}
