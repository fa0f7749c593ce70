package models

import (
	"fmt"
	"iter"
	"math/rand/v2"
	"slices"

	"github.com/kolmogo/kolmogo/op"
)

// DeepONet is, for input values u at fixed sensors (and scalars, if it is told any) and an output point z,
//
//	y_c(z) = Σ_p B_cp(u) T_cp(z) + b_c,
//
// with MLPs B, the branch, and T, the trunk, whose last layers have Latent values for each output channel c, channel by channel. On a
// field [batch, x.., in] the sensors are the points of the grid that it was built for, all channels of a point together, and the
// output points are those of the field's own grid, a multiple of that one.
//
// Source: Lu et al., Learning nonlinear operators via DeepONet (2021), eq. 2 (unstacked).
type DeepONet struct {
	Branch, Trunk                     *MLP
	Bias                              *Param // [out]
	BranchActivation, TrunkActivation bool   // activate the last layer too
	sensors                           sensors
}

func defaultDeepONet(int) Config {
	return Config{Width: 128, Layers: 3, Latent: 64, Activation: "gelu", Coordinates: "endpoints"}
}

func newDeepONet(c Config, p Ports, rnd *rand.Rand) (Model, error) {
	act, err := activation(c.Activation)
	if err != nil {
		return nil, err
	}
	s, err := newSensors(c, p)
	if err != nil {
		return nil, err
	}
	hidden := slices.Repeat([]int{c.Width}, c.Layers)
	last := p.Out * c.Latent
	return &DeepONet{
		Branch:           NewMLP("branch", act, rnd, slices.Concat([]int{s.count()}, hidden, []int{last})...),
		Trunk:            NewMLP("trunk", act, rnd, slices.Concat([]int{p.Axes}, hidden, []int{last})...),
		Bias:             newParam("bias", op.Of(p.Out), constant(0, rnd)),
		BranchActivation: c.BranchActivation,
		TrunkActivation:  c.TrunkActivation,
		sensors:          s,
	}, nil
}

// At is y [batch, point, out] for sensor values u [batch, sensors] and points z [point, axes].
func (m *DeepONet) At(u, z op.Value) op.Value {
	b, t := m.Branch.Apply(u), m.Trunk.Apply(z)
	if m.BranchActivation {
		b = m.Branch.Activation(b)
	}
	if m.TrunkActivation {
		t = m.Trunk.Activation(t)
	}
	return op.Add(products(b, t, m.Bias.Dims.At(0)), m.Bias.with(u))
}

// products is Σ_p b_cp t_cp for rows b [batch, c·p] and t [point, c·p]: [batch, point, c].
func products(b, t op.Value, channels int) op.Value {
	if !b.Valid() || !t.Valid() {
		return b
	}
	if channels == 1 {
		y := op.MatMul(b, t, false, true)
		return op.ReshapeTo(y, y.Dims().Append(1))
	}
	split := func(v op.Value) op.Value {
		d := v.Dims()
		return op.Transpose(op.ReshapeTo(v, op.Of(d.At(0), channels, d.At(1)/channels)), 1, 0, 2)
	}
	return op.Transpose(op.MatMul(split(b), split(t), false, true), 1, 2, 0)
}

// Apply implements Model.
func (m *DeepONet) Apply(x op.Value) op.Value { return m.ApplyGiven(x, op.Value{}) }

// ApplyGiven implements Conditioned.
func (m *DeepONet) ApplyGiven(x, c op.Value) op.Value { return m.sensors.on(x, c, m.At) }

// Params implements Model.
func (m *DeepONet) Params() iter.Seq2[string, *Param] {
	return chain(m.Branch, m.Trunk, holders{m.Bias})
}

// CheckGrid is what the function of that name asks.
func (m *DeepONet) CheckGrid(grid ...int) error { return m.sensors.check(grid) }

// sensors are the points of a grid where a field is read, and the coordinates that its points have.
type sensors struct {
	ports       Ports
	coordinates Coordinates
	kind        string
}

func newSensors(c Config, p Ports) (sensors, error) {
	if p.Grid == nil {
		return sensors{}, fmt.Errorf("models: kind %s reads fields at the points of one grid: give its lengths in Ports.Grid", c.Kind)
	}
	grid, err := coordinates(c.Coordinates, Periodic)
	if err == nil && grid == NoCoordinates {
		err = fmt.Errorf("models: kind %s needs coordinates: use endpoints or periodic", c.Kind)
	}
	return sensors{p, grid, c.Kind}, err
}

// count is the number of values that the branch reads.
func (s sensors) count() int {
	n := s.ports.In
	for _, k := range s.ports.Grid {
		n *= k
	}
	return n + s.ports.Scalars
}

// check reports a grid that does not contain the sensors.
func (s sensors) check(grid []int) error {
	for i, n := range grid {
		if k := s.ports.Grid[i]; n%k != 0 {
			return fmt.Errorf("models: a grid of %v for a %s with sensors on %v: must be a multiple of it on every axis", grid, s.kind, s.ports.Grid)
		}
	}
	return nil
}

// on evaluates an operator of sensor values and points on the field x under the scalars c.
func (s sensors) on(x, c op.Value, at func(u, z op.Value) op.Value) op.Value {
	if !s.ports.take(s.kind, x, c) {
		return x
	}
	d := x.Dims()
	grid := d.Cut(1, s.ports.Axes+1)
	if err := s.check(grid.Slice()); err != nil {
		return x.Fail(err)
	}
	u := x
	for i, n := range s.ports.Grid { // every k-th point of an axis
		if k := grid.At(i) / n; k > 1 {
			split := u.Dims()
			rows := op.ReshapeTo(u, op.Of(split.Span(0, i+1), n, k, split.Span(i+2, split.Rank())))
			u = op.ReshapeTo(op.SliceAxis(rows, 2, 0, 1), split.With(i+1, n))
		}
	}
	u = op.ReshapeTo(u, op.Of(d.At(0), u.Dims().Size()/d.At(0)))
	if s.ports.Scalars > 0 {
		u = op.Concat(1, u, c)
	}
	z := op.ReshapeTo(s.coordinates.points(x.Graph(), x.Dtype(), grid), op.Of(grid.Size(), s.ports.Axes))
	return op.ReshapeTo(at(u, z), d.With(-1, s.ports.Out))
}
