package models

import (
	"fmt"
	"iter"
	"math/rand/v2"
	"slices"

	"github.com/kolmogo/kolmogo/op"
)

// PlainUNet is the U-Net of two convolutions at each place: with Multipliers for the levels' channels as in UNet,
//
//	v₀ = units(input(x)),   v_(i+1) = units(halve_i(v_i)),   u_l = v_l,   u_i = units[double_i(u_(i+1)), v_i],   y = output(u₀),
//
// where units are Layers ConvUnits, input a convolution of three points, halve one of stride 2, double the transposed convolution of two
// points and stride 2, and output affine at every point.
//
// Source: Ronneberger et al., U-Net (2015), fig. 1, with strides in place of pooling and padding in place of cropping.
type PlainUNet struct {
	Coordinates Coordinates
	Embedding   *Embedding
	Input       *Conv
	Down, Up    []PlainLevel // from the finest on; the coarsest has no Up
	Output      *Dense
	ports       Ports
}

// PlainLevel is a change of the grid, none on the way down to the finest, and the units after it.
type PlainLevel struct {
	Resample Model
	Units    ConvUnits
}

func defaultPlainUNet(int) Config {
	return Config{
		Width: 64, Layers: 2, Multipliers: []int{1, 2, 2, 2}, Activation: "gelu", Coordinates: "none", Conditioning: "film",
		Norm: "group", Groups: 8, Boundary: "periodic",
	}
}

func newPlainUNet(c Config, p Ports, rnd *rand.Rand) (Model, error) {
	plan, err := newBlockPlan(c, p, rnd)
	if err != nil {
		return nil, err
	}
	grid, err := coordinates(c.Coordinates, Periodic)
	if err != nil {
		return nil, err
	}
	m := &PlainUNet{Coordinates: grid, ports: p, Embedding: newEmbedding(c, p, plan.act, rnd)}
	widths := []int{}
	for width, rest := c.Width, c.Multipliers; len(rest) > 0; rest = rest[1:] {
		width *= rest[0]
		widths = append(widths, width)
	}
	m.Input = newConv("input", grid.channels(p.In, p.Axes), widths[0], p.Axes, 3, plan.boundary, rnd)
	for i, width := range widths {
		l := PlainLevel{}
		if i > 0 {
			half := newConv(fmt.Sprintf("down.%d.halve", i), widths[i-1], width, p.Axes, 3, plan.boundary, rnd)
			half.Stride = 2
			l.Resample = half
		}
		if l.Units, err = plan.units(fmt.Sprintf("down.%d", i), width, width); err != nil {
			return nil, err
		}
		m.Down = append(m.Down, l)
	}
	for i, width := range widths[:len(widths)-1] {
		l := PlainLevel{Resample: newPatchConv(fmt.Sprintf("up.%d.double", i), widths[i+1], width, p.Axes, true, rnd)}
		if l.Units, err = plan.units(fmt.Sprintf("up.%d", i), 2*width, width); err != nil {
			return nil, err
		}
		m.Up = append(m.Up, l)
	}
	m.Output = NewDense("output", widths[0], p.Out, rnd)
	return m, nil
}

// units returns Layers units, the first of them from in channels.
func (p blockPlan) units(name string, in, out int) (list ConvUnits, err error) {
	for i := range p.Layers {
		u, err := p.unit(fmt.Sprintf("%s.%d", name, i), in, out, 1)
		if err != nil {
			return nil, err
		}
		list, in = append(list, u), out
	}
	return list, nil
}

// Params yields the parameters of the level in order.
func (l PlainLevel) Params() iter.Seq2[string, *Param] { return chain(l.Resample, l.Units) }

// Apply implements Model.
func (m *PlainUNet) Apply(x op.Value) op.Value { return m.ApplyGiven(x, op.Value{}) }

// ApplyGiven implements Conditioned.
func (m *PlainUNet) ApplyGiven(x, c op.Value) op.Value {
	if !m.ports.take("unet_plain", x, c) {
		return x
	}
	if err := m.CheckGrid(x.Dims().Cut(1, m.ports.Axes+1).Slice()...); err != nil {
		return x.Fail(err)
	}
	e := m.Embedding.Apply(c)
	v := m.Input.Apply(m.Coordinates.Append(x))
	var left []op.Value
	for _, l := range m.Down {
		v = l.Units.apply(through(l.Resample, v), e)
		left = append(left, v)
	}
	for i, l := range slices.Backward(m.Up) {
		v = l.Units.apply(op.Concat(m.ports.Axes+1, l.Resample.Apply(v), left[i]), e)
	}
	return m.Output.Apply(v)
}

// Params implements Model.
func (m *PlainUNet) Params() iter.Seq2[string, *Param] {
	layers := []holder{m.Embedding, m.Input}
	for _, l := range slices.Concat(m.Down, m.Up) {
		layers = append(layers, l)
	}
	return chain(append(layers, m.Output)...)
}

// CheckGrid is what the function of that name asks.
func (m *PlainUNet) CheckGrid(grid ...int) error {
	return checkHalvings("unet_plain", m.ports.Axes, len(m.Down)-1, grid)
}
