package models

import (
	"fmt"
	"iter"
	"math/rand/v2"

	"github.com/kolmogo/kolmogo/op"
)

// FNO is the Fourier neural operator in the form of 2021: with σ the activation,
//
//	v ← lift(x, coordinates),   v ← σ(S_l(v) + C_l(v) + U_l(v)) for each block, without σ in the last,   y = project(v),
//
// where lift and C_l are affine in the channels, S_l is Spectral on the corner blocks, and project is an MLP with one hidden
// layer. U_l is a FourierUNet in the last UNetLayers blocks of the kind ufno, and 0 otherwise. Zero padding, if any, goes behind the last
// point between lift and project. Scalars modulate each block's sum.
//
// Source: Li et al., Fourier Neural Operator for Parametric PDEs (2021), and the scripts that came with it, which later lost
// their batch normalisation; Wen et al., U-FNO (2022), eq. 6.
type FNO struct {
	Coordinates Coordinates
	Embedding   *Embedding
	Padding     Padding
	Lift        *Dense
	Blocks      []FourierBlock
	Activation  Activation
	Project     *MLP
	ports       Ports
}

// FourierBlock is S(v) + C(v) + U(v), modulated.
type FourierBlock struct {
	Spectral   *Spectral
	Skip       *Dense
	UNet       *FourierUNet // nil: none
	Modulation *Modulation
}

// defaultFNO is the scripts' sizes for one, two and three axes.
func defaultFNO(dims int) Config {
	c := Config{Layers: 4, Activation: "gelu", Coordinates: "endpoints", Hidden: 128, Conditioning: "add"}
	switch dims {
	case 1:
		c.Width, c.Modes = 64, Modes{16}
	case 2:
		c.Width, c.Modes = 32, Modes{12}
	default:
		c.Width, c.Modes = 20, Modes{8}
	}
	return c
}

// defaultUFNO is half Fourier and half U-Fourier layers.
func defaultUFNO(dims int) Config {
	c := defaultFNO(dims)
	c.Layers, c.UNetLayers, c.UNetLevels, c.Boundary = 6, 3, 3, "periodic"
	return c
}

// newFNO draws as the scripts do: affine maps from PyTorch's default, spectral weights from U[0, 1/(in·out)), real and
// imaginary parts alike.
func newFNO(c Config, p Ports, rnd *rand.Rand) (Model, error) {
	act, err := activation(c.Activation)
	if err != nil {
		return nil, err
	}
	grid, err := coordinates(c.Coordinates, Periodic)
	if err != nil {
		return nil, err
	}
	mode := op.PadCircular
	if c.UNetLayers > 0 {
		if mode, err = boundary(c.Boundary); err != nil {
			return nil, err
		}
	}
	m := &FNO{Coordinates: grid, Padding: Padding{Fraction: c.Padding}, Activation: act, ports: p}
	m.Embedding = newEmbedding(c, p, act, rnd)
	m.Lift = NewDense("lift", grid.channels(p.In, p.Axes), c.Width, rnd)
	kernel := Corners.kernelDims(c.Modes, c.Width, c.Width)
	for l := range c.Layers {
		name := fmt.Sprintf("blocks.%d", l)
		weight := newParam(name+".spectral.weight", kernel, uniform(1/float64(c.Width*c.Width), rnd))
		b := FourierBlock{
			Spectral: &Spectral{Weight: Full{weight}, Modes: c.Modes, Convention: Corners},
			Skip:     NewDense(name+".skip", c.Width, c.Width, rnd),
		}
		if l >= c.Layers-c.UNetLayers {
			if b.UNet, err = newFourierUNet(name+".unet", c.Width, c.UNetLevels, p.Axes, mode, rnd); err != nil {
				return nil, err
			}
		}
		if b.Modulation, err = newModulation(c.Conditioning, name+".condition", nil, c.Width, c.embedding(p), rnd); err != nil {
			return nil, err
		}
		m.Blocks = append(m.Blocks, b)
	}
	m.Project = NewMLP("project", act, rnd, c.Width, c.Hidden, p.Out)
	return m, nil
}

func (b FourierBlock) apply(v, e op.Value) op.Value {
	sum := op.Add(b.Spectral.Apply(v), b.Skip.Apply(v))
	if b.UNet != nil {
		sum = op.Add(sum, b.UNet.Apply(v))
	}
	return b.Modulation.apply(sum, e)
}

// Params yields the parameters of the layers in order.
func (b FourierBlock) Params() iter.Seq2[string, *Param] {
	if b.UNet == nil {
		return chain(b.Spectral, b.Skip, b.Modulation)
	}
	return chain(b.Spectral, b.Skip, b.UNet, b.Modulation)
}

// Apply implements Model.
func (m *FNO) Apply(x op.Value) op.Value { return m.ApplyGiven(x, op.Value{}) }

// ApplyGiven implements Conditioned.
func (m *FNO) ApplyGiven(x, c op.Value) op.Value {
	if !m.ports.take("fno", x, c) {
		return x
	}
	e := m.Embedding.Apply(c)
	v := m.Lift.Apply(m.Coordinates.Append(x))
	v = m.Padding.Around(v, func(v op.Value) op.Value {
		for l, b := range m.Blocks {
			if l > 0 {
				v = m.Activation(v)
			}
			v = b.apply(v, e)
		}
		return v
	})
	return m.Project.Apply(v)
}

// Params implements Model.
func (m *FNO) Params() iter.Seq2[string, *Param] {
	layers := []holder{m.Embedding, m.Lift}
	for _, b := range m.Blocks {
		layers = append(layers, b)
	}
	return chain(append(layers, m.Project)...)
}

// CheckGrid is what the function of that name asks.
func (m *FNO) CheckGrid(grid ...int) error {
	padded := m.Padding.grid(grid)
	if u := m.Blocks[len(m.Blocks)-1].UNet; u != nil {
		if err := checkHalvings("ufno", m.ports.Axes, len(u.Down), padded); err != nil {
			return err
		}
	}
	return m.Blocks[0].Spectral.CheckGrid(padded...)
}
