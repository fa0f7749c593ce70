package pinn

import (
	"cmp"
	"fmt"
	"iter"
	"math/rand/v2"
	"slices"

	"github.com/kolmogo/kolmogo/models"
	"github.com/kolmogo/kolmogo/op"
)

// Flow is a density on the unit cube, the pull-back of the uniform one under a rearrangement of Knothe and Rosenblatt, z = T(x):
//
//	z_i = F_i(x_i | x_1..x_{i−1}),  p(x) = det ∂T/∂x = Π_i F_i'(x_i | x_1..x_{i−1})
//
// F_i rises from 0 to 1 on [0, 1]: it is the distribution function of a Mixture whose channels are a network of the coordinates before. The
// matrix ∂T/∂x is a triangle, so coordinates are inverted one after the other, and p is a density for any parameters. It is a bounded
// KRnet (Zeng, Wan & Zhou 2023, arXiv 2305.09063) of one triangular step, with mixtures in place of stacked couplings.
type Flow struct {
	components int
	first      *models.Param // the channels of the first coordinate
	nets       []*MLP        // those of the others
}

// FlowConfig is the size of a Flow.
type FlowConfig struct {
	Components int // of each mixture; 0: 8
	Width      int // of the networks' two hidden layers; 0: 24
}

// NewFlow returns a Flow near the uniform density, the networks' hidden layers drawn from rnd.
func NewFlow(dimensions int, c FlowConfig, rnd *rand.Rand) (*Flow, error) {
	c.Components, c.Width = cmp.Or(c.Components, 8), cmp.Or(c.Width, 24)
	if dimensions < 1 || c.Components < 1 || c.Width < 1 {
		return nil, fmt.Errorf("pinn: a flow of %d dimensions with %d components and width %d: they must be positive", dimensions, c.Components, c.Width)
	}
	tanh, err := models.JetFunction("tanh")
	if err != nil {
		return nil, fmt.Errorf("pinn: %w", err)
	}
	even := evenChannels(c.Components)
	f := &Flow{components: c.Components, first: &models.Param{Name: "flow.0", Dims: op.Of(1, len(even)), Data: even}}
	for i := 1; i < dimensions; i++ {
		net := NewMLP(fmt.Sprintf("flow.%d", i), false, Activation{Function: tanh}, rnd, i, c.Width, c.Width, len(even))
		last := net.Layers[len(net.Layers)-1]
		clear(last.Weight.Data)
		last.Bias.Data = slices.Clone(even)
		f.nets = append(f.nets, net)
	}
	return f, nil
}

// Params yields the flow's parameters.
func (f *Flow) Params() iter.Seq2[string, *models.Param] {
	return func(yield func(string, *models.Param) bool) {
		if !yield(f.first.Name, f.first) {
			return
		}
		for _, n := range f.nets {
			for name, p := range n.Params() {
				if !yield(name, p) {
					return
				}
			}
		}
	}
}

// Dimensions is that of the cube.
func (f *Flow) Dimensions() int { return 1 + len(f.nets) }

// channels is the jet of the channels [m, 3·components] of coordinate i at x [m, dimensions].
func (f *Flow) channels(plan *models.JetPlan, x models.Jet, i int) models.Jet {
	if i > 0 {
		return f.nets[i-1].ApplyJet(x.Columns(0, i))
	}
	v := x.Value()
	row := f.first.In(v.Graph(), v.Dtype())
	return plan.Fixed(op.BroadcastTo(row, op.Of(v.Dims().At(0), row.Dims().At(1))))
}

// Channels builds the channels of coordinate i, rows of Mixture, at x [m, dimensions], of which it reads the columns before i.
func (f *Flow) Channels(x op.Value, i int) op.Value {
	plan, err := models.NewJetPlan(f.Dimensions(), nil, nil, nil)
	if err != nil {
		return x.Fail(fmt.Errorf("pinn: flow: %w", err))
	}
	return f.channels(plan, plan.Coordinates(x), i).Value()
}

// Apply builds z = T(x), [m, dimensions], at x [m, dimensions].
func (f *Flow) Apply(x op.Value) op.Value {
	plan, err := models.NewJetPlan(f.Dimensions(), nil, nil, nil)
	if err != nil {
		return x.Fail(fmt.Errorf("pinn: flow: %w", err))
	}
	j := plan.Coordinates(x)
	z := make([]op.Value, f.Dimensions())
	for i := range z {
		z[i] = newMixtureJets(plan, f.channels(plan, j, i)).distribution(j.Columns(i, 1)).Value()
	}
	return op.Concat(1, z...)
}

// Density builds p [m, 1] at x [m, dimensions], and |∇p|² [m, 1].
func (f *Flow) Density(x op.Value) (p, slope op.Value) {
	var partials []models.Derivative
	for i := range f.Dimensions() {
		partials = append(partials, models.Partial(i))
	}
	plan, err := models.NewJetPlan(f.Dimensions(), nil, partials, nil)
	if err != nil {
		v := x.Fail(fmt.Errorf("pinn: flow: %w", err))
		return v, v
	}
	j := plan.Coordinates(x)
	density := newMixtureJets(plan, f.channels(plan, j, 0)).density(j.Columns(0, 1))
	for i := 1; i < f.Dimensions(); i++ {
		density = density.Mul(newMixtureJets(plan, f.channels(plan, j, i)).density(j.Columns(i, 1)))
	}
	for i, d := range partials {
		v := density.At(d)
		if v = op.Mul(v, v); i == 0 {
			slope = v
		} else {
			slope = op.Add(slope, v)
		}
	}
	return density.Value(), slope
}

// Invert replaces z [n, dimensions] by T⁻¹(z), one coordinate after the other. channels returns the values of Channels(x, i) at x.
func (f *Flow) Invert(z []float64, channels func(i int, x []float64) ([]float64, error)) error {
	d := f.Dimensions()
	for i := range d {
		rows, err := channels(i, z)
		if err != nil {
			return err
		}
		for k := i; k < len(z); k += d {
			row := rows[k/d*3*f.components:]
			z[k] = Mixture(row[:3*f.components]).Quantile(z[k])
		}
	}
	return nil
}
