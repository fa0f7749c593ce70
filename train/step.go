package train

import (
	"fmt"

	"github.com/kolmogo/kolmogo/engine"
	"github.com/kolmogo/kolmogo/models"
	"github.com/kolmogo/kolmogo/op"
)

// The other inputs of a step.
const (
	inputX       = "batch.input"
	inputY       = "batch.target"
	inputGiven   = "batch.condition"
	inputCounter = "batch.counter" // step counter of the batch
	inputSamples = "batch.samples" // the numbers of its samples
	inputShare   = "step.share"    // weight of this batch among those accumulated
	inputEMA     = "step.ema"      // 1 − decay of the averages
)

// Outputs of a step's program.
const (
	outLoss  = 0 // the loss
	outNorms = 1 // the squared norm of each parameter's gradient

	outReport = 2 // of a whole step whose loss solves equations: see batchValues
)

// stepKind says which part of an optimizer step a program does.
type stepKind int

const (
	whole      stepKind = iota // forward, backward, update
	accumulate                 // forward, backward, add to the accumulators
	apply                      // update from the accumulators, and clear them
)

// stepShape is the shapes of a batch, whose samples are of a set.
type stepShape struct {
	input, target, given []int
	set                  int // samples of the set that the batch is of
}

// buildStep compiles one program of a training step for batches of the given shapes.
func buildStep(c Config, t op.Dtype, s *models.Surrogate, o objective, seed uint64, kind stepKind, shape stepShape, store *engine.Store) (*engine.Program, error) {
	g := op.NewGraph()
	var names []string
	var params, grads []op.Value
	for name, p := range s.Params() {
		names, params = append(names, name), append(params, p.In(g, t))
	}
	acc := func(i int) op.Value { return g.Variable("acc."+names[i], t, params[i].Dims()) }
	var outputs []op.Value
	var extra stepExtra
	if kind != apply {
		b := batchValues{x: g.Input(inputX, t, op.Of(shape.input...)), y: g.Input(inputY, t, op.Of(shape.target...)), counter: g.Input(inputCounter, t, op.Of(2)), seed: seed}
		if shape.given != nil {
			b.given = g.Input(inputGiven, t, op.Of(shape.given...))
		}
		b.extra, b.set = &extra, shape.set
		b.index = g.Input(inputSamples, op.Float64, op.Of(shape.input[0]))
		loss, err := o.loss(s, b, c)
		if err != nil {
			return nil, err
		}
		grads = op.Gradients(loss, params...)
		outputs = append(outputs, loss)
	}
	updates := extra.updates
	switch kind {
	case accumulate:
		share := g.Input(inputShare, t, op.Dims{})
		for i, d := range grads {
			if d.Valid() {
				updates = append(updates, engine.Update{Variable: acc(i), Value: op.Add(acc(i), op.Mul(share, d))})
			}
		}
		return engine.Compile(g, outputs, updates, store)
	case apply:
		for i := range params {
			if _, ok := store.Var("acc." + names[i]); !ok {
				grads = append(grads, op.Value{}) // the loss does not depend on it
				continue
			}
			grads = append(grads, acc(i))
			updates = append(updates, engine.Update{Variable: acc(i), Value: op.Scale(acc(i), 0)})
		}
		outputs = append(outputs, g.Scalar(t, 0))
	}
	norms, factor := clipping(g, t, grads, c.Clip)
	outputs = append(outputs, norms)
	if extra.report.Valid() {
		outputs = append(outputs, op.Cast(extra.report, op.Float64))
	}
	for i, d := range grads {
		if !d.Valid() {
			continue
		}
		if factor.Valid() {
			d = op.Mul(factor, d)
		}
		u := c.Optimizer.Update(names[i], params[i], d)
		updates = append(updates, u...)
		if c.EMA > 0 {
			e := g.Variable("ema."+names[i], t, params[i].Dims())
			next := u[len(u)-1].Value
			updates = append(updates, engine.Update{Variable: e, Value: op.Add(e, op.Mul(g.Input(inputEMA, t, op.Dims{}), op.Sub(next, e)))})
		}
	}
	if err := g.Err(); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrConfig, err)
	}
	return engine.Compile(g, outputs, updates, store)
}

// clipping returns the vector of squared norms ‖dᵢ‖² (0 for a parameter without gradient) and, if limit > 0, the factor
// min(1, limit/‖d‖) of the norm of all gradients together.
func clipping(g *op.Graph, t op.Dtype, grads []op.Value, limit float64) (norms, factor op.Value) {
	var parts []op.Value
	for _, d := range grads {
		if !d.Valid() {
			d = g.Scalar(t, 0)
		}
		parts = append(parts, op.ReshapeTo(op.Dot(d, d), op.Of(1)))
	}
	norms = op.Concat(0, parts...)
	if limit > 0 {
		norm := op.Sqrt(op.SumAll(norms))
		larger := op.Affine(op.ReLU(op.Affine(norm, 1, -limit)), 1, limit) // max(norm, limit)
		factor = op.Div(g.Scalar(t, limit), larger)
	}
	return norms, factor
}
