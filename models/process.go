package models

import (
	"fmt"
	"iter"
	"math"
	"math/rand/v2"

	"github.com/kolmogo/kolmogo/op"
)

// Process is an attentive neural process without its latent path: a function from measured points of it. The field is a list of points
// [batch, points, in], of which the first Context are measured; its channels are Place coordinates and the measured values, which the
// network does not read at the other points. With e an MLP of the context's points and values, refined by self-attention, every point
// asks the context, the closeness of places deciding:
//
//	e ← e + attend(e, e, e) for each layer,   r_i = Σ_j softmax_j(q(p_i)·k(p_j)/√c) e_j, by heads,   y_i = MLP(r_i, p_i).
//
// Source: Kim et al., Attentive neural processes (2019), §3; Hansen et al. 2023 (arXiv 2302.11002), App. C, whose latent path adds
// variables that all targets share.
type Process struct {
	Embed          *MLP
	Self           []*Attend
	Query          *Dense
	Cross          *Attend
	Project        *MLP
	Context, Place int
	in             int
}

// Attend is attention by heads with an output layer: y = x + W·concat(heads of softmax(q·kᵀ/√c)·v).
type Attend struct {
	Q, K, V, Output *Dense
	Heads           int
}

func newAttend(name string, width, heads int, rnd *rand.Rand) *Attend {
	return &Attend{
		Q: NewDense(name+".q", width, width, rnd), K: NewDense(name+".k", width, width, rnd), V: NewDense(name+".v", width, width, rnd),
		Output: NewDense(name+".output", width, width, rnd), Heads: heads,
	}
}

// apply lets the points of q read those of k and v: fields [batch, points, c].
func (a *Attend) apply(q, k, v op.Value) op.Value {
	if !q.Valid() || !k.Valid() {
		return q
	}
	split := func(x op.Value) op.Value {
		d := x.Dims()
		return op.Transpose(op.ReshapeTo(x, op.Of(d.At(0), d.At(1), a.Heads, d.At(2)/a.Heads)), 0, 2, 1, 3)
	}
	root := 1 / math.Sqrt(float64(q.Dims().At(-1)/a.Heads))
	weights := op.Softmax(op.Scale(op.MatMul(split(a.Q.Apply(q)), split(a.K.Apply(k)), false, true), root))
	return a.Output.Apply(join(op.MatMul(weights, split(a.V.Apply(v)), false, false), q.Dims()))
}

// Params yields the parameters of the layers in order.
func (a *Attend) Params() iter.Seq2[string, *Param] { return chain(a.Q, a.K, a.V, a.Output) }

func defaultProcess(int) Config {
	return Config{Width: 64, Layers: 2, Heads: 4, Activation: "relu", Coordinates: "none", Context: 100, Place: 2}
}

func newProcess(c Config, p Ports, rnd *rand.Rand) (Model, error) {
	act, err := activation(c.Activation)
	if err != nil {
		return nil, err
	}
	if p.Axes != 1 || c.Place < 1 || p.In <= c.Place || c.Context < 1 || c.Width%c.Heads != 0 || c.Coordinates != "none" {
		return nil, fmt.Errorf("models: process: place %d of %d channels, context %d, heads %d of %d channels, on %d axes, coordinates %s: want values behind the place, on one axis of points", c.Place, p.In, c.Context, c.Heads, c.Width, p.Axes, c.Coordinates)
	}
	m := &Process{Context: c.Context, Place: c.Place, in: p.In}
	m.Embed = NewMLP("embed", act, rnd, p.In, c.Width, c.Width)
	for l := range c.Layers {
		m.Self = append(m.Self, newAttend(fmt.Sprintf("self.%d", l), c.Width, c.Heads, rnd))
	}
	m.Query = NewDense("query", c.Place, c.Width, rnd)
	m.Cross = newAttend("cross", c.Width, c.Heads, rnd)
	m.Project = NewMLP("project", act, rnd, c.Width+c.Place, 2*c.Width, 2*c.Width, 2*c.Width, p.Out)
	return m, nil
}

// Apply implements Model.
func (m *Process) Apply(x op.Value) op.Value {
	if !checkInput(x, "process", 1, m.in) {
		return x
	}
	if n := x.Dims().At(1); n <= m.Context {
		return x.Fail(fmt.Errorf("models: process: %d points, %d of them measured: none is asked for", n, m.Context))
	}
	known := op.SliceAxis(x, 1, 0, m.Context)
	places := op.SliceAxis(x, 2, 0, m.Place)
	e := m.Embed.Apply(known)
	for _, a := range m.Self {
		e = op.Add(e, a.apply(e, e, e))
	}
	q := m.Query.Apply(places)
	r := m.Cross.apply(q, op.SliceAxis(q, 1, 0, m.Context), e)
	return m.Project.Apply(op.Concat(2, r, places))
}

// Params implements Model.
func (m *Process) Params() iter.Seq2[string, *Param] {
	layers := []holder{m.Embed}
	for _, a := range m.Self {
		layers = append(layers, a)
	}
	return chain(append(layers, m.Query, m.Cross, m.Project)...)
}
