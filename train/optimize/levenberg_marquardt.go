package optimize

import (
	"encoding/json"
	"fmt"
	"math"

	"github.com/kolmogo/kolmogo/engine"
	"github.com/kolmogo/kolmogo/op"
)

// LevenbergMarquardt steps with identity damping and geodesic acceleration:
//
//	d = −(JᵀJ + λI)⁻¹ Jᵀr,  a = −(JᵀJ + λI)⁻¹ Jᵀr”,  r” = (r(θ + hd) − 2r + r(θ − hd))/h²,  θ ← θ + d + a/2,
//
// where λ grows on every rejection, |a| > Bound·|d| or f not smaller, and shrinks when a step is taken. The acceleration lets λ fall by
// orders of magnitude more than without it. Source: Transtrum & Sethna 2012 (arXiv 1201.5885), eqs. 6–9, 15.
type LevenbergMarquardt struct {
	LevenbergMarquardtConfig
	state   levenbergState
	normal  *normal
	trial   *engine.Program
	accept  *engine.Program
	problem Problem
}

// LevenbergMarquardtConfig is the method's settings; a zero value means the default in its help.
type LevenbergMarquardtConfig struct {
	Damping      float64 `yaml:"damping" mapstructure:"damping" json:"damping" help:"lm: the damping λ to start with (default 0.01)"`
	Grow         float64 `yaml:"grow" mapstructure:"grow" json:"grow" help:"lm: factor of λ when a step is rejected (default 3)"`
	Shrink       float64 `yaml:"shrink" mapstructure:"shrink" json:"shrink" help:"lm: divisor of λ when a step is taken (default 3)"`
	Acceleration float64 `yaml:"acceleration" mapstructure:"acceleration" json:"acceleration" help:"lm: largest ratio of the geodesic acceleration to the step (default 0.75); negative: no acceleration"`
}

// levenbergState is what a resumed run needs.
type levenbergState struct{ Lambda float64 }

const (
	smallestDamping = 1e-20
	largestDamping  = 1e12
)

// difference is h: a tenth of the step, but no less than a thousandth in the parameters, where the second difference of the residuals
// would drown in their rounding.
func difference(d op.Value) op.Value {
	const part, least = 0.1, 1e-3
	norm := op.Affine(op.Sqrt(op.Dot(d, d)), 1, 1e-100)
	far := op.Affine(op.Pow(norm, -1), least, -part)
	return op.Affine(op.ReLU(far), 1, part)
}

// NewLevenbergMarquardt compiles the method's programs.
func NewLevenbergMarquardt(p Problem, c LevenbergMarquardtConfig) (*LevenbergMarquardt, error) {
	for _, d := range []struct {
		v *float64
		d float64
	}{{&c.Damping, 1e-2}, {&c.Grow, 3}, {&c.Shrink, 3}, {&c.Acceleration, 0.75}} {
		if *d.v == 0 {
			*d.v = d.d
		}
	}
	if !(c.Damping > 0) || !(c.Grow > 1) || !(c.Shrink > 1) {
		return nil, fmt.Errorf("optimize: lm: damping %v must be positive, grow %v and shrink %v above 1", c.Damping, c.Grow, c.Shrink)
	}
	m := &LevenbergMarquardt{LevenbergMarquardtConfig: c, state: levenbergState{c.Damping}, problem: p}
	var err error
	if m.normal, err = newNormal(p, "lm"); err != nil {
		return nil, err
	}
	if m.trial, err = m.buildTrial(); err != nil {
		return nil, err
	}
	m.accept, err = m.buildAccept()
	return m, err
}

// Outputs of the trial.
const (
	outTrialF = iota
	outStep
	outBend
)

// buildTrial compiles: λ → θ + d + a/2 in variables, f there, |d|² and |a|².
func (m *LevenbergMarquardt) buildTrial() (*engine.Program, error) {
	b, err := m.problem.graph()
	if err != nil {
		return nil, err
	}
	s := m.normal.factor(b, b.g.Input("lambda", op.Float64, op.Dims{}))
	r, theta := m.normal.residuals(b), b.theta()
	d := op.Neg(s.solve(r))
	next, bend := op.Add(theta, d), b.g.Scalar(op.Float64, 0)
	if m.Acceleration > 0 {
		h := difference(d)
		up, down := b.at(op.Add(theta, op.Mul(d, h))), b.at(op.Sub(theta, op.Mul(d, h)))
		curve := make([]op.Value, len(r))
		for i := range r {
			curve[i] = op.Div(op.Sub(op.Add(up[i], down[i]), op.Scale(r[i], 2)), op.Mul(h, h))
		}
		a := op.Neg(s.solve(curve))
		next, bend = op.Add(next, op.Scale(a, 0.5)), op.Dot(a, a)
	}
	outputs := []op.Value{b.sum(b.at(next)), op.Dot(d, d), bend}
	trial := b.g.Variable("work.lm.trial", op.Float64, op.Of(b.size, 1))
	return m.problem.compile(b, outputs, engine.Update{Variable: trial, Value: next})
}

// buildAccept compiles: θ ← the trial.
func (m *LevenbergMarquardt) buildAccept() (*engine.Program, error) {
	b, err := m.problem.graph()
	if err != nil {
		return nil, err
	}
	trial := b.g.Variable("work.lm.trial", op.Float64, op.Of(b.size, 1))
	return m.problem.compile(b, nil, b.assign(trial)...)
}

// Step implements Method: until a step is taken, or λ is so large that none can be.
func (m *LevenbergMarquardt) Step() (Report, error) {
	f, err := m.normal.run()
	if err != nil {
		return Report{}, err
	}
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return Report{F: f}, nil
	}
	for rejected := 0; ; rejected++ {
		lambda := m.state.Lambda
		report := Report{F: f, Details: map[string]float64{"damping": lambda, "rejected": float64(rejected)}}
		if !(lambda <= largestDamping) {
			m.state.Lambda = m.Damping
			report.Stalled = true
			return report, nil
		}
		if err := engine.Feed(m.trial, "lambda", []float64{lambda}); err != nil {
			return report, err
		}
		if err := m.problem.run(m.trial); err != nil {
			return report, err
		}
		var out [3]float64
		for i := range out {
			if out[i], err = m.trial.Scalar(i); err != nil {
				return report, err
			}
		}
		straight := m.Acceleration < 0 || math.Sqrt(out[outBend]) <= m.Acceleration*math.Sqrt(out[outStep])
		if straight && out[outTrialF] < f {
			m.state.Lambda = max(lambda/m.Shrink, smallestDamping)
			report.F = out[outTrialF]
			return report, m.accept.Run()
		}
		m.state.Lambda = lambda * m.Grow
	}
}

// Restart implements Method: every step linearises anew.
func (m *LevenbergMarquardt) Restart() error { return nil }

// State implements Method.
func (m *LevenbergMarquardt) State() ([]byte, error) { return json.Marshal(m.state) }

// SetState implements Method.
func (m *LevenbergMarquardt) SetState(b []byte) error { return json.Unmarshal(b, &m.state) }
