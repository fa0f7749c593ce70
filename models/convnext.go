package models

import (
	"fmt"
	"iter"
	"math/rand/v2"
	"slices"

	"github.com/kolmogo/kolmogo/op"
)

// ConvNeXtUNet is a U-Net of ConvNeXt blocks: with the levels' channels as in UNet, Layers blocks on each level on the way down and on
// the way up,
//
//	v₀ = blocks(input(x)),   v_(i+1) = blocks(halve_i(v_i)),   u_l = v_l,   u_i = blocks(merge_i[double_i(u_(i+1)), v_i]),
//	y = output(u₀),
//
// where halve is norm and a convolution of two points and stride 2, double its transpose, and input, merge and output are affine at
// every point.
//
// Source: Liu et al., A ConvNet for the 2020s (2022); Ohana et al., The Well (2024), App. E, whose levels meet in the same way.
type ConvNeXtUNet struct {
	Coordinates Coordinates
	Embedding   *Embedding
	Input       *Dense
	Levels      []ConvNeXtLevel // from the finest on
	Output      *Dense
	ports       Ports
}

// ConvNeXtLevel is what a grid has: its blocks, and between it and the next finer one the maps there and back; the finest has none.
type ConvNeXtLevel struct {
	HalveNorm, DoubleNorm Model
	Halve, Double         *PatchConv
	Merge                 *Dense // of the finer level's channels, doubled and its own
	Down, Up              []*ConvNeXtBlock
}

func defaultConvNeXtUNet(int) Config {
	return Config{
		Width: 42, Layers: 2, Multipliers: []int{1, 2, 2, 2}, Kernel: 7, Expansion: 4, Activation: "gelu", Coordinates: "none",
		Conditioning: "film", Boundary: "periodic",
	}
}

func newConvNeXtUNet(c Config, p Ports, rnd *rand.Rand) (Model, error) {
	plan, err := newBlockPlan(c, p, rnd)
	if err != nil {
		return nil, err
	}
	grid, err := coordinates(c.Coordinates, Periodic)
	if err != nil {
		return nil, err
	}
	if c.Kernel%2 == 0 {
		return nil, fmt.Errorf("models: kernel %d: must be odd", c.Kernel)
	}
	m := &ConvNeXtUNet{Coordinates: grid, ports: p}
	m.Embedding = newEmbedding(c, p, plan.act, rnd)
	m.Input = NewDense("input", grid.channels(p.In, p.Axes), c.Width, rnd)
	width := c.Width
	for i, k := range c.Multipliers {
		level, err := plan.convNeXtLevel(fmt.Sprintf("levels.%d", i), i > 0, i < len(c.Multipliers)-1, width, width*k)
		if err != nil {
			return nil, err
		}
		m.Levels, width = append(m.Levels, level), width*k
	}
	m.Output = NewDense("output", c.Width*c.Multipliers[0], p.Out, rnd)
	return m, nil
}

// convNeXtLevel returns a level of the given width below one of another width; coarser says whether one follows.
func (p blockPlan) convNeXtLevel(name string, below, coarser bool, finer, width int) (l ConvNeXtLevel, err error) {
	blocks := func(way string) (list []*ConvNeXtBlock) {
		for i := range p.Layers {
			var b *ConvNeXtBlock
			if err == nil {
				b, err = p.convNeXt(fmt.Sprintf("%s.%s.%d", name, way, i), width)
			}
			list = append(list, b)
		}
		return list
	}
	if below {
		if l.HalveNorm, err = newNorm("layer", name+".halve_norm", finer, 1, p.rnd); err != nil {
			return l, err
		}
		l.Halve = newPatchConv(name+".halve", finer, width, p.axes, false, p.rnd)
	}
	l.Down = blocks("down")
	if coarser {
		l.Up = blocks("up")
	}
	if below && err == nil {
		l.DoubleNorm, err = newNorm("layer", name+".double_norm", width, 1, p.rnd)
		l.Double = newPatchConv(name+".double", width, finer, p.axes, true, p.rnd)
		l.Merge = NewDense(name+".merge", 2*finer, finer, p.rnd)
	}
	return l, err
}

// Params yields the parameters of the level in order.
func (l ConvNeXtLevel) Params() iter.Seq2[string, *Param] {
	var layers []holder
	if l.Halve != nil {
		layers = append(layers, l.HalveNorm, l.Halve)
	}
	for _, b := range slices.Concat(l.Down, l.Up) {
		layers = append(layers, b)
	}
	if l.Double != nil {
		layers = append(layers, l.DoubleNorm, l.Double, l.Merge)
	}
	return chain(layers...)
}

// Apply implements Model.
func (m *ConvNeXtUNet) Apply(x op.Value) op.Value { return m.ApplyGiven(x, op.Value{}) }

// ApplyGiven implements Conditioned.
func (m *ConvNeXtUNet) ApplyGiven(x, c op.Value) op.Value {
	if !m.ports.take("unet_convnext", x, c) {
		return x
	}
	if err := m.CheckGrid(x.Dims().Cut(1, m.ports.Axes+1).Slice()...); err != nil {
		return x.Fail(err)
	}
	e := m.Embedding.Apply(c)
	through := func(blocks []*ConvNeXtBlock, v op.Value) op.Value {
		for _, b := range blocks {
			v = b.apply(v, e)
		}
		return v
	}
	v := m.Input.Apply(m.Coordinates.Append(x))
	var left []op.Value
	for _, l := range m.Levels {
		if l.Halve != nil {
			v = l.Halve.Apply(l.HalveNorm.Apply(v))
		}
		v = through(l.Down, v)
		left = append(left, v)
	}
	for i, l := range slices.Backward(m.Levels) {
		v = through(l.Up, v)
		if l.Double != nil {
			v = l.Merge.Apply(op.Concat(m.ports.Axes+1, l.Double.Apply(l.DoubleNorm.Apply(v)), left[i-1]))
		}
	}
	return m.Output.Apply(v)
}

// Params implements Model.
func (m *ConvNeXtUNet) Params() iter.Seq2[string, *Param] {
	layers := []holder{m.Embedding, m.Input}
	for _, l := range m.Levels {
		layers = append(layers, l)
	}
	return chain(append(layers, m.Output)...)
}

// CheckGrid is what the function of that name asks.
func (m *ConvNeXtUNet) CheckGrid(grid ...int) error {
	return checkHalvings("unet_convnext", m.ports.Axes, len(m.Levels)-1, grid)
}
