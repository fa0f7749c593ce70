package train

import (
	"fmt"

	"github.com/kolmogo/kolmogo/engine"
	"github.com/kolmogo/kolmogo/op"
)

// Predict writes the prediction for src [batch, x.., frames·channel] of the given shape into dst [batch, x.., output].
func (p *Predictor) Predict(dst, src []float32, shape []int) error {
	return p.PredictFor(dst, src, shape, Told{})
}

// Told is what a prediction depends on beside its input.
type Told struct {
	Scalars []float32 // [batch, condition], the numbers that the description's Condition names; nil where it names none
	Samples []int     // the number of each sample, which its noise is a function of; nil: 0, 1, ..
	Step    int       // of a rollout, likewise
}

// PredictFor is Predict for a surrogate that is told scalars, or draws noise.
func (p *Predictor) PredictFor(dst, src []float32, shape []int, told Told) error {
	prog, err := p.program(shape)
	if err != nil {
		return err
	}
	if err := engine.Feed(prog, inputX, src); err != nil {
		return err
	}
	if len(told.Scalars) != shape[0]*len(p.Description.Condition) {
		return fmt.Errorf("%w: the model is told %v of %d samples, got %d numbers", ErrConfig, p.Description.Condition, shape[0], len(told.Scalars))
	}
	if err := engine.Feed(prog, inputGiven, told.Scalars); err != nil {
		return err
	}
	if err := engine.Feed(prog, inputDraws, drawCounters(shape[0], told)); err != nil {
		return err
	}
	if err := prog.Run(); err != nil {
		return err
	}
	return engine.Output(prog, 0, dst)
}

// inputDraws is the step counter of each sample's noise.
const inputDraws = "sample.draws"

// stepBits is the number of bits of a step in the counter of a sample's noise. The sample's number stands above them: float32 tells
// the first 2²⁰ apart.
const stepBits = 24

// drawCounters are the step counters of n samples.
func drawCounters(n int, told Told) []float64 {
	var list []float64
	for i := range n {
		if told.Samples != nil {
			i = told.Samples[i]
		}
		c := op.StepCounter(uint64(i)<<stepBits | uint64(told.Step)&(1<<stepBits-1))
		list = append(list, c[0], c[1])
	}
	return list
}

// Cost returns what a prediction of the given shape takes.
func (p *Predictor) Cost(shape []int) (engine.Cost, error) {
	prog, err := p.program(shape)
	if err != nil {
		return engine.Cost{}, err
	}
	return prog.Cost(), nil
}

func (p *Predictor) program(shape []int) (*engine.Program, error) {
	d := op.Of(shape...)
	if prog, ok := p.programs[d]; ok {
		return prog, nil
	}
	y, err := p.Graph(shape)
	if err != nil {
		return nil, err
	}
	prog, err := engine.Compile(y.Graph(), []op.Value{y}, nil, p.store)
	if err != nil {
		return nil, err
	}
	p.programs[d] = prog
	return prog, nil
}

// The leaves of a predictor's graph.
const (
	Input = inputX
	Given = inputGiven // [batch, condition]
)

// Graph returns the prediction for the leaf Input of the given shape, under the scalars Given, as a graph whose variables are those
// of Weights.
func (p *Predictor) Graph(shape []int) (op.Value, error) {
	if err := p.fits(shape); err != nil {
		return op.Value{}, err
	}
	g := op.NewGraph()
	y := p.sample(g, g.Input(inputX, p.Precision, op.Of(shape...)), g.Input(inputDraws, p.Precision, op.Of(shape[0], 2)))
	return y, g.Err()
}

// fits reports a shape that is not of the model's inputs.
func (p *Predictor) fits(shape []int) error {
	want := max(p.Description.Frames, 1) * p.Description.Channels
	if len(shape) != p.Description.Axes+2 || shape[len(shape)-1] != want {
		return fmt.Errorf("%w: the model takes [batch, %d axes, %d channels], the data are %v", ErrConfig, p.Description.Axes, want, shape)
	}
	return nil
}

// sample is the prediction from x with noise of the given counters [batch, 2].
func (p *Predictor) sample(g *op.Graph, x, draws op.Value) op.Value {
	var given op.Value
	if n := len(p.Description.Condition); n > 0 {
		given = g.Input(inputGiven, p.Precision, op.Of(x.Dims().At(0), n))
	}
	return p.surrogate.Sample(x, given, draws, p.Seed)
}
