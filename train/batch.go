package train

import (
	"fmt"
	"math"
	"slices"

	"github.com/kolmogo/kolmogo/datasets"
	"github.com/kolmogo/kolmogo/engine"
	"github.com/kolmogo/kolmogo/models/constraint"
	"github.com/kolmogo/kolmogo/op"
)

// batch trains on one batch; stepped says whether it completed an optimizer step.
func (t *Trainer) batch(b datasets.Batch) (stepped bool, err error) {
	k := t.Config.Accumulate
	group := t.state.Batch / k * k
	size := max(t.Train.Batch, 1)
	share := float64(b.InputShape[0]) / float64(min((group+k)*size, t.samples)-group*size)
	stepped = t.state.Batch+1 == min(group+k, t.batches)
	p, err := t.program(t.batchKind(), b)
	if err != nil {
		return false, err
	}
	for name, data := range map[string][]float32{inputX: b.Input, inputY: b.Target, inputGiven: b.Condition} {
		if err := engine.Feed(p, name, data); err != nil {
			return false, err
		}
	}
	at := uint64(t.state.Epoch)*uint64(t.batches) + uint64(t.state.Batch)
	counter := op.StepCounter(at)
	if err := engine.Feed(p, inputCounter, counter[:]); err != nil {
		return false, err
	}
	if err := t.objective.feed(p, at, b.InputShape[0]); err != nil {
		return false, err
	}
	if err := engine.Feed(p, inputShare, []float64{share}); err != nil {
		return false, err
	}
	last := p
	if k > 1 {
		if err := p.Run(); err != nil {
			return false, err
		}
		if last, err = t.program(apply, b); err != nil {
			return false, err
		}
	}
	lr := t.rate()
	if stepped {
		n := t.state.Step + 1
		if err := t.Config.Optimizer.Feed(last, n, lr); err != nil {
			return false, err
		}
		decay := math.Min(t.Config.EMA, float64(1+n)/float64(10+n))
		if err := engine.Feed(last, inputEMA, []float64{1 - decay}); err != nil {
			return false, err
		}
		if err := last.Run(); err != nil {
			return false, err
		}
	}
	loss, err := p.Scalar(outLoss)
	if err != nil {
		return false, err
	}
	if stepped {
		if err := engine.Output(last, outNorms, t.norms); err != nil {
			return false, err
		}
		t.state.Step++
	}
	if err := t.finite(loss, stepped, b); err != nil {
		return false, err
	}
	t.state.Sum += loss * float64(b.InputShape[0])
	if !stepped {
		return false, nil
	}
	norm := 0.0
	for _, n := range t.norms {
		norm += n
	}
	if t.state.Step%t.Config.LogEvery == 0 {
		line := map[string]any{"step": t.state.Step, "epoch": t.state.Epoch, "loss": loss, "lr": lr, "grad_norm": math.Sqrt(norm)}
		if e, ok := t.surrogate.Constraint.(*constraint.Equation); ok && e.Basis > 0 && k == 1 {
			mean := make([]float64, op.FitReport)
			if err := engine.Output(p, outReport, mean); err != nil {
				return false, err
			}
			solveLog(line, mean)
		}
		err = t.writeLog(line)
	}
	t.observe(Progress{Samples: b.InputShape[0] * k, Loss: loss, LR: lr, Valid: math.NaN()})
	return true, err
}

// rate is the learning rate of the coming step.
func (t *Trainer) rate() float64 {
	per := t.perEpoch()
	return t.Config.LR * t.state.LRScale * t.state.Decay * t.Config.Schedule.factor(t.state.Step, t.total(), per)
}

// finite returns a DivergedError if the loss, or the gradient of a finished step, is not.
func (t *Trainer) finite(loss float64, stepped bool, b datasets.Batch) error {
	parameter := ""
	if stepped {
		i := 0
		for name := range t.surrogate.Params() {
			if n := t.norms[i]; math.IsNaN(n) || math.IsInf(n, 0) {
				parameter = name
				break
			}
			i++
		}
	}
	if parameter == "" && !math.IsNaN(loss) && !math.IsInf(loss, 0) {
		return nil
	}
	if i, zero := zeroTarget(b); zero && t.Config.Loss != "mse" {
		return fmt.Errorf("%w: the target of training sample %d is zero everywhere, where the loss %s is not defined: leave it out, or set train.loss=mse", ErrData, i, t.Config.Loss)
	}
	what := "the loss"
	if parameter != "" {
		what = "the gradient"
	}
	return &DivergedError{Step: t.state.Step, Epoch: t.state.Epoch, What: what, Loss: loss, Parameter: parameter, Samples: slices.Clone(b.Indices)}
}

// zeroTarget finds a sample of a batch with a target frame that is zero everywhere.
func zeroTarget(b datasets.Batch) (sample int, found bool) {
	if len(b.Target) == 0 {
		return 0, false
	}
	frame := frameSize(b)
	perSample := len(b.Target) / b.InputShape[0]
	for at := 0; at < len(b.Target); at += frame {
		if !slices.ContainsFunc(b.Target[at:at+frame], func(v float32) bool { return v != 0 }) {
			return b.Indices[at/perSample], true
		}
	}
	return 0, false
}
