package models

import (
	"fmt"
	"math/rand/v2"
	"slices"

	"github.com/kolmogo/kolmogo/op"
)

func newUNet(c Config, p Ports, rnd *rand.Rand) (Model, error) {
	b := &unetBuilder{config: c}
	var err error
	if b.plan, err = newBlockPlan(c, p, rnd); err != nil {
		return nil, err
	}
	pdearena, err := lookup("form", unetForms(), c.Form)
	if err != nil {
		return nil, fmt.Errorf("models: %w", err)
	}
	if b.around = b.plan.boundary; pdearena {
		b.around = op.PadZero
	}
	grid, err := coordinates(c.Coordinates, Periodic)
	if err != nil {
		return nil, err
	}
	if c.EdgeKernel%2 == 0 {
		return nil, fmt.Errorf("models: edge_kernel %d: must be odd", c.EdgeKernel)
	}
	for _, level := range c.Attention {
		if level < 0 || level >= len(c.Multipliers) {
			return nil, fmt.Errorf("models: attention at level %d: the levels are 0 to %d", level, len(c.Multipliers)-1)
		}
	}
	m := &UNet{Coordinates: grid, ports: p, levels: len(c.Multipliers)}
	m.Embedding = newEmbedding(c, p, b.plan.act, rnd)
	m.Input = newEdge("input", grid.channels(p.In, p.Axes), c.Width, p.Axes, c.EdgeKernel, b.plan.boundary, rnd)
	width := c.Width
	m.Down = b.down(&width)
	for i, attention := range []bool{c.MiddleAttention, false} {
		m.Middle = append(m.Middle, b.block(fmt.Sprintf("middle.%d", i), width, width, attention))
	}
	m.Up = b.up(&width)
	if b.err != nil {
		return nil, b.err
	}
	m.Head, err = b.plan.head(largestDivisor(8, c.Width), p.Out)
	return m, err
}

// largestDivisor is the largest number up to most that divides n.
func largestDivisor(most, n int) int {
	for n%most != 0 {
		most--
	}
	return most
}

// unetBuilder makes stages; the first error sticks.
type unetBuilder struct {
	plan   blockPlan
	config Config
	around op.PadMode // of doublings
	err    error
}

func (b *unetBuilder) block(name string, in, out int, attention bool) (s UNetStage) {
	if b.err != nil {
		return s
	}
	if s.Block, b.err = b.plan.block(name, in, out, 1); b.err == nil && attention {
		s.Attention, b.err = newAttention(b.config, name+".attention", out, b.plan.rnd)
	}
	return s
}

func (b *unetBuilder) down(width *int) (stages []UNetStage) {
	name := func() string { return fmt.Sprintf("down.%d", len(stages)) }
	for i, m := range b.config.Multipliers {
		in := *width
		*width *= m
		for range b.config.Layers {
			stages = append(stages, b.block(name(), in, *width, slices.Contains(b.config.Attention, i)))
			in = *width
		}
		if i < len(b.config.Multipliers)-1 {
			half := newConv(name(), *width, *width, b.plan.axes, 3, b.plan.boundary, b.plan.rnd)
			half.Stride = 2
			stages = append(stages, UNetStage{Resample: half})
		}
	}
	return stages
}

func (b *unetBuilder) up(width *int) (stages []UNetStage) {
	name := func() string { return fmt.Sprintf("up.%d", len(stages)) }
	for i, m := range slices.Backward(b.config.Multipliers) {
		attention := slices.Contains(b.config.Attention, i)
		for range b.config.Layers {
			stages = append(stages, b.block(name(), 2**width, *width, attention))
		}
		out := *width / m
		stages = append(stages, b.block(name(), *width+out, out, attention))
		*width = out
		if i > 0 {
			stages = append(stages, UNetStage{Resample: newUpConv(name(), out, out, b.plan.axes, b.around, b.plan.rnd)})
		}
	}
	return stages
}
