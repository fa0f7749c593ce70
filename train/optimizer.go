package train

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/kolmogo/kolmogo/engine"
	"github.com/kolmogo/kolmogo/op"
)

// OptimizerConfig chooses the rule of the update; the zero value is AdamW without decay.
type OptimizerConfig struct {
	Kind        string  `yaml:"kind" mapstructure:"kind" json:"kind" help:"adamw (default), adam, sgd or soap"`
	Beta1       float64 `yaml:"beta1" mapstructure:"beta1" json:"beta1" help:"adam, adamw, soap: decay of the mean (default 0.9)"`
	Beta2       float64 `yaml:"beta2" mapstructure:"beta2" json:"beta2" help:"adam, adamw, soap: decay of the squares' mean (default 0.999)"`
	Eps         float64 `yaml:"eps" mapstructure:"eps" json:"eps" help:"adam, adamw, soap: added to the root (default 1e-8)"`
	WeightDecay float64 `yaml:"weight_decay" mapstructure:"weight_decay" json:"weight_decay" help:"adamw, soap: times lr·p; adam, sgd: added to the gradient times p"`
	Momentum    float64 `yaml:"momentum" mapstructure:"momentum" json:"momentum" help:"sgd: momentum"`
}

func (c OptimizerConfig) complete() (OptimizerConfig, error) {
	def(&c.Kind, "adamw")
	def(&c.Beta1, 0.9)
	def(&c.Beta2, 0.999)
	def(&c.Eps, 1e-8)
	if !slices.Contains(firstOrder(), c.Kind) {
		return c, fmt.Errorf("%w: train.optimizer.kind %q: use one of %s", ErrConfig, c.Kind, strings.Join(firstOrder(), ", "))
	}
	for key, b := range map[string]float64{"beta1": c.Beta1, "beta2": c.Beta2, "momentum": c.Momentum} {
		if !(b >= 0 && b < 1) {
			return c, fmt.Errorf("%w: train.optimizer.%s is %v: it must be in [0, 1)", ErrConfig, key, b)
		}
	}
	if !(c.Eps >= 1e-30) || !(c.WeightDecay >= 0) {
		return c, fmt.Errorf("%w: train.optimizer: eps %v must be at least 1e-30, weight_decay %v not negative", ErrConfig, c.Eps, c.WeightDecay)
	}
	return c, nil
}

// The scalars that a step is fed with.
const (
	inputLR       = "step.lr"
	inputCorrect1 = "step.correct1" // 1/(1 − β₁ᵗ)
	inputCorrect2 = "step.correct2" // 1/(1 − β₂ᵗ)
)

// Update returns the new values of a parameter p with gradient d, and of the state that belongs to it. One optimizer step t = 1, 2, …:
//
//	adamw  m ← β₁m + (1−β₁)d, v ← β₂v + (1−β₂)d², p ← p − lr·λ·p − lr·m̂/(√v̂ + ε), m̂ = m/(1−β₁ᵗ), v̂ = v/(1−β₂ᵗ)
//	adam   the same with λ = 0 and d + λp in place of d
//	sgd    m ← μm + d + λp, p ← p − lr·m
//	soap   adamw in the eigenbases of the gradients' second moments, see soap
//
// Sources: Loshchilov & Hutter 2019 (arXiv 1711.05101, algorithm 2), Kingma & Ba 2015 (arXiv 1412.6980, algorithm 1).
func (c OptimizerConfig) Update(name string, p, d op.Value) []engine.Update {
	if c.Kind == "soap" {
		return c.soap(name, p, d)
	}
	g, t := p.Graph(), p.Dtype()
	scalar := func(name string) op.Value { return g.Input(name, t, op.Dims{}) }
	state := func(kind string) op.Value { return g.Variable(kind+"."+name, t, p.Dims()) }
	lr := scalar(inputLR)
	if c.Kind != "adamw" && c.WeightDecay > 0 {
		d = op.Add(d, op.Scale(p, c.WeightDecay))
	}
	if c.Kind == "sgd" {
		if c.Momentum == 0 {
			return []engine.Update{{Variable: p, Value: op.Sub(p, op.Mul(lr, d))}}
		}
		m := state("sgd.m")
		next := op.Add(op.Scale(m, c.Momentum), d)
		return []engine.Update{{Variable: m, Value: next}, {Variable: p, Value: op.Sub(p, op.Mul(lr, next))}}
	}
	m, v := state("adam.m"), state("adam.v")
	m2 := op.Add(op.Scale(m, c.Beta1), op.Scale(d, 1-c.Beta1))
	v2 := op.Add(op.Scale(v, c.Beta2), op.Scale(op.Mul(d, d), 1-c.Beta2))
	root := op.Affine(op.Sqrt(op.Mul(v2, scalar(inputCorrect2))), 1, c.Eps)
	q := p
	if c.Kind == "adamw" && c.WeightDecay > 0 {
		q = op.Sub(p, op.Mul(op.Scale(lr, c.WeightDecay), p))
	}
	q = op.Sub(q, op.Mul(lr, op.Div(op.Mul(m2, scalar(inputCorrect1)), root)))
	return []engine.Update{{Variable: m, Value: m2}, {Variable: v, Value: v2}, {Variable: p, Value: q}}
}

// Feed sets the scalars of optimizer step t = 1, 2, … at rate lr.
func (c OptimizerConfig) Feed(p *engine.Program, t int, lr float64) error {
	for name, x := range map[string]float64{
		inputLR:       lr,
		inputCorrect1: 1 / (1 - math.Pow(c.Beta1, float64(t))),
		inputCorrect2: 1 / (1 - math.Pow(c.Beta2, float64(t))),
	} {
		if err := engine.Feed(p, name, []float64{x}); err != nil {
			return err
		}
	}
	return nil
}
