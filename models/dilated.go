package models

import (
	"fmt"
	"iter"
	"math/rand/v2"

	"github.com/kolmogo/kolmogo/op"
)

// DilatedResNet keeps the grid and widens the reach of its convolutions by dilation. Its blocks come in two forms, each through all
// Dilations in turn, Layers times:
//
//	stack:      v ← v + f(v), f = σ(modulation(conv_d(·), e)) after one another for every dilation d;   input and output are MLPs
//	residual:   v ← ResidualBlock_d(v, e) for every dilation d;   y = output(σ(norm(v)))
//
// Source: Stachenfeld et al., Learned Coarse Models for Efficient Turbulence Simulation (2022), §4 (stack).
type DilatedResNet struct {
	Coordinates Coordinates
	Embedding   *Embedding
	Input       Model
	Blocks      []conditionedBlock
	Head        Model // after the blocks
	ports       Ports
}

// conditionedBlock maps a field under an embedding.
type conditionedBlock interface {
	holder
	apply(x, e op.Value) op.Value
}

// DilatedStack is one block of the form stack.
type DilatedStack ConvUnits

func defaultDilatedResNet(int) Config {
	return Config{
		Width: 128, Layers: 4, Dilations: []int{1, 2, 4, 8, 4, 2, 1}, Block: "stack", Activation: "relu", Coordinates: "none",
		Conditioning: "film", Norm: "none", Groups: 1, Boundary: "periodic", EdgeKernel: 3,
	}
}

func newDilatedResNet(c Config, p Ports, rnd *rand.Rand) (Model, error) {
	plan, err := newBlockPlan(c, p, rnd)
	if err != nil {
		return nil, err
	}
	grid, err := coordinates(c.Coordinates, Periodic)
	if err != nil {
		return nil, err
	}
	build, err := lookup("block", map[string]func(*DilatedResNet, blockPlan, int) error{"stack": (*DilatedResNet).stacks, "residual": (*DilatedResNet).residuals}, c.Block)
	if err != nil {
		return nil, fmt.Errorf("models: %w", err)
	}
	m := &DilatedResNet{Coordinates: grid, ports: p}
	m.Embedding = newEmbedding(c, p, plan.act, rnd)
	return m, build(m, plan, grid.channels(p.In, p.Axes))
}

// stacks builds the network with blocks of the form stack.
func (m *DilatedResNet) stacks(p blockPlan, in int) error {
	m.Input = NewMLP("input", p.act, p.rnd, in, p.Width, p.Width)
	for l := range p.Layers {
		var s DilatedStack
		for i, d := range p.Dilations {
			u, err := p.unit(fmt.Sprintf("blocks.%d.%d", l, i), p.Width, p.Width, d)
			if err != nil {
				return err
			}
			s = append(s, u)
		}
		m.Blocks = append(m.Blocks, s)
	}
	m.Head = NewMLP("output", p.act, p.rnd, p.Width, p.Width, m.ports.Out)
	return nil
}

// residuals builds the network with residual blocks. In a conditioned network the output starts at 0.
func (m *DilatedResNet) residuals(p blockPlan, in int) error {
	m.Input = newEdge("input", in, p.Width, p.axes, p.EdgeKernel, p.boundary, p.rnd)
	for range p.Layers {
		for _, d := range p.Dilations {
			b, err := p.block(fmt.Sprintf("blocks.%d", len(m.Blocks)), p.Width, p.Width, d)
			if err != nil {
				return err
			}
			m.Blocks = append(m.Blocks, b)
		}
	}
	var err error
	m.Head, err = p.head(p.Groups, m.ports.Out)
	return err
}

func (s DilatedStack) apply(x, e op.Value) op.Value { return op.Add(x, ConvUnits(s).apply(x, e)) }

// Params yields the parameters of the layers in order.
func (s DilatedStack) Params() iter.Seq2[string, *Param] { return ConvUnits(s).Params() }

// Apply implements Model.
func (m *DilatedResNet) Apply(x op.Value) op.Value { return m.ApplyGiven(x, op.Value{}) }

// ApplyGiven implements Conditioned.
func (m *DilatedResNet) ApplyGiven(x, c op.Value) op.Value {
	if !m.ports.take("dilated_resnet", x, c) {
		return x
	}
	e := m.Embedding.Apply(c)
	v := m.Input.Apply(m.Coordinates.Append(x))
	for _, b := range m.Blocks {
		v = b.apply(v, e)
	}
	return m.Head.Apply(v)
}

// Params implements Model.
func (m *DilatedResNet) Params() iter.Seq2[string, *Param] {
	layers := []holder{m.Embedding, m.Input}
	for _, b := range m.Blocks {
		layers = append(layers, b)
	}
	return chain(append(layers, m.Head)...)
}
