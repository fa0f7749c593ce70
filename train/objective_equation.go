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
	loss, report := s.Residual(b.x, b.told(0))
	if report.Valid() && b.report != nil {
		*b.report = op.MeanOver(report, op.AxisSet(0))
	}
	return op.Cast(loss, b.x.Dtype()), nil
}

func (equation) feed(*engine.Program, uint64, int) error { return nil }

// solves says whether predictions are made from an equation.
func solves(s *models.Surrogate) bool {
	_, ok := s.Constraint.(*constraint.Equation)
	return ok
}

// solveLog is what a line of the log says of a step's solves, from the means that the loss reports: half the sum of the squared rows that is
// left, iterations, the share that did not converge, whose gradients are damped, and the last damping.
func solveLog(line map[string]any, mean []float64) {
	for i, name := range []string{"solve_objective", "solve_iterations", "solves_unconverged", "solve_damping"} {
		v := mean[i]
		if i == 2 {
			v = 1 - v
		}
		line[name] = v
	}
}
