package train

import (
	"errors"

	"github.com/kolmogo/kolmogo/engine"
	"github.com/kolmogo/kolmogo/models"
	"github.com/kolmogo/kolmogo/models/constraint"
	"github.com/kolmogo/kolmogo/op"
)

// equation is the loss of an equation that predictions are made to solve, or ought to: no data of solutions enters, whatever the
// targets are. Source: Chalapathi, Du, Krishnapriyan 2024 (arXiv 2402.13412).
type equation struct{}

func (equation) check(s *models.Surrogate, frames int, _ Config) error {
	if !solves(s) {
		return errors.New("no equation: set model.constraint.kind to equation")
	}
	if frames > 1 {
		return errors.New("the equation is for the whole solution: the data are pairs, without data.window.unroll")
	}
	return nil
}

func (equation) loss(s *models.Surrogate, b batchValues, _ Config) (op.Value, error) {
	return op.Cast(s.Residual(b.x, b.told(0)), b.x.Dtype()), nil
}

func (equation) feed(*engine.Program, uint64, int) error { return nil }

// solves says whether predictions are made from an equation.
func solves(s *models.Surrogate) bool {
	_, ok := s.Constraint.(*constraint.Equation)
	return ok
}
