package optimize

import (
	"fmt"
	"math"

	"github.com/kolmogo/kolmogo/engine"
	"github.com/kolmogo/kolmogo/op"
)

// Problem is f(θ) = Σ_k mean(r_k²) as graph.
type Problem struct {
	// Build adds the residuals to a graph: the parameters, float64 variables, and the columns r_k, [m_k] or [m_k, 1], whose rows
	// depend on one point each in the sense of op.Jacobian. Weights are factors of the columns.
	Build func(g *op.Graph) (params, rows []op.Value)
	// Feed sets the inputs that Build uses; nil: there are none.
	Feed func(*engine.Program) error
	// Store holds the parameters.
	Store *engine.Store
}

// graph builds the residuals, each column scaled by 1/√m, so that f is the sum of all squares.
func (p Problem) graph() (b built, err error) {
	b.g = op.NewGraph()
	b.params, b.rows = p.Build(b.g)
	if err := b.g.Err(); err != nil {
		return b, err
	}
	if len(b.params) == 0 || len(b.rows) == 0 {
		return b, fmt.Errorf("optimize: %d parameters and %d columns of residuals: both are needed", len(b.params), len(b.rows))
	}
	for _, v := range b.params {
		leaf, ok := v.Leaf()
		if !ok || leaf.Kind != op.Variable || leaf.Dtype != op.Float64 {
			return b, fmt.Errorf("optimize: parameter %q is no float64 variable: second-order methods need precision: float64", leaf.Name)
		}
		b.names = append(b.names, leaf.Name)
		b.size += leaf.Dims.Size()
	}
	for i, r := range b.rows {
		m := r.Dims().Size()
		if m == 0 {
			return b, fmt.Errorf("optimize: column %d of the residuals is empty", i)
		}
		b.rows[i] = op.ReshapeTo(op.Scale(r, 1/math.Sqrt(float64(m))), op.Of(m, 1))
		b.m += m
	}
	return b, nil
}

// built is a graph of the residuals.
type built struct {
	g      *op.Graph
	params []op.Value
	rows   []op.Value // [m_k, 1], scaled
	names  []string
	size   int // of all parameters
	m      int // of all rows
}

// sum is Σ v² over columns.
func (b built) sum(rows []op.Value) op.Value {
	f := op.Dot(rows[0], rows[0])
	for _, r := range rows[1:] {
		f = op.Add(f, op.Dot(r, r))
	}
	return f
}

// at returns the columns at other parameters, a vector [size, 1].
func (b built) at(theta op.Value) []op.Value { return op.Substitute(b.rows, b.params, b.split(theta)) }

// theta is the vector of the parameters, [size, 1].
func (b built) theta() op.Value { return flat(b.params, b.size) }

// flat joins values to a vector [size, 1].
func flat(values []op.Value, size int) op.Value {
	parts := make([]op.Value, len(values))
	for i, v := range values {
		parts[i] = op.ReshapeTo(v, op.Of(v.Dims().Size(), 1))
	}
	return op.ReshapeTo(op.Concat(0, parts...), op.Of(size, 1))
}

// split is the inverse of flat for values like the parameters.
func (b built) split(v op.Value) []op.Value {
	parts := make([]op.Value, len(b.params))
	at := 0
	for i, p := range b.params {
		n := p.Dims().Size()
		parts[i] = op.ReshapeTo(op.SliceAxis(v, 0, at, n), p.Dims())
		at += n
	}
	return parts
}

// assign sets the parameters to a vector.
func (b built) assign(theta op.Value) (updates []engine.Update) {
	for i, v := range b.split(theta) {
		updates = append(updates, engine.Update{Variable: b.params[i], Value: v})
	}
	return updates
}

// gradient is ∂f/∂θ, [size, 1]; zeros where f does not depend on a parameter.
func (b built) gradient(f op.Value) op.Value {
	grads := op.Gradients(f, b.params...)
	for i, d := range grads {
		if !d.Valid() {
			grads[i] = op.Scale(b.params[i], 0)
		}
	}
	return flat(grads, b.size)
}

// compile makes a program.
func (p Problem) compile(b built, outputs []op.Value, updates ...engine.Update) (*engine.Program, error) {
	program, err := engine.Compile(b.g, outputs, updates, p.Store)
	if err != nil {
		return nil, fmt.Errorf("optimize: %w", err)
	}
	return program, nil
}

// run feeds and runs a program.
func (p Problem) run(program *engine.Program) error {
	if p.Feed != nil {
		if err := p.Feed(program); err != nil {
			return err
		}
	}
	return program.Run()
}
