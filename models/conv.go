package models

import (
	"fmt"
	"iter"
	"math/rand/v2"
	"slices"

	"github.com/kolmogo/kolmogo/op"
)

// Conv: y_i = b + Σ_j x_(s·i + d·(j − r)) W_j on a field x [batch, x.., in], with an odd number 2r + 1 of kernel points, stride s and
// dilation d on every axis; outside the grid x continues as Boundary says. W [k.., in, out]; ⌊(n − 1)/s⌋ + 1 points per axis remain.
type Conv struct {
	Weight           *Param
	Bias             *Param // nil: none
	Stride, Dilation int
	Boundary         op.PadMode
}

// boundary reads a Config's word.
func boundary(name string) (op.PadMode, error) {
	m, err := lookup("boundary", map[string]op.PadMode{"periodic": op.PadCircular, "zero": op.PadZero, "reflect": op.PadReflect}, name)
	if err != nil {
		return 0, fmt.Errorf("models: %w", err)
	}
	return m, nil
}

// newConv draws W, then b, from PyTorch's default, U(−1/√n, 1/√n) with n = in·(points of the kernel).
func newConv(name string, in, out, axes, points int, mode op.PadMode, rnd *rand.Rand) *Conv {
	draw := fanIn(in*kernelSize(points, axes), rnd)
	return &Conv{
		Weight: newParam(name+".weight", kernelDims(points, axes, in, out), draw),
		Bias:   newParam(name+".bias", op.Of(out), draw),
		Stride: 1, Dilation: 1, Boundary: mode,
	}
}

// newEdge is a map into or out of a network: a Conv, or a Dense where the kernel has one point.
func newEdge(name string, in, out, axes, points int, mode op.PadMode, rnd *rand.Rand) Model {
	if points == 1 {
		return NewDense(name, in, out, rnd)
	}
	return newConv(name, in, out, axes, points, mode, rnd)
}

// kernelDims is [points.., in, out].
func kernelDims(points, axes, in, out int) op.Dims {
	return op.Of(append(slices.Repeat([]int{points}, axes), in, out)...)
}

// kernelSize is points^axes.
func kernelSize(points, axes int) int { return kernelDims(points, axes, 1, 1).Size() }

// zeroed returns a layer whose parameters start at 0.
func zeroed(layer Model) Model {
	for _, p := range layer.Params() {
		clear(p.Data)
	}
	return layer
}

// Apply implements Model.
func (c *Conv) Apply(x op.Value) op.Value {
	if !x.Valid() {
		return x
	}
	axes := x.Dims().Rank() - 2
	reach := (c.Weight.Dims.At(0) - 1) / 2 * c.Dilation
	for i := range axes {
		x = op.Pad(x, c.Boundary, i+1, reach, reach)
	}
	y := op.Conv(x, c.Weight.with(x), slices.Repeat([]int{c.Stride}, axes), slices.Repeat([]int{c.Dilation}, axes))
	if c.Bias == nil {
		return y
	}
	return op.Add(y, c.Bias.with(x))
}

// Params implements Model.
func (c *Conv) Params() iter.Seq2[string, *Param] { return own(c.Weight, c.Bias) }

// UpConv doubles the points of every axis: y_p = b + Σ x_i W_j over 2·i + j = p + 1, the adjoint of a convolution of four points,
// stride 2 and one zero around. Outside the grid x continues as Boundary says; in PDEArena's networks it is always 0 there.
// W [4.., out, in].
type UpConv struct {
	Weight, Bias *Param
	Boundary     op.PadMode
}

// newUpConv draws as PyTorch does, which takes n = out·4^axes.
func newUpConv(name string, in, out, axes int, mode op.PadMode, rnd *rand.Rand) *UpConv {
	draw := fanIn(out*kernelSize(4, axes), rnd)
	return &UpConv{newParam(name+".weight", kernelDims(4, axes, out, in), draw), newParam(name+".bias", op.Of(out), draw), mode}
}

// Apply implements Model.
func (c *UpConv) Apply(x op.Value) op.Value {
	if !x.Valid() {
		return x
	}
	d := x.Dims()
	axes, around := d.Rank()-2, 0
	if c.Boundary != op.PadZero {
		around = 1
	}
	var size []int
	for i := range axes {
		x = op.Pad(x, c.Boundary, i+1, around, around)
		size = append(size, 2*(d.At(i+1)+2*around)+2)
	}
	y := op.ConvTranspose(x, c.Weight.with(x), slices.Repeat([]int{2}, axes), nil, size)
	for i := range axes {
		y = op.SliceAxis(y, i+1, 1+2*around, 2*d.At(i+1))
	}
	return op.Add(y, c.Bias.with(x))
}

// Params implements Model.
func (c *UpConv) Params() iter.Seq2[string, *Param] { return own(c.Weight, c.Bias) }
