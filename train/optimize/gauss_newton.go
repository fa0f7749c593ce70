package optimize

import (
	"encoding/json"
	"fmt"
	"math"

	"github.com/kolmogo/kolmogo/engine"
	"github.com/kolmogo/kolmogo/op"
)

// GaussNewtonConfig is the method's settings; a zero value means the default in its help.
type GaussNewtonConfig struct {
	Ridge float64 `yaml:"ridge" mapstructure:"ridge" json:"ridge" help:"gauss_newton: added to the matrix, relative to its mean diagonal (default 1e-12)"`
}

// GaussNewton steps along d = −(JᵀJ + εI)⁻¹ Jᵀr with the length among 1, ½, ¼ .. 2⁻³⁰ that makes f least on the way down: for a
// PINN's residuals this is energy natural gradient descent. ε is only as large as the factorisation needs. Source: Müller & Zeinhofer
// 2023 (arXiv 2302.13163), algorithm 1.
type GaussNewton struct {
	GaussNewtonConfig
	problem Problem
	state   gaussState
	normal  *normal
	find    *engine.Program
	along   *engine.Program
	accept  *engine.Program
}

// gaussState is what a resumed run needs.
type gaussState struct{ Ridge float64 }

// halvings is the number of halvings of the step that are tried.
const halvings = 30

// NewGaussNewton compiles the method's programs.
func NewGaussNewton(p Problem, c GaussNewtonConfig) (*GaussNewton, error) {
	if c.Ridge == 0 {
		c.Ridge = 1e-12
	}
	if !(c.Ridge > 0) {
		return nil, fmt.Errorf("optimize: gauss_newton: ridge %v must be positive", c.Ridge)
	}
	m := &GaussNewton{GaussNewtonConfig: c, problem: p, state: gaussState(c)}
	var err error
	if m.normal, err = newNormal(p, "gauss_newton"); err != nil {
		return nil, err
	}
	b, err := p.graph()
	if err != nil {
		return nil, err
	}
	direction := func(b built) op.Value {
		return b.g.Variable("work.gauss_newton.direction", op.Float64, op.Of(b.size, 1))
	}
	d := op.Neg(m.normal.factor(b, op.Mul(b.g.Input("ridge", op.Float64, op.Dims{}), m.normal.diagonal(b))).solve(m.normal.residuals(b)))
	if m.find, err = p.compile(b, []op.Value{op.Dot(d, d)}, engine.Update{Variable: direction(b), Value: d}); err != nil {
		return nil, err
	}
	if b, err = p.graph(); err != nil {
		return nil, err
	}
	next := func(b built) op.Value {
		return op.Add(b.theta(), op.Mul(b.g.Input("length", op.Float64, op.Dims{}), direction(b)))
	}
	if m.along, err = p.compile(b, []op.Value{b.sum(b.at(next(b)))}); err != nil {
		return nil, err
	}
	if b, err = p.graph(); err != nil {
		return nil, err
	}
	m.accept, err = p.compile(b, nil, b.assign(next(b))...)
	return m, err
}

// Step implements Method.
func (m *GaussNewton) Step() (Report, error) {
	f, err := m.normal.run()
	if err != nil || math.IsNaN(f) || math.IsInf(f, 0) {
		return Report{F: f}, err
	}
	for {
		report := Report{F: f, Details: map[string]float64{"ridge": m.state.Ridge}}
		if !(m.state.Ridge <= 1e6) {
			m.state.Ridge = m.Ridge
			report.Stalled = true
			return report, nil
		}
		if err := engine.Feed(m.find, "ridge", []float64{m.state.Ridge}); err != nil {
			return report, err
		}
		if err := m.find.Run(); err != nil {
			return report, err
		}
		length, least, err := m.search(f)
		if err != nil {
			return report, err
		}
		if length > 0 {
			m.state.Ridge = max(m.state.Ridge/10, m.Ridge)
			report.F, report.Details["step"] = least, length
			if err := engine.Feed(m.accept, "length", []float64{length}); err != nil {
				return report, err
			}
			return report, m.accept.Run()
		}
		m.state.Ridge *= 10
	}
}

// search halves the length until f is below the start and grows again; length 0: never below.
func (m *GaussNewton) search(f float64) (length, least float64, err error) {
	least = f
	for k := range halvings {
		l := math.Ldexp(1, -k)
		if err := engine.Feed(m.along, "length", []float64{l}); err != nil {
			return 0, f, err
		}
		if err := m.problem.run(m.along); err != nil {
			return 0, f, err
		}
		g, err := m.along.Scalar(0)
		if err != nil {
			return 0, f, err
		}
		switch {
		case g < least:
			length, least = l, g
		case length > 0:
			return length, least, nil
		}
	}
	return length, least, nil
}

// Restart implements Method: every step linearises anew.
func (m *GaussNewton) Restart() error { return nil }

// State implements Method.
func (m *GaussNewton) State() ([]byte, error) { return json.Marshal(m.state) }

// SetState implements Method.
func (m *GaussNewton) SetState(b []byte) error { return json.Unmarshal(b, &m.state) }
