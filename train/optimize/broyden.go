package optimize

import (
	"encoding/json"
	"math"

	"github.com/kolmogo/kolmogo/engine"
	"github.com/kolmogo/kolmogo/op"
)

// Broyden is the self-scaled Broyden method with a dense inverse Hessian H [p, p], which lives on the device:
//
//	H₊ = (H − Hy·yᵀH/(yᵀHy) + φ·v·vᵀ)/τ + s·sᵀ/(sᵀy),  v = √(yᵀHy)·(s/(sᵀy) − Hy/(yᵀHy)),
//
// with the scale τ and the member φ of Broyden's family from how far H is from the curvature just seen. Sources: Al-Baali,
// Optimization Methods and Software 9 (1998), and Urbán, Stefanou & Pons 2025 (arXiv 2405.04230), eqs. 13–23.
type Broyden struct {
	problem   Problem
	objective *Objective
	state     broydenState
	now       place
	direction []float64 // −Hg there, where it is known
	product   *engine.Program
	update    *engine.Program
}

// broydenState is what a resumed run needs beside the variable "broyden.H".
type broydenState struct{ Begun bool }

// NewBroyden compiles the method's programs.
func NewBroyden(p Problem) (*Broyden, error) {
	m := &Broyden{problem: p}
	var err error
	if m.objective, err = NewObjective(p); err != nil {
		return nil, err
	}
	n := m.objective.Size()
	column, row := op.Of(n, 1), op.Of(1, n)
	matrix := func(g *op.Graph) op.Value { return g.Variable("broyden.H", op.Float64, op.Of(n, n)) }
	g := op.NewGraph()
	hy := op.MatMul(matrix(g), g.Input("y", op.Float64, column), false, false)
	if m.product, err = engine.Compile(g, []op.Value{hy}, nil, p.Store); err != nil {
		return nil, err
	}
	// H₊ = c·H + Hy·aᵀ + s·bᵀ and the direction −H₊g.
	g = op.NewGraph()
	in := func(name string, d op.Dims) op.Value { return g.Input(name, op.Float64, d) }
	next := op.Add(op.Add(op.Mul(matrix(g), in("c", op.Dims{})), op.Mul(in("hy", column), in("a", row))), op.Mul(in("s", column), in("b", row)))
	m.update, err = engine.Compile(g, []op.Value{op.Neg(op.MatMul(next, in("g", column), false, false))},
		[]engine.Update{{Variable: matrix(g), Value: next}}, p.Store)
	return m, err
}

// Step implements Method.
func (m *Broyden) Step() (Report, error) {
	if m.now.x == nil {
		var err error
		if m.now, err = here(m.objective); err != nil {
			return Report{}, err
		}
	}
	fresh := !m.state.Begun // H is a multiple of the identity
	if fresh {
		if err := m.begin(); err != nil {
			return Report{}, err
		}
	}
	d := m.direction
	if d == nil {
		var err error
		if d, err = m.times(m.now.g); err != nil {
			return Report{}, err
		}
		for i := range d {
			d[i] = -d[i]
		}
	}
	m.direction = nil
	m.now.slope = dot(m.now.g, d)
	if !(m.now.slope < 0) {
		m.state.Begun = false
		return Report{F: m.now.f, Stalled: fresh, Details: map[string]float64{"restarted": 1}}, nil
	}
	next, met, evaluations, err := quasiNewton().search(m.objective, m.now, d, 1)
	if err != nil {
		return Report{}, err
	}
	report := Report{F: next.f, Details: map[string]float64{"step": next.alpha, "evaluations": float64(evaluations), "wolfe": truth(met)}}
	if next.alpha == 0 {
		report.Stalled = fresh
		m.state.Begun = false
		return report, m.objective.Set(m.now.x)
	}
	if err := m.learn(minus(next.x, m.now.x), minus(next.g, m.now.g), next); err != nil {
		return report, err
	}
	m.now = next
	return report, m.objective.Set(m.now.x)
}

// begin sets H to the identity, scaled so that the first step is no longer than 1.
func (m *Broyden) begin() error {
	n := m.objective.Size()
	h := make([]float64, n*n)
	for i := range n {
		h[i*(n+1)] = min(1, 1/math.Sqrt(dot(m.now.g, m.now.g)))
	}
	m.state.Begun = true
	return m.problem.Store.Set("broyden.H", h)
}

// learn takes the pair s, y of a step of length α to next, for which Bs = −αg with B = H⁻¹.
func (m *Broyden) learn(s, y []float64, next place) error {
	n := float64(len(s))
	sy := dot(s, y)
	if !(sy > 1e-16*math.Sqrt(dot(s, s)*dot(y, y))) {
		return nil
	}
	hy, err := m.times(y)
	if err != nil {
		return err
	}
	yhy := dot(y, hy)
	b, h := -next.alpha*dot(s, m.now.g)/sy, yhy/sy
	tau, phi := selfScaling(b, h, n)
	// v·vᵀ·φ/τ spread over the products of Hy and s
	k := phi / tau
	x, z := make([]float64, len(s)), make([]float64, len(s))
	for i := range s {
		x[i] = -hy[i]/(yhy*tau) + k*(hy[i]/yhy-s[i]/sy)
		z[i] = s[i]/sy + k*(yhy*s[i]/(sy*sy)-hy[i]/sy)
	}
	m.direction, err = m.change(1/tau, hy, x, s, z, next.g)
	return err
}

// times is Hv.
func (m *Broyden) times(v []float64) ([]float64, error) {
	if err := engine.Feed(m.product, "y", v); err != nil {
		return nil, err
	}
	if err := m.product.Run(); err != nil {
		return nil, err
	}
	hv := make([]float64, len(v))
	return hv, engine.Output(m.product, 0, hv)
}

// selfScaling is τ and φ for b = sᵀBs/(sᵀy), h = yᵀHy/(sᵀy) and n parameters.
func selfScaling(b, h, n float64) (tau, phi float64) {
	a := h*b - 1
	first := min(1, 1/b)
	if !(a > 1e-14) { // H is exact along s
		return first, 1
	}
	c := math.Sqrt(a / (a + 1))
	rho := min(1, h*(1-c))
	theta := max((rho-1)/a, min(1/rho, (1-b)/b))
	sigma := 1 + a*theta
	root := math.Pow(sigma, -1/(n-1))
	if n <= 1 {
		root = 1
	}
	if theta > 0 {
		tau = first * min(root, 1/theta)
	} else {
		tau = min(first*root, sigma)
	}
	return tau, (1 - theta) / (1 + a*theta)
}

// change sets H ← c·H + hy·aᵀ + s·bᵀ and returns −Hg.
func (m *Broyden) change(c float64, hy, a, s, b, g []float64) ([]float64, error) {
	for name, v := range map[string][]float64{"c": {c}, "hy": hy, "a": a, "s": s, "b": b, "g": g} {
		if err := engine.Feed(m.update, name, v); err != nil {
			return nil, err
		}
	}
	if err := m.update.Run(); err != nil {
		return nil, err
	}
	d := make([]float64, len(g))
	return d, engine.Output(m.update, 0, d)
}

// Restart implements Method: H stays.
func (m *Broyden) Restart() error {
	m.now, m.direction = place{}, nil
	return nil
}

// State implements Method.
func (m *Broyden) State() ([]byte, error) { return json.Marshal(m.state) }

// SetState implements Method.
func (m *Broyden) SetState(b []byte) error { return json.Unmarshal(b, &m.state) }
