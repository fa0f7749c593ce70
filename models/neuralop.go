package models

import (
	"cmp"
	"fmt"
	"iter"
	"math"
	"math/rand/v2"

	"github.com/kolmogo/kolmogo/op"
)

// NeuralopFNO is the Fourier neural operator in neuraloperator's present default form:
//
//	v ← lift(x, coordinates),   v ← NeuralopBlock_l(v) for each l,   y = project(v),
//
// where lift and project are MLPs with one hidden layer. Zero padding, if any, goes on both ends of each axis between them.
//
// Source: neuraloperator, class FNO (commit 93d3f063); with a Tucker kernel its class TFNO.
type NeuralopFNO struct {
	Coordinates Coordinates
	Padding     Padding
	Lift        *MLP
	Blocks      []NeuralopBlock
	Project     *MLP
	in          int
}

// NeuralopBlock is, with σ the activation (left out where marked * in the last block),
//
//	u = σ*(norm₀(S(v)) + skip(v)),   out = σ*(norm₁(mlp(u) + mlpSkip(v))).
type NeuralopBlock struct {
	Spectral      *Spectral
	Skip, MLPSkip Model // nil: nothing is added
	MLP           *MLP
	Norm          [2]Model // nil: none
	Activation    Activation
}

func defaultNeuralopFNO(dims int) Config {
	c := defaultFNO(dims)
	for i, m := range c.Modes {
		c.Modes[i] = 2 * m
	}
	c.Coordinates, c.Hidden, c.Conditioning = "periodic", 0, ""
	c.LiftingRatio, c.ProjectionRatio, c.Expansion = 2, 2, 0.5
	c.Skip, c.MLPSkip, c.Norm = "linear", "soft-gating", "none"
	c.Factorization, c.Rank = "dense", 1
	return c
}

// newNeuralopFNO draws as neuraloperator does: linear maps from PyTorch's default, spectral weights complex normal with
// σ² = 2/(in+out), spectral biases normal with the same σ², gates and norms' scales 1, norms' shifts 0.
func newNeuralopFNO(c Config, p Ports, rnd *rand.Rand) (Model, error) {
	act, err := activation(c.Activation)
	if err != nil {
		return nil, err
	}
	grid, err := coordinates(c.Coordinates, PeriodicFloat32)
	if err != nil {
		return nil, err
	}
	m := &NeuralopFNO{Coordinates: grid, Padding: Padding{Fraction: c.Padding, Both: true}, in: p.In}
	lift, err1 := channels("lifting_ratio", c.LiftingRatio, c.Width, math.Floor)
	project, err2 := channels("projection_ratio", c.ProjectionRatio, c.Width, math.Floor)
	hidden, err3 := channels("expansion", c.Expansion, c.Width, math.RoundToEven)
	if err := cmp.Or(err1, err2, err3); err != nil {
		return nil, err
	}
	m.Lift = NewMLP("lift", act, rnd, grid.channels(p.In, p.Axes), lift, c.Width)
	for l := range c.Layers {
		b, err := newNeuralopBlock(c, fmt.Sprintf("blocks.%d", l), act, hidden, rnd)
		if err != nil {
			return nil, err
		}
		m.Blocks = append(m.Blocks, b)
	}
	m.Project = NewMLP("project", act, rnd, c.Width, project, p.Out)
	return m, nil
}

// channels is ratio·width, rounded.
func channels(key string, ratio float64, width int, round func(float64) float64) (int, error) {
	n := round(ratio * float64(width))
	if !(n >= 1 && n <= 1<<20) {
		return 0, fmt.Errorf("models: %s %v makes %v channels from the width %d", key, ratio, n, width)
	}
	return int(n), nil
}

func newNeuralopBlock(c Config, name string, act Activation, hidden int, rnd *rand.Rand) (b NeuralopBlock, err error) {
	b.Activation = act
	if b.Spectral, err = newCentred(c, name+".spectral", rnd); err != nil {
		return b, err
	}
	if b.Skip, err = newSkip(c.Skip, name+".skip", c.Width, rnd); err != nil {
		return b, err
	}
	b.MLP = NewMLP(name+".mlp", act, rnd, c.Width, hidden, c.Width)
	if b.MLPSkip, err = newSkip(c.MLPSkip, name+".mlp_skip", c.Width, rnd); err != nil {
		return b, err
	}
	for i := range b.Norm {
		if b.Norm[i], err = newNorm(c.Norm, fmt.Sprintf("%s.norm%d", name, i), c.Width, 1, rnd); err != nil {
			return b, err
		}
	}
	return b, nil
}

// newCentred returns the spectral layer of a block.
func newCentred(c Config, name string, rnd *rand.Rand) (*Spectral, error) {
	s := &Spectral{Modes: c.Modes, Convention: Centred}
	sigma := 1 / math.Sqrt(float64(c.Width))
	kernel := Centred.kernelDims(c.Modes, c.Width, c.Width)
	kinds := map[string]func() Kernel{
		"dense":  func() Kernel { return Full{newParam(name+".weight", kernel, complexNormal(sigma, rnd))} },
		"tucker": func() Kernel { return NewTucker(name, kernel, c.Rank, sigma, rnd) },
	}
	kind, err := lookup("factorization", kinds, c.Factorization)
	if err != nil {
		return nil, fmt.Errorf("models: %w", err)
	}
	s.Weight = kind()
	s.Bias = newParam(name+".bias", op.Of(c.Width), normal(sigma, rnd))
	return s, nil
}

func (b NeuralopBlock) apply(v op.Value, last bool) op.Value {
	act := b.Activation
	if last {
		act = func(x op.Value) op.Value { return x }
	}
	u := act(plus(through(b.Norm[0], b.Spectral.Apply(v)), b.Skip, v))
	return act(through(b.Norm[1], plus(b.MLP.Apply(u), b.MLPSkip, v)))
}

// through is layer(x), or x without a layer.
func through(layer Model, x op.Value) op.Value {
	if layer == nil {
		return x
	}
	return layer.Apply(x)
}

// plus is y + skip(v), or y without a skip.
func plus(y op.Value, skip Model, v op.Value) op.Value {
	if skip == nil {
		return y
	}
	return op.Add(y, skip.Apply(v))
}

// Apply implements Model.
func (m *NeuralopFNO) Apply(x op.Value) op.Value {
	if !checkInput(x, "neuralop_fno", len(m.Blocks[0].Spectral.Modes), m.in) {
		return x
	}
	v := m.Lift.Apply(m.Coordinates.Append(x))
	v = m.Padding.Around(v, func(v op.Value) op.Value {
		for l, b := range m.Blocks {
			v = b.apply(v, l == len(m.Blocks)-1)
		}
		return v
	})
	return m.Project.Apply(v)
}

// Params implements Model.
func (m *NeuralopFNO) Params() iter.Seq2[string, *Param] {
	layers := []holder{m.Lift}
	for _, b := range m.Blocks {
		layers = append(layers, b.Spectral, b.Skip, b.MLP, b.MLPSkip, b.Norm[0], b.Norm[1])
	}
	return chain(append(layers, m.Project)...)
}

// CheckGrid is what the function of that name asks.
func (m *NeuralopFNO) CheckGrid(grid ...int) error {
	return m.Blocks[0].Spectral.CheckGrid(m.Padding.grid(grid)...)
}
