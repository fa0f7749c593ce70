package models

import (
	"fmt"
	"iter"
	"math/rand/v2"

	"github.com/kolmogo/kolmogo/op"
)

// FourierUNet is the U-Net beside a Fourier layer: with all layers of one width,
//
//	v₀ = x,   v_i = units_i(v_(i−1)),   u = v_l,   then for i = l, …, 1:  u ← λ(double_i(u)), u ← [v_(i−1), u];   y = output(u),
//
// where units_i is λ(norm(conv(·))) with stride 2, from the second level on followed by another one without, double is an UpConv, λ(x) =
// max(x, x/10), and output a convolution of three points.
//
// Source: Wen et al., U-FNO (2022), §3.2, and the code that came with it, whose batch normalisation is a group norm of one group here.
type FourierUNet struct {
	Down   []ConvUnits
	Double []*UpConv // from the finest level on
	Output *Conv
}

// leaky is λ.
func leaky(x op.Value) op.Value { return op.Add(op.Scale(op.ReLU(x), 0.9), op.Scale(x, 0.1)) }

func newFourierUNet(name string, width, levels, axes int, mode op.PadMode, rnd *rand.Rand) (*FourierUNet, error) {
	m := &FourierUNet{}
	unit := func(i, j, stride int) (u ConvUnit, err error) {
		part := fmt.Sprintf("%s.down.%d.%d", name, i, j)
		u = ConvUnit{Conv: newConv(part, width, width, axes, 3, mode, rnd), Activation: leaky}
		u.Conv.Bias, u.Conv.Stride = nil, stride
		norm, err := newNorm("group", part+".norm", width, 1, rnd)
		u.Modulation = &Modulation{Norm: norm}
		return u, err
	}
	for i := range levels {
		var units ConvUnits
		for j := range min(i, 1) + 1 {
			u, err := unit(i, j, 2-j)
			if err != nil {
				return nil, err
			}
			units = append(units, u)
		}
		m.Down = append(m.Down, units)
	}
	for i := range levels {
		in := 2 * width
		if i == levels-1 {
			in = width
		}
		m.Double = append(m.Double, newUpConv(fmt.Sprintf("%s.up.%d", name, i), in, width, axes, mode, rnd))
	}
	m.Output = newConv(name+".output", 2*width, width, axes, 3, mode, rnd)
	return m, nil
}

// Apply implements Model.
func (m *FourierUNet) Apply(x op.Value) op.Value {
	if !x.Valid() {
		return x
	}
	left := []op.Value{x}
	for i, units := range m.Down {
		left = append(left, units.apply(left[i], op.Value{}))
	}
	u := left[len(m.Down)]
	for i := len(m.Down) - 1; i >= 0; i-- {
		u = op.Concat(x.Dims().Rank()-1, left[i], leaky(m.Double[i].Apply(u)))
	}
	return m.Output.Apply(u)
}

// Params implements Model.
func (m *FourierUNet) Params() iter.Seq2[string, *Param] {
	var layers []holder
	for _, units := range m.Down {
		layers = append(layers, units)
	}
	for _, d := range m.Double {
		layers = append(layers, d)
	}
	return chain(append(layers, m.Output)...)
}
