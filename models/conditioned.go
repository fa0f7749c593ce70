package models

import (
	"fmt"
	"iter"

	"github.com/kolmogo/kolmogo/op"
)

// Conditioned is a Model that is told scalars beside the field: a refinement step, a time step, parameters of the equation. It maps
// a field x [batch, x.., in] to [batch, x.., out] as the scalars c [batch, scalars] of each sample say; their order is the caller's.
// Its Apply is for models that were built without scalars.
type Conditioned interface {
	Model
	ApplyGiven(x, c op.Value) op.Value
}

// Given is m on x under the scalars c [batch, scalars]; the zero Value stands for none.
func Given(m Model, x, c op.Value) op.Value {
	if c.Graph() == nil {
		return m.Apply(x)
	}
	told, ok := m.(Conditioned)
	if !ok {
		return x.Fail(fmt.Errorf("models: %T takes no scalars: build it with Ports.Scalars", m))
	}
	return told.ApplyGiven(x, c)
}

// checkScalars records an error and returns false unless c is [batch, n] for the batch of x; without n, unless c is the zero Value.
func checkScalars(x, c op.Value, n int) bool {
	switch {
	case !x.Valid() || c.Graph() != nil && !c.Valid():
		return false
	case c.Graph() == nil && n == 0:
		return true
	case c.Graph() == nil:
		x.Fail(fmt.Errorf("models: the model is told %d scalars: use Given", n))
		return false
	case n == 0 || c.Dims() != op.Of(x.Dims().At(0), n):
		x.Fail(fmt.Errorf("models: scalars of shape %v for a field of shape %v: want [batch, %d]", c.Dims(), x.Dims(), n))
		return false
	}
	return true
}

// ScalarChannels tells a model that knows no scalars: each one is appended to its input as a constant channel.
type ScalarChannels struct {
	Net     Model
	Scalars int
}

// Apply implements Model.
func (s *ScalarChannels) Apply(x op.Value) op.Value { return s.ApplyGiven(x, op.Value{}) }

// ApplyGiven implements Conditioned.
func (s *ScalarChannels) ApplyGiven(x, c op.Value) op.Value {
	if !checkScalars(x, c, s.Scalars) {
		return x
	}
	d := x.Dims()
	return s.Net.Apply(op.Concat(d.Rank()-1, x, op.BroadcastTo(overGrid(c, d.Rank()), d.With(-1, s.Scalars))))
}

// Params implements Model.
func (s *ScalarChannels) Params() iter.Seq2[string, *Param] { return s.Net.Params() }

// CheckGrid is what the function of that name asks.
func (s *ScalarChannels) CheckGrid(grid ...int) error { return CheckGrid(s.Net, grid...) }

// overGrid returns e [batch, c] as [batch, 1.., c] of the given rank, which broadcasts over a field's grid.
func overGrid(e op.Value, rank int) op.Value {
	if !e.Valid() {
		return e
	}
	lens := []int{e.Dims().At(0)}
	for range rank - 2 {
		lens = append(lens, 1)
	}
	return op.ReshapeTo(e, op.Of(append(lens, e.Dims().At(1))...))
}
