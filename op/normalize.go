package op

import (
	"fmt"
	"math"
)

// NormalizeOp: y = (x − μ)/√(σ² + ε), with the mean μ and the biased variance σ² over a set of axes, for each index of the other axes.
// Shapes: that of x. Source: Ioffe & Szegedy 2015 (arXiv 1502.03167, algorithm 1); Wu & He 2018 (arXiv 1803.08494, eq. 1).
type NormalizeOp struct {
	Over    Axes
	Epsilon float64
}

// Normalize returns x with mean 0 and variance 1 over the given axes.
func Normalize(x Value, axes Axes, eps float64) Value { return Apply(NormalizeOp{axes, eps}, x) }

// GroupNorm returns γ·x̂ + β for x [batch, x.., channel], x̂ being x normalised over the grid and the channels of each of several
// equal groups; γ and β are [channel].
func GroupNorm(x Value, groups int, gamma, beta Value, eps float64) Value {
	d := x.Dims()
	if d.n < 2 || groups < 1 || d.At(-1)%groups != 0 {
		return x.fail(fmt.Errorf("group norm: %d groups of shape %v: the channels must divide", groups, d))
	}
	split := x
	if x.Valid() {
		split = ReshapeTo(x, Of(d.len[0], d.Span(1, d.n-1), groups, d.At(-1)/groups))
	}
	return Add(Mul(ReshapeTo(Normalize(split, AxisSet(1, 3), eps), d), gamma), beta)
}

// LayerNorm returns γ·x̂ + β, x̂ being x normalised over its last axis; γ and β are [channel].
func LayerNorm(x, gamma, beta Value, eps float64) Value {
	return Add(Mul(Normalize(x, AxisSet(max(x.Dims().n-1, 0)), eps), gamma), beta)
}

// InstanceNorm returns x [batch, x.., channel] normalised over the grid, for each sample and channel.
func InstanceNorm(x Value, eps float64) Value {
	var grid Axes
	for i := 1; i < x.Dims().n-1; i++ {
		grid |= 1 << i
	}
	return Normalize(x, grid, eps)
}

// Shape implements Op.
func (o NormalizeOp) Shape(in ...Dims) (Dims, error) {
	if err := arity("normalize", in, 1); err != nil {
		return Dims{}, err
	}
	if o.Over == 0 || int(o.Over)>>in[0].n != 0 || !(o.Epsilon >= 0) {
		return Dims{}, fmt.Errorf("normalize: axes %08b and ε = %v on shape %v", o.Over, o.Epsilon, in[0])
	}
	return in[0], nil
}

// moments returns mean and 1/√(σ² + ε) of each group, the group of each element, and the groups' size.
func (o NormalizeOp) moments(x Array) (mean, scale []float64, group []int, size float64) {
	keep, strides := 1, make([]int, x.Dims.n)
	for i := x.Dims.n - 1; i >= 0; i-- {
		if !o.Over.Has(i) {
			strides[i] = keep
			keep *= x.Dims.len[i]
		}
	}
	mean, scale, group = make([]float64, keep), make([]float64, keep), make([]int, len(x.Data))
	size = float64(len(x.Data)) / float64(max(keep, 1))
	for i, idx := range indices(x.Dims) {
		group[i] = dot(idx, strides)
		mean[group[i]] += x.Data[i] / size
	}
	for i, v := range x.Data {
		d := v - mean[group[i]]
		scale[group[i]] += d * d / size
	}
	for g, v := range scale {
		scale[g] = 1 / math.Sqrt(v+o.Epsilon)
	}
	return mean, scale, group, size
}

// Eval implements Op.
func (o NormalizeOp) Eval(out Array, in ...Array) {
	mean, scale, group, _ := o.moments(in[0])
	for i, x := range in[0].Data {
		out.Data[i] = (x - mean[group[i]]) * scale[group[i]]
	}
}

// Grad implements Op.
func (o NormalizeOp) Grad(in []Value, _, dOut Value) []Value {
	return []Value{Apply(NormalizeGradOp(o), in[0], dOut)}
}

// NormalizeGradOp: dx = s·(dy − mean(dy) − x̂·mean(x̂·dy)) with s = 1/√(σ² + ε) and x̂ = s(x − μ), means over the same axes: the
// gradient of NormalizeOp. Shapes: x and dy are equal. It has no gradient rule itself.
type NormalizeGradOp struct {
	Over    Axes
	Epsilon float64
}

// Shape implements Op.
func (o NormalizeGradOp) Shape(in ...Dims) (Dims, error) {
	if err := arity("normalize gradient", in, 2); err != nil {
		return Dims{}, err
	}
	if in[0] != in[1] {
		return Dims{}, fmt.Errorf("normalize gradient: shapes %v and %v differ", in[0], in[1])
	}
	return NormalizeOp(o).Shape(in[0])
}

// Eval implements Op.
func (o NormalizeGradOp) Eval(out Array, in ...Array) {
	mean, scale, group, size := NormalizeOp(o).moments(in[0])
	m1, m2 := make([]float64, len(mean)), make([]float64, len(mean))
	for i, dy := range in[1].Data {
		g := group[i]
		m1[g] += dy / size
		m2[g] += dy * (in[0].Data[i] - mean[g]) * scale[g] / size
	}
	for i, dy := range in[1].Data {
		g := group[i]
		out.Data[i] = scale[g] * (dy - m1[g] - (in[0].Data[i]-mean[g])*scale[g]*m2[g])
	}
}

// Grad implements Op: there is none.
func (NormalizeGradOp) Grad([]Value, Value, Value) []Value { return make([]Value, 2) }
