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
type DilatedStack struct {
	Convs       []*Conv
	Modulations []*Modulation
	Activation  Activation
}

func defaultDilatedResNet(int) Config {
	return Config{
		Width: 128, Layers: 4, Dilations: []int{1, 2, 4, 8, 4, 2, 1}, Block: "stack", Activation: "relu", Coordinates: "none",
		Conditioning: "film", Norm: "none", Boundary: "periodic", EdgeKernel: 3,
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
		s := &DilatedStack{Activation: p.act}
		for i, d := range p.Dilations {
			name := fmt.Sprintf("blocks.%d.%d", l, i)
			conv := newConv(name, p.Width, p.Width, p.axes, 3, p.boundary, p.rnd)
			conv.Dilation = d
			norm, err := newNorm(p.Norm, name+".norm", p.Width, 1, p.rnd)
			if err != nil {
				return err
			}
			modulation, err := newModulation(p.Conditioning, name+".condition", norm, p.Width, p.embedding, p.rnd)
			if err != nil {
				return err
			}
			s.Convs, s.Modulations = append(s.Convs, conv), append(s.Modulations, modulation)
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
	m.Head, err = p.head(1, m.ports.Out)
	return err
}

func (s *DilatedStack) apply(x, e op.Value) op.Value {
	v := x
	for i, conv := range s.Convs {
		v = s.Activation(s.Modulations[i].apply(conv.Apply(v), e))
	}
	return op.Add(x, v)
}

// Params yields the parameters of the layers in order.
func (s *DilatedStack) Params() iter.Seq2[string, *Param] {
	var layers []holder
	for i, conv := range s.Convs {
		layers = append(layers, conv, s.Modulations[i])
	}
	return chain(layers...)
}

// Apply implements Model.
func (m *DilatedResNet) Apply(x op.Value) op.Value { return m.ApplyGiven(x, op.Value{}) }

// ApplyGiven implements Conditioned.
func (m *DilatedResNet) ApplyGiven(x, c op.Value) op.Value {
	if !checkInput(x, "dilated_resnet", m.ports.Axes, m.ports.In) || !checkScalars(x, c, m.ports.Scalars) {
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
