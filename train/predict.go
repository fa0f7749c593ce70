package train

import (
	"fmt"

	"github.com/kolmogo/kolmogo/engine"
	"github.com/kolmogo/kolmogo/models/constraint"
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
	if err := engine.Feed(prog.Program, inputX, src); err != nil {
		return err
	}
	if len(told.Scalars) != shape[0]*len(p.Description.Condition) {
		return fmt.Errorf("%w: the model is told %v of %d samples, got %d numbers", ErrConfig, p.Description.Condition, shape[0], len(told.Scalars))
	}
	if err := engine.Feed(prog.Program, inputGiven, told.Scalars); err != nil {
		return err
	}
	if err := engine.Feed(prog.Program, inputDraws, drawCounters(shape[0], told)); err != nil {
		return err
	}
	if err := prog.Run(); err != nil {
		return err
	}
	if err := engine.Output(prog.Program, 0, dst); err != nil {
		return err
	}
	if prog.solves == 0 {
		return nil
	}
	reports := make([]float64, prog.solves*op.FitReport)
	if err := engine.Output(prog.Program, 1, reports); err != nil {
		return err
	}
	p.Solves.add(reports)
	return nil
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

// prediction is the program of one step. Its outputs are the prediction and, where it solves, the reports of so many solves.
type prediction struct {
	*engine.Program
	solves int
}

func (p *Predictor) program(shape []int) (*prediction, error) {
	d := op.Of(shape...)
	if prog, ok := p.programs[d]; ok {
		return prog, nil
	}
	found, err := p.graph(shape)
	if err != nil {
		return nil, err
	}
	prog, outputs := &prediction{}, []op.Value{found.U}
	if found.Report.Valid() {
		prog.solves, outputs = found.Report.Dims().At(0), append(outputs, found.Report)
	}
	if prog.Program, err = engine.Compile(found.U.Graph(), outputs, nil, p.store); err != nil {
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
	found, err := p.graph(shape)
	return found.U, err
}

// graph is Graph with what is known of the solves, of a surrogate with an equation.
func (p *Predictor) graph(shape []int) (found constraint.Solution, err error) {
	if err := p.fits(shape); err != nil {
		return found, err
	}
	g := op.NewGraph()
	x := g.Input(inputX, p.Precision, op.Of(shape...))
	if p.surrogate.Equation() != nil {
		found = p.surrogate.Solution(x, p.given(g, shape[0]))
	} else {
		found.U = p.sample(g, x, g.Input(inputDraws, p.Precision, op.Of(shape[0], 2)))
	}
	return found, g.Err()
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
	return p.surrogate.Sample(x, p.given(g, x.Dims().At(0)), draws, p.Seed)
}

// given is the scalars [batch, condition] that a prediction is told; the zero Value: none.
func (p *Predictor) given(g *op.Graph, batch int) op.Value {
	if n := len(p.Description.Condition); n > 0 {
		return g.Input(inputGiven, p.Precision, op.Of(batch, n))
	}
	return op.Value{}
}
