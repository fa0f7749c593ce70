package train

import (
	"errors"

	"github.com/kolmogo/kolmogo/engine"
	"github.com/kolmogo/kolmogo/models"
	"github.com/kolmogo/kolmogo/op"
)

// likelihood is the mean of ½ ln v + (y − m)²/2v, the negative logarithm of the density of the targets, up to ½ ln 2π, for predictions
// with a variance v (model.constraint.kind gaussian or conserve).
type likelihood struct{}

func (likelihood) check(s *models.Surrogate, frames int, _ Config) error {
	if !s.Uncertain() {
		return errors.New("the predictions have no variance: set model.constraint.kind to gaussian or conserve")
	}
	if frames > 1 {
		return errors.New("the likelihood is that of one frame: leave out data.window.unroll")
	}
	return nil
}

func (likelihood) loss(s *models.Surrogate, b batchValues, _ Config) (op.Value, error) {
	mean, variance := s.Moments(b.x, b.told(0))
	d := op.Sub(b.frame(), mean)
	return op.Scale(op.MeanAll(op.Add(op.Log(variance), op.Div(op.Mul(d, d), variance))), 0.5), nil
}

func (likelihood) feed(*engine.Program, uint64, int) error { return nil }
