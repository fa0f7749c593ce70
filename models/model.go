package models

import (
	"fmt"
	"iter"

	"github.com/kolmogo/kolmogo/op"
)

// Model maps fields [batch, x.., in] to fields [batch, x.., out]. Params yields its parameters by name, in the order in which
// they were drawn.
type Model interface {
	Apply(x op.Value) op.Value
	Params() iter.Seq2[string, *Param]
}

// Param is a trainable array: Data is row-major, of shape Dims, and holds the value that training starts from; nil in a model that
// was built without a generator.
type Param struct {
	Name string
	Dims op.Dims
	Data []float64
	// Fixed: computed from data before training, see Fitted; no gradient reaches it.
	Fixed bool
}

// In returns the parameter as a variable of g in the precision t.
func (p *Param) In(g *op.Graph, t op.Dtype) op.Value { return g.Variable("param."+p.Name, t, p.Dims) }

// with returns the parameter as a variable beside x.
func (p *Param) with(x op.Value) op.Value {
	v := p.In(x.Graph(), x.Dtype())
	if p.Fixed {
		return op.Detach(v)
	}
	return v
}

// Count is the number of real parameters of m; a complex one counts as two.
func Count(m Model) int {
	n := 0
	for _, p := range m.Params() {
		n += p.Dims.Size()
	}
	return n
}

// CheckGrid reports whether a model can use all its parameters on a grid of the given lengths, as training asks. A coarser
// grid is no error for Apply, which leaves out what the grid cannot carry.
func CheckGrid(m Model, grid ...int) error {
	if c, ok := m.(interface{ CheckGrid(grid ...int) error }); ok {
		return c.CheckGrid(grid...)
	}
	return nil
}

// own yields a layer's own parameters; nil ones are those it was built without.
func own(params ...*Param) iter.Seq2[string, *Param] {
	return func(yield func(string, *Param) bool) {
		for _, p := range params {
			if p != nil && !yield(p.Name, p) {
				return
			}
		}
	}
}

// holder is what has parameters: a model, or a part of one that needs more than a field to be applied.
type holder interface {
	Params() iter.Seq2[string, *Param]
}

// holders are parameters that belong to no layer.
type holders []*Param

// Params yields them in order.
func (h holders) Params() iter.Seq2[string, *Param] { return own(h...) }

// chain yields the parameters of several layers; nil ones are those a model was built without.
func chain(layers ...holder) iter.Seq2[string, *Param] {
	return func(yield func(string, *Param) bool) {
		for _, l := range layers {
			if l == nil {
				continue
			}
			for name, p := range l.Params() {
				if !yield(name, p) {
					return
				}
			}
		}
	}
}

// take reports whether a model of the kind takes the field x and the scalars c; where not, the error sticks to x.
func (p Ports) take(kind string, x, c op.Value) bool {
	return checkInput(x, kind, p.Axes, p.In) && checkScalars(x, c, p.Scalars)
}

// checkInput records an error and returns false unless x is a field [batch, dims axes, channels].
func checkInput(x op.Value, kind string, dims, channels int) bool {
	if !x.Valid() {
		return false
	}
	d := x.Dims()
	if d.Rank() != dims+2 || d.At(-1) != channels {
		x.Fail(fmt.Errorf("models: %s: input of shape %v: want [batch, x.., channels] with %d space axes and %d channels", kind, d, dims, channels))
		return false
	}
	return true
}
