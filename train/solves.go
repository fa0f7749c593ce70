package train

import (
	"fmt"
	"math"

	"github.com/kolmogo/kolmogo/models/constraint"
	"github.com/kolmogo/kolmogo/op"
)

// Solves is what the solves of predictions with an equation came to, see op.FitOp.
type Solves struct {
	Count, Unconverged int     // an unconverged one is the best that was found
	Iterations         float64 // the mean
	Residual           float64 // the root of the mean sum of squared rows that is left, with that of the ridge
	Worst              float64 // the largest root
}

// add takes reports [solves, op.FitReport] into account.
func (s *Solves) add(reports []float64) {
	for at := 0; at < len(reports); at += op.FitReport {
		squares, n := 2*reports[at], float64(s.Count)
		s.Residual = math.Sqrt((n*s.Residual*s.Residual + squares) / (n + 1))
		s.Iterations = (n*s.Iterations + reports[at+1]) / (n + 1)
		s.Worst = math.Max(s.Worst, math.Sqrt(squares)) // NaN stays
		s.Count++
		if reports[at+2] != 1 {
			s.Unconverged++
		}
	}
}

// Constrain changes what predictions obey, and how they are made to, in a way that the weights fit: other experts, points or
// tolerances of an equation, say.
func (p *Predictor) Constrain(c constraint.Config) error {
	d := p.Description
	d.Model.Constraint = c
	s, err := d.Build(nil)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrConfig, err)
	}
	shapes := map[string]op.Dims{}
	for name, q := range p.surrogate.Params() {
		shapes[name] = q.Dims
	}
	for name, q := range s.Params() {
		if before, ok := shapes[name]; !ok || before != q.Dims {
			return fmt.Errorf("%w: model.constraint: the weights %s are of shape %v, with the change of %v: what a constraint asks of the network is fixed when it is trained", ErrConfig, name, before, q.Dims)
		}
	}
	p.Description, p.surrogate = d, s
	p.forget()
	return nil
}
