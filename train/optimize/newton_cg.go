package optimize

import (
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
)

// NewtonCGConfig is the method's settings; a zero value means the default in its help.
type NewtonCGConfig struct {
	Rank       int     `yaml:"rank" mapstructure:"rank" json:"rank" help:"newton_cg: columns of the sketch of the Hessian (default 60)"`
	Every      int     `yaml:"every" mapstructure:"every" json:"every" help:"newton_cg: steps between sketches (default 20)"`
	Ridge      float64 `yaml:"ridge" mapstructure:"ridge" json:"ridge" help:"newton_cg: added to the Hessian (default 1e-6)"`
	Iterations int     `yaml:"iterations" mapstructure:"iterations" json:"iterations" help:"newton_cg: most iterations of the conjugate gradients of a step (default 100)"`
}

// NewtonCG solves (H + μI)d = −g by conjugate gradients, preconditioned by a randomised low-rank approximation of the Hessian H, and
// goes along d with backtracking. H acts by central differences of the gradient, Hv = (g(x + εv) − g(x − εv))/(2ε), so no matrix of
// the parameters is ever formed. Where d meets negative curvature it stops. Sources: Rathore et al. 2024 (arXiv 2402.01868),
// algorithms 4–6; Frangella, Tropp & Udell 2023 (arXiv 2110.02820), algorithm 2.1.
type NewtonCG struct {
	NewtonCGConfig
	fn     Objective64
	state  newtonState
	now    place
	sketch *sketch
}

// newtonState is what a resumed run needs to draw the sketch again where it was drawn.
type newtonState struct {
	Step     int
	Sketched []float64
}

// NewNewtonCG returns the method.
func NewNewtonCG(p Problem, c NewtonCGConfig) (*NewtonCG, error) {
	fn, err := NewObjective(p)
	if err != nil {
		return nil, err
	}
	for _, d := range []struct {
		v *int
		d int
	}{{&c.Rank, 60}, {&c.Every, 20}, {&c.Iterations, 100}} {
		if *d.v == 0 {
			*d.v = d.d
		}
	}
	if c.Ridge == 0 {
		c.Ridge = 1e-6
	}
	if c.Rank < 0 || c.Every < 0 || c.Iterations < 0 || !(c.Ridge > 0) {
		return nil, fmt.Errorf("optimize: newton_cg: rank %d, every %d, iterations %d and ridge %v must be positive", c.Rank, c.Every, c.Iterations, c.Ridge)
	}
	c.Rank = min(c.Rank, fn.Size())
	return &NewtonCG{NewtonCGConfig: c, fn: fn}, nil
}

// Step implements Method.
func (m *NewtonCG) Step() (Report, error) {
	var err error
	if m.now.x == nil {
		if m.now, err = here(m.fn); err != nil {
			return Report{}, err
		}
	}
	if m.sketch == nil || m.state.Step%m.Every == 0 {
		if err := m.draw(); err != nil {
			return Report{}, err
		}
	}
	m.state.Step++
	d, iterations, err := m.solve()
	if err != nil {
		return Report{}, err
	}
	report := Report{F: m.now.f, Details: map[string]float64{"iterations": float64(iterations)}}
	slope := dot(m.now.g, d)
	for k := range halvings {
		next := place{alpha: math.Ldexp(1, -k), x: make([]float64, len(d)), g: make([]float64, len(d))}
		for i := range d {
			next.x[i] = m.now.x[i] + next.alpha*d[i]
		}
		if next.f, err = m.fn.At(next.x, next.g); err != nil {
			return report, err
		}
		if next.f <= m.now.f+1e-4*next.alpha*slope && next.f < m.now.f {
			m.now, report.F, report.Details["step"] = next, next.f, next.alpha
			return report, nil
		}
	}
	report.Stalled, m.sketch, m.state.Sketched = true, nil, nil
	return report, m.fn.Set(m.now.x)
}

// draw makes the sketch: at the present place, or after resuming where the run had drawn it.
func (m *NewtonCG) draw() (err error) {
	if m.state.Sketched == nil || m.state.Step%m.Every == 0 {
		m.state.Sketched = slices.Clone(m.now.x)
	}
	at := m.state.Step / m.Every * m.Every
	now := m.now.x
	m.now.x = m.state.Sketched
	m.sketch, err = newSketch(m.times, len(now), m.Rank, rand.New(rand.NewPCG(uint64(at), 61)))
	m.now.x = now
	return err
}

// solve is the preconditioned conjugate gradient method for (H + μI)d = −g.
func (m *NewtonCG) solve() (d []float64, iterations int, err error) {
	n := len(m.now.g)
	d, r := make([]float64, n), make([]float64, n)
	for i, g := range m.now.g {
		r[i] = -g
	}
	z := m.sketch.precondition(r, m.Ridge)
	p := append([]float64{}, z...)
	rz := dot(r, z)
	norm := math.Sqrt(dot(r, r))
	tolerance := min(0.1, math.Sqrt(norm)) * norm // superlinear: Nocedal & Wright 2006, eq. 7.3
	for iterations < m.Iterations {
		iterations++
		hp, err := m.times(p)
		if err != nil {
			return nil, iterations, err
		}
		addScaled(hp, m.Ridge, p)
		curvature := dot(p, hp)
		if !(curvature > 0) {
			if iterations == 1 {
				copy(d, z)
			}
			return d, iterations, nil
		}
		alpha := rz / curvature
		addScaled(d, alpha, p)
		addScaled(r, -alpha, hp)
		if math.Sqrt(dot(r, r)) <= tolerance {
			break
		}
		z = m.sketch.precondition(r, m.Ridge)
		next := dot(r, z)
		for i := range p {
			p[i] = z[i] + next/rz*p[i]
		}
		rz = next
	}
	return d, iterations, nil
}

// times is Hv at the present place.
func (m *NewtonCG) times(v []float64) ([]float64, error) {
	size := math.Sqrt(dot(v, v))
	if size == 0 {
		return make([]float64, len(v)), nil
	}
	eps := math.Cbrt(0x1p-52) * (1 + math.Sqrt(dot(m.now.x, m.now.x))) / size
	x, up, down := make([]float64, len(v)), make([]float64, len(v)), make([]float64, len(v))
	for _, side := range []struct {
		sign float64
		g    []float64
	}{{eps, up}, {-eps, down}} {
		for i := range x {
			x[i] = m.now.x[i] + side.sign*v[i]
		}
		if _, err := m.fn.At(x, side.g); err != nil {
			return nil, err
		}
	}
	for i := range up {
		up[i] = (up[i] - down[i]) / (2 * eps)
	}
	return up, nil
}

// Restart implements Method.
func (m *NewtonCG) Restart() error {
	m.now, m.sketch, m.state.Sketched = place{}, nil, nil
	return nil
}

// State implements Method.
func (m *NewtonCG) State() ([]byte, error) { return json.Marshal(m.state) }

// SetState implements Method.
func (m *NewtonCG) SetState(b []byte) error { return json.Unmarshal(b, &m.state) }
