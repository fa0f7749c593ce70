package models

import (
	"fmt"
	"iter"
	"slices"

	"github.com/kolmogo/kolmogo/op"
)

// UNet is the modern U-Net: residual blocks on grids that halve from level to level and double on the way back, where each block also
// reads what the way down left at its level. With S the stack of results,
//
//	v = input(x), push;   down: v = stage(v), push, for blocks and halvings alike;   v = middle(v);
//	up: v = stage([v, pop]) for blocks, v = stage(v) for doublings;   y = output(σ(norm(v))).
//
// Level i has Multipliers[i] times the channels of the one above it and Layers blocks on the way down, one more on the way up. A grid
// must halve as often as there are levels but one. Scalars are embedded once and act in every block. In a conditioned network the
// output starts at 0.
//
// Source: Gupta & Brandstetter, Towards Multi-spatiotemporal-scale Generalized PDE Modeling (2022), App. B.2 ("U-Net mod");
// Lippe et al., PDE-Refiner (2023), App. D.1.
type UNet struct {
	Coordinates Coordinates
	Embedding   *Embedding
	Input       Model
	Down, Up    []UNetStage
	Middle      []UNetStage
	Head        *NormHead
	ports       Ports
	levels      int
}

// UNetStage is a block with attention after it, if there is one, or a change of the grid.
type UNetStage struct {
	Block     *ResidualBlock
	Attention *Attention
	Resample  Model
}

func defaultUNet(int) Config {
	return Config{
		Width: 64, Layers: 2, Multipliers: []int{1, 2, 2, 4}, Activation: "gelu", Coordinates: "none", Conditioning: "add",
		Norm: "group", Groups: 1, Boundary: "periodic", EdgeKernel: 3, Form: "standard", Heads: 1,
	}
}

// unetForms says of each form whether it is what PDEArena computes.
func unetForms() map[string]bool { return map[string]bool{"standard": false, "pdearena": true} }

func (s UNetStage) apply(v, e op.Value) op.Value {
	if s.Resample != nil {
		return s.Resample.Apply(v)
	}
	v = s.Block.apply(v, e)
	if s.Attention != nil {
		v = s.Attention.Apply(v)
	}
	return v
}

// Params yields the parameters of the stage.
func (s UNetStage) Params() iter.Seq2[string, *Param] {
	switch {
	case s.Resample != nil:
		return s.Resample.Params()
	case s.Attention != nil:
		return chain(s.Block, s.Attention)
	}
	return s.Block.Params()
}

// Apply implements Model.
func (m *UNet) Apply(x op.Value) op.Value { return m.ApplyGiven(x, op.Value{}) }

// ApplyGiven implements Conditioned.
func (m *UNet) ApplyGiven(x, c op.Value) op.Value {
	if !m.ports.take("unet", x, c) {
		return x
	}
	if err := m.CheckGrid(x.Dims().Cut(1, m.ports.Axes+1).Slice()...); err != nil {
		return x.Fail(err)
	}
	e := m.Embedding.Apply(c)
	v := m.Input.Apply(m.Coordinates.Append(x))
	stack := []op.Value{v}
	for _, s := range m.Down {
		v = s.apply(v, e)
		stack = append(stack, v)
	}
	for _, s := range m.Middle {
		v = s.apply(v, e)
	}
	for _, s := range m.Up {
		if s.Block != nil {
			v = op.Concat(m.ports.Axes+1, v, stack[len(stack)-1])
			stack = stack[:len(stack)-1]
		}
		v = s.apply(v, e)
	}
	return m.Head.Apply(v)
}

// Params implements Model.
func (m *UNet) Params() iter.Seq2[string, *Param] {
	layers := []holder{m.Embedding, m.Input}
	for _, s := range slices.Concat(m.Down, m.Middle, m.Up) {
		layers = append(layers, s)
	}
	return chain(append(layers, m.Head)...)
}

// CheckGrid is what the function of that name asks.
func (m *UNet) CheckGrid(grid ...int) error {
	return checkHalvings("unet", m.ports.Axes, m.levels-1, grid)
}

// checkHalvings reports a grid that does not halve so many times.
func checkHalvings(kind string, axes, halvings int, grid []int) error {
	if len(grid) != axes {
		return fmt.Errorf("models: a grid of %d axes for a %s of %d", len(grid), kind, axes)
	}
	for i, n := range grid {
		if k := 1 << halvings; n%k != 0 {
			return fmt.Errorf("models: a grid of %d points (axis %d) for a %s of %d levels: must be a multiple of %d; fewer multipliers take others", n, i, kind, halvings+1, k)
		}
	}
	return nil
}
