package train

import (
	"errors"

	"github.com/kolmogo/kolmogo/engine"
	"github.com/kolmogo/kolmogo/models"
	"github.com/kolmogo/kolmogo/models/refiner"
	"github.com/kolmogo/kolmogo/op"
)

// errorCorrection is what the process correct asks of its network, in the network's units: the mean over k = 0..K of the mean squares
// of net(û, x, k) − (y − û), where û = 0 at first and is then what the calls before make of it, through which no gradient flows.
type errorCorrection struct{}

func (errorCorrection) check(s *models.Surrogate, frames int, c Config) error {
	if _, ok := s.Process.(refiner.Correct); !ok {
		return errors.New("set refiner.kind=correct")
	}
	return learnsAnswers(frames, c)
}

func (errorCorrection) loss(s *models.Surrogate, b batchValues, _ Config) (op.Value, error) {
	y := s.Unit(b.x, b.frame())
	if !y.Valid() {
		return y, nil
	}
	g, d := y.Graph(), y.Dims()
	scalar := func(v float64, d op.Dims) op.Value { return op.BroadcastTo(g.Scalar(y.Dtype(), v), d) }
	guess, total := scalar(0, d), g.Scalar(y.Dtype(), 0)
	calls := s.Process.(refiner.Correct).Steps + 1
	for k := range calls {
		answer := s.Call(b.x, b.told(0), guess, scalar(float64(k), op.Of(d.At(0))))
		total = op.Add(total, meanSquare(answer, op.Sub(y, guess)))
		guess = op.Detach(op.Add(guess, answer))
	}
	return op.Scale(total, 1/float64(calls)), nil
}

func (errorCorrection) feed(*engine.Program, uint64, int) error { return nil }
