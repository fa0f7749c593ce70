package models

import (
	"fmt"
	"iter"
	"math/rand/v2"

	"github.com/kolmogo/kolmogo/op"
)

// FNO is the Fourier neural operator in the form of 2021: with σ the activation,
//
//	v ← lift(x, coordinates),   v ← σ(S_l(v) + C_l(v)) for each block, without σ in the last,   y = project(v),
//
// where lift and C_l are affine in the channels, S_l is Spectral on the corner blocks, and project is an MLP with one hidden
// layer. Zero padding, if any, goes behind the last point between lift and project.
//
// Source: Li et al., Fourier Neural Operator for Parametric PDEs (2021), and the scripts that came with it, which later lost
// their batch normalisation.
type FNO struct {
	Coordinates Coordinates
	Padding     Padding
	Lift        *Dense
	Blocks      []FourierBlock
	Activation  Activation
	Project     *MLP
	in          int
}

// FourierBlock is S(v) + C(v).
type FourierBlock struct {
	Spectral *Spectral
	Skip     *Dense
}

// defaultFNO is the scripts' sizes for one, two and three axes.
func defaultFNO(dims int) Config {
	c := Config{Layers: 4, Activation: "gelu", Coordinates: "endpoints", Hidden: 128}
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
	m := &FNO{Coordinates: grid, Padding: Padding{Fraction: c.Padding}, Activation: act, in: p.In}
	m.Lift = NewDense("lift", grid.channels(p.In, p.Axes), c.Width, rnd)
	kernel := Corners.kernelDims(c.Modes, c.Width, c.Width)
	for l := range c.Layers {
		name := fmt.Sprintf("blocks.%d", l)
		weight := newParam(name+".spectral.weight", kernel, uniform(1/float64(c.Width*c.Width), rnd))
		m.Blocks = append(m.Blocks, FourierBlock{
			Spectral: &Spectral{Weight: Full{weight}, Modes: c.Modes, Convention: Corners},
			Skip:     NewDense(name+".skip", c.Width, c.Width, rnd),
		})
	}
	m.Project = NewMLP("project", act, rnd, c.Width, c.Hidden, p.Out)
	return m, nil
}

// Apply implements Model.
func (b FourierBlock) Apply(v op.Value) op.Value { return op.Add(b.Spectral.Apply(v), b.Skip.Apply(v)) }

// Params implements Model.
func (b FourierBlock) Params() iter.Seq2[string, *Param] { return chain(b.Spectral, b.Skip) }

// Apply implements Model.
func (m *FNO) Apply(x op.Value) op.Value {
	if !checkInput(x, "fno", len(m.Blocks[0].Spectral.Modes), m.in) {
		return x
	}
	v := m.Lift.Apply(m.Coordinates.Append(x))
	v = m.Padding.Around(v, func(v op.Value) op.Value {
		for l, b := range m.Blocks {
			if l > 0 {
				v = m.Activation(v)
			}
			v = b.Apply(v)
		}
		return v
	})
	return m.Project.Apply(v)
}

// Params implements Model.
func (m *FNO) Params() iter.Seq2[string, *Param] {
	layers := []holder{m.Lift}
	for _, b := range m.Blocks {
		layers = append(layers, b)
	}
	return chain(append(layers, m.Project)...)
}

// CheckGrid is what the function of that name asks.
func (m *FNO) CheckGrid(grid ...int) error {
	return m.Blocks[0].Spectral.CheckGrid(m.Padding.grid(grid)...)
}
