package models

import (
	"errors"

	"github.com/kolmogo/kolmogo/models/constraint"
	"github.com/kolmogo/kolmogo/op"
)

// Equation is what predictions are solutions of; nil where they are made without.
func (s *Surrogate) Equation() *constraint.Equation {
	e, _ := s.Constraint.(*constraint.Equation)
	return e
}

// Solution is Sample of a surrogate with an Equation: the prediction from x under the scalars c, and what is known of its solves.
func (s *Surrogate) Solution(x, c op.Value) constraint.Solution {
	z, c := s.normalise(x, c)
	if !z.Valid() {
		return constraint.Solution{U: z}
	}
	return s.Equation().Predict(x, Given(s.Net, z, c))
}

// Residual is the loss of the equation that the predictions are constrained by, for the input x under the scalars c, without any data
// of solutions, and the solution that it judges. The solves start where constraint.Equation.Solve says.
func (s *Surrogate) Residual(x, c, start op.Value) (loss op.Value, found constraint.Solution) {
	e := s.Equation()
	if e == nil {
		return x.Fail(errors.New("models: surrogate: no equation: set model.constraint.kind to equation")), found
	}
	z, c := s.normalise(x, c)
	if !z.Valid() {
		return z, found
	}
	found = e.Solve(x, Given(s.Net, z, c), start)
	return e.Loss(x, found.U), found
}
