package optimize

import (
	"encoding/json"
	"math"
)

// LBFGSConfig is the method's settings; a zero value means the default in its help.
type LBFGSConfig struct {
	Memory int `yaml:"memory" mapstructure:"memory" json:"memory" help:"lbfgs: pairs of steps and gradient differences that are kept (default 50)"`
}

// LBFGS steps along −Hg with the inverse Hessian H that the last Memory pairs s = x₊ − x, y = g₊ − g make out of (sᵀy/yᵀy)·I, by the
// two-loop recursion, and a line search for the strong Wolfe conditions. Source: Nocedal & Wright 2006, algorithms 7.4 and 7.5.
type LBFGS struct {
	LBFGSConfig
	fn    Objective64
	state lbfgsState
	now   place
}

// Objective64 is a Function whose parameters have a place of their own.
type Objective64 interface {
	Function
	Get() ([]float64, error)
	Set(x []float64) error
}

// lbfgsState is what a resumed run needs.
type lbfgsState struct{ S, Y [][]float64 }

// quasiNewton is the line search of quasi-Newton methods: loose, since the step 1 is usually good.
func quasiNewton() wolfe { return wolfe{c1: 1e-4, c2: 0.9, evaluations: 25} }

// NewLBFGS returns the method on an objective.
func NewLBFGS(fn Objective64, c LBFGSConfig) *LBFGS {
	if c.Memory == 0 {
		c.Memory = 50
	}
	return &LBFGS{LBFGSConfig: c, fn: fn}
}

// Step implements Method.
func (m *LBFGS) Step() (Report, error) {
	if m.now.x == nil {
		var err error
		if m.now, err = here(m.fn); err != nil {
			return Report{}, err
		}
	}
	d := m.direction(m.now.g)
	m.now.slope = dot(m.now.g, d)
	if !(m.now.slope < 0) { // the pairs are no use
		m.state = lbfgsState{}
		d = m.direction(m.now.g)
		m.now.slope = dot(m.now.g, d)
	}
	first := 1.0
	if len(m.state.S) == 0 {
		first = min(1, 1/math.Sqrt(dot(m.now.g, m.now.g)))
	}
	next, met, n, err := quasiNewton().search(m.fn, m.now, d, first)
	if err != nil {
		return Report{}, err
	}
	report := Report{F: next.f, Details: map[string]float64{"step": next.alpha, "evaluations": float64(n)}}
	if next.alpha == 0 {
		report.Stalled = len(m.state.S) == 0 // along the gradient itself
		m.state = lbfgsState{}
		return report, m.fn.Set(m.now.x)
	}
	s, y := minus(next.x, m.now.x), minus(next.g, m.now.g)
	if dot(s, y) > 1e-16*dot(y, y) {
		m.state.S, m.state.Y = append(m.state.S, s), append(m.state.Y, y)
		if len(m.state.S) > m.Memory {
			m.state.S, m.state.Y = m.state.S[1:], m.state.Y[1:]
		}
	}
	m.now = next
	report.Details["wolfe"] = truth(met)
	return report, m.fn.Set(m.now.x)
}

// direction is −Hg.
func (m *LBFGS) direction(g []float64) []float64 {
	q := make([]float64, len(g))
	for i, v := range g {
		q[i] = -v
	}
	n := len(m.state.S)
	alpha := make([]float64, n)
	for i := n - 1; i >= 0; i-- {
		s, y := m.state.S[i], m.state.Y[i]
		alpha[i] = dot(s, q) / dot(s, y)
		addScaled(q, -alpha[i], y)
	}
	if n > 0 {
		s, y := m.state.S[n-1], m.state.Y[n-1]
		gamma := dot(s, y) / dot(y, y)
		for i := range q {
			q[i] *= gamma
		}
	}
	for i := range n {
		s, y := m.state.S[i], m.state.Y[i]
		addScaled(q, alpha[i]-dot(y, q)/dot(s, y), s)
	}
	return q
}

// Restart implements Method: the pairs stay, the gradient does not.
func (m *LBFGS) Restart() error {
	m.now = place{}
	return nil
}

// State implements Method.
func (m *LBFGS) State() ([]byte, error) { return json.Marshal(m.state) }

// SetState implements Method.
func (m *LBFGS) SetState(b []byte) error { return json.Unmarshal(b, &m.state) }

// here evaluates an objective where its parameters are.
func here(fn Objective64) (place, error) {
	x, err := fn.Get()
	if err != nil {
		return place{}, err
	}
	p := place{x: x, g: make([]float64, len(x))}
	p.f, err = fn.At(x, p.g)
	return p, err
}

func minus(a, b []float64) []float64 {
	d := make([]float64, len(a))
	for i := range d {
		d[i] = a[i] - b[i]
	}
	return d
}

func addScaled(dst []float64, c float64, x []float64) {
	for i, v := range x {
		dst[i] += c * v
	}
}

func truth(b bool) float64 {
	if b {
		return 1
	}
	return 0
}
