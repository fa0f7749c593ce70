package bench

import (
	"fmt"
	"math"
	"math/rand/v2"

	"github.com/kolmogo/kolmogo/models"
	"github.com/kolmogo/kolmogo/op"
	"github.com/kolmogo/kolmogo/train"
)

// The scalars that the optimizer's graph asks for. They stay those of a late step, when the corrections 1/(1 − βᵗ) have died away;
// from zero moments that makes the first ones √10 times as long, so the rate is small.
const (
	inputLR       = "step.lr"
	inputCorrect1 = "step.correct1"
	inputCorrect2 = "step.correct2"

	learningRate = 1e-4
	weightDecay  = 1e-2
)

// adamFLOPs is the arithmetic of AdamW for one parameter: m and v 3 + 4, the step 5, the decay 2.
const adamFLOPs = 14

// trainingCase is the step that lowers a loss by AdamW: outputs the loss, updates parameters and moments.
func trainingCase(loss op.Value, params []*models.Param, inputs map[string][]float32) (*Case, error) {
	c := &Case{Outputs: []op.Value{loss}, Inputs: inputs, Params: map[string][]float64{}, Falls: true}
	values := make([]op.Value, len(params))
	for i, p := range params {
		values[i] = p.In(loss.Graph(), loss.Dtype())
		c.Params["param."+p.Name] = p.Data
	}
	for i, d := range op.Gradients(loss, values...) {
		if err := c.update(params[i].Name, values[i], d); err != nil {
			return nil, err
		}
	}
	return c, loss.Graph().Err()
}

// update adds the AdamW update of the variable p with gradient d.
func (c *Case) update(name string, p, d op.Value) error {
	cfg, err := train.Config{Optimizer: train.OptimizerConfig{WeightDecay: weightDecay}}.Complete()
	if err != nil {
		return fmt.Errorf("bench: %w", err)
	}
	c.Updates = append(c.Updates, cfg.Optimizer.Update(name, p, d)...)
	c.Inputs[inputLR], c.Inputs[inputCorrect1], c.Inputs[inputCorrect2] = []float32{learningRate}, []float32{1}, []float32{1}
	return nil
}

// relativeL2: mean over the samples of ‖p − y‖₂/‖y‖₂.
func relativeL2(p, y op.Value) op.Value {
	d, rest := op.Sub(p, y), op.Axes(1<<y.Dims().Rank()-2)
	return op.MeanAll(op.Sqrt(op.Div(op.SumOver(op.Mul(d, d), rest), op.SumOver(op.Mul(y, y), rest))))
}

// meanSquare: mean of (p − y)².
func meanSquare(p, y op.Value) op.Value {
	d := op.Sub(p, y)
	return op.MeanAll(op.Mul(d, d))
}

// source is the generator of every entry's numbers.
func source() *rand.Rand { return rand.New(rand.NewPCG(4, 2)) }

// normal draws n values from N(0, 1).
func normal(rnd *rand.Rand, n int) []float32 {
	x := make([]float32, n)
	for i := range x {
		x[i] = float32(rnd.NormFloat64())
	}
	return x
}

// uniform draws a parameter from U(−1/√fanIn, 1/√fanIn).
func uniform(rnd *rand.Rand, name string, fanIn int, lens ...int) *models.Param {
	p := &models.Param{Name: name, Dims: op.Of(lens...)}
	p.Data = make([]float64, p.Dims.Size())
	for i := range p.Data {
		p.Data[i] = (2*rnd.Float64() - 1) / math.Sqrt(float64(fanIn))
	}
	return p
}

// collect lists a model's parameters and their number of elements.
func collect(m models.Model) (params []*models.Param) {
	for _, p := range m.Params() {
		params = append(params, p)
	}
	return params
}
