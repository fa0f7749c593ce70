package train

import (
	"fmt"
	"math"
	"slices"

	"github.com/kolmogo/kolmogo/datasets"
	"github.com/kolmogo/kolmogo/engine"
	"github.com/kolmogo/kolmogo/op"
)

// outcome is what a step on a batch gives, some of it when it is started.
type outcome struct {
	step     int  // optimizer steps done with this one
	stepped  bool // it completes one
	samples  int  // of the batch
	indices  []int
	zero     int // the first of them whose target is zero everywhere; −1: none
	lr, loss float64
	report   []float64 // means over the solves that the loss has; nil: none
}

// batch starts to train on one batch; stepped says whether that completes an optimizer step. What it gave is looked at when it is done, which
// may be during a later batch.
func (t *Trainer) batch(b datasets.Batch) (stepped bool, err error) {
	k := t.Config.Accumulate
	group := t.state.Batch / k * k
	size := max(t.Train.Batch, 1)
	share := float64(b.InputShape[0]) / float64(min((group+k)*size, t.samples)-group*size)
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
	numbers := make([]float64, len(b.Indices))
	for i, n := range b.Indices {
		numbers[i] = float64(n)
	}
	if err := engine.Feed(p, inputSamples, numbers); err != nil {
		return false, err
	}
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
	s := &outcome{step: t.state.Step, samples: b.InputShape[0], indices: slices.Clone(b.Indices), zero: zeroTarget(b), lr: t.rate()}
	if s.stepped = t.state.Batch+1 == min(group+k, t.batches); s.stepped {
		s.step++
	}
	last := p
	if k > 1 {
		if err := p.Start(func(o engine.Outputs) (err error) {
			if s.loss, err = o.Scalar(outLoss); err == nil && !s.stepped {
				err = t.done(s)
			}
			return err
		}); err != nil || !s.stepped {
			return false, err
		}
		if last, err = t.program(apply, b); err != nil {
			return false, err
		}
	}
	if !s.stepped {
		return false, nil
	}
	return true, t.advance(last, s)
}

// advance starts the program that ends an optimizer step.
func (t *Trainer) advance(p *engine.Program, s *outcome) error {
	if err := t.Config.Optimizer.Feed(p, s.step, s.lr); err != nil {
		return err
	}
	decay := math.Min(t.Config.EMA, float64(1+s.step)/float64(10+s.step))
	if err := engine.Feed(p, inputEMA, []float64{1 - decay}); err != nil {
		return err
	}
	t.state.Step++
	e := t.surrogate.Equation()
	solves := e != nil && e.Solves() > 0
	return p.Start(func(o engine.Outputs) (err error) {
		if t.Config.Accumulate == 1 {
			if s.loss, err = o.Scalar(outLoss); err != nil {
				return err
			}
			if solves && s.step%t.Config.LogEvery == 0 {
				s.report = make([]float64, op.FitReport)
				if err := o.Read(outReport, s.report); err != nil {
					return err
				}
			}
		}
		if err := o.Read(outNorms, t.norms); err != nil {
			return err
		}
		return t.done(s)
	})
}

// done looks at what a step gave, in the order of the steps. A checkpoint that waited for a finite loss is written.
func (t *Trainer) done(s *outcome) error {
	if err := t.finite(s); err != nil {
		return err
	}
	t.state.Sum += s.loss * float64(s.samples)
	if s.stepped {
		if s.step%t.Config.LogEvery == 0 {
			norm := 0.0
			for _, n := range t.norms {
				norm += n
			}
			line := map[string]any{"step": s.step, "epoch": t.state.Epoch, "loss": s.loss, "lr": s.lr, "grad_norm": math.Sqrt(norm)}
			if s.report != nil {
				solveLog(line, s.report)
			}
			if err := t.writeLog(line); err != nil {
				return err
			}
		}
		t.observe(Progress{Step: s.step, Samples: s.samples * t.Config.Accumulate, Loss: s.loss, LR: s.lr, Valid: math.NaN()})
	}
	return t.keepPending()
}

// rate is the learning rate of the coming step.
func (t *Trainer) rate() float64 {
	per := t.perEpoch()
	return t.Config.LR * t.state.LRScale * t.state.Decay * t.Config.Schedule.factor(t.state.Step, t.total(), per)
}

// finite returns a DivergedError if the loss, or the gradient of a finished step, is not.
func (t *Trainer) finite(s *outcome) error {
	parameter := ""
	if s.stepped {
		i := 0
		for name := range t.surrogate.Params() {
			if n := t.norms[i]; math.IsNaN(n) || math.IsInf(n, 0) {
				parameter = name
				break
			}
			i++
		}
	}
	if parameter == "" && !math.IsNaN(s.loss) && !math.IsInf(s.loss, 0) {
		return nil
	}
	if s.zero >= 0 && t.Config.Loss != "mse" {
		return fmt.Errorf("%w: the target of training sample %d is zero everywhere, where the loss %s is not defined: leave it out, or set train.loss=mse", ErrData, s.zero, t.Config.Loss)
	}
	what := "the loss"
	if parameter != "" {
		what = "the gradient"
	}
	return &DivergedError{Step: s.step, Epoch: t.state.Epoch, What: what, Loss: s.loss, Parameter: parameter, Samples: s.indices}
}

// zeroTarget is the first sample of a batch with a target frame that is zero everywhere; −1: none.
func zeroTarget(b datasets.Batch) int {
	if len(b.Target) == 0 {
		return -1
	}
	frame := frameSize(b)
	perSample := len(b.Target) / b.InputShape[0]
	for at := 0; at < len(b.Target); at += frame {
		if !slices.ContainsFunc(b.Target[at:at+frame], func(v float32) bool { return v != 0 }) {
			return b.Indices[at/perSample]
		}
	}
	return -1
}
