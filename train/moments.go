package train

import (
	"errors"

	"github.com/kolmogo/kolmogo/engine"
	"github.com/kolmogo/kolmogo/op"
)

// Moments writes mean and variance of the predictions for src [batch, x.., frames·channel] of the given shape. A surrogate without
// variances is an error.
func (p *Predictor) Moments(mean, variance []float64, src []float32, shape []int) error {
	if !p.surrogate.Uncertain() {
		return errors.New("train: the surrogate gives no variance: train it with model.constraint.kind gaussian or conserve")
	}
	program, err := p.momentsProgram(op.Of(shape...))
	if err != nil {
		return err
	}
	if err := engine.Feed(program, inputX, src); err != nil {
		return err
	}
	if err := program.Run(); err != nil {
		return err
	}
	if err := engine.Output(program, 0, mean); err != nil {
		return err
	}
	return engine.Output(program, 1, variance)
}

func (p *Predictor) momentsProgram(d op.Dims) (*engine.Program, error) {
	if program, ok := p.moments[d]; ok {
		return program, nil
	}
	g := op.NewGraph()
	m, v := p.surrogate.Moments(g.Input(inputX, p.Precision, d), op.Value{})
	program, err := engine.Compile(g, []op.Value{m, v}, nil, p.store)
	if err == nil {
		p.moments[d] = program
	}
	return program, err
}
