package train

import (
	"errors"

	"github.com/kolmogo/kolmogo/engine"
	"github.com/kolmogo/kolmogo/models"
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

// solveStarts is the variable of the last solutions of all samples, less one: [samples, experts·basis].
const solveStarts = "solve.starts"

func (equation) loss(s *models.Surrogate, b batchValues, _ Config) (op.Value, error) {
	e := s.Equation()
	var starts, before, first op.Value // of all samples, of those of the batch, and by expert
	n, size := b.x.Dims().At(0), e.Solves()*e.Basis
	if e.Warm && size > 0 && b.index.Valid() {
		starts = b.x.Graph().Variable(solveStarts, op.Float64, op.Of(b.set, size))
		before = op.Gather(starts, b.index)
		byExpert := op.Transpose(op.ReshapeTo(before, op.Of(n, e.Solves(), e.Basis)), 1, 0, 2)
		first = op.Affine(op.ReshapeTo(byExpert, op.Of(e.Solves()*n, e.Basis)), 1, 1)
	}
	loss, found := s.Residual(b.x, b.told(0), first)
	if found.Report.Valid() && b.extra != nil {
		b.extra.report = op.MeanOver(found.Report, op.AxisSet(0))
		if starts.Valid() {
			after := op.Transpose(op.ReshapeTo(found.Unknowns, op.Of(e.Solves(), n, e.Basis)), 1, 0, 2)
			change := op.Sub(op.Affine(op.ReshapeTo(after, op.Of(n, size)), 1, -1), before)
			b.extra.updates = append(b.extra.updates, engine.Update{Variable: starts, Value: op.Add(starts, op.Apply(op.ScatterOp{Rows: b.set}, change, b.index))})
		}
	}
	return op.Cast(loss, b.x.Dtype()), nil
}

func (equation) feed(*engine.Program, uint64, int) error { return nil }

// solves says whether predictions are made from an equation.
func solves(s *models.Surrogate) bool { return s.Equation() != nil }

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
