package models

import (
	"fmt"
	"iter"
	"math/rand/v2"

	"github.com/kolmogo/kolmogo/op"
)

// LinearAttention lets every point of a field x [batch, x.., c] read every other at a cost that grows with the number n of points
// only: with (q, k, v) = W_qkv x + b split into heads of d = c/Heads channels, and k̂, v̂ normalised over the channels of a head,
//
//	y_i = q_i·(1/n Σ_j k̂_jᵀ v̂_j),   out = W_out y + b.
//
// The sum is a quadrature of the integral over the domain, so it does not depend on the grid.
//
// Source: Cao, Choose a Transformer: Fourier or Galerkin (2021), eq. 5 (Galerkin type).
type LinearAttention struct {
	Project, Output    *Dense
	KeyScale, KeyShift *Param // [heads, 1, d]
	ValScale, ValShift *Param // [heads, 1, d]
	Heads              int
}

func newLinearAttention(name string, width, heads int, rnd *rand.Rand) (*LinearAttention, error) {
	if heads < 1 || width%heads != 0 {
		return nil, fmt.Errorf("models: heads %d: do not divide the width %d", heads, width)
	}
	d := op.Of(heads, 1, width/heads)
	return &LinearAttention{
		Project:  NewDense(name+".project", width, 3*width, rnd),
		KeyScale: newParam(name+".key.weight", d, constant(1, rnd)),
		KeyShift: newParam(name+".key.bias", d, constant(0, rnd)),
		ValScale: newParam(name+".value.weight", d, constant(1, rnd)),
		ValShift: newParam(name+".value.bias", d, constant(0, rnd)),
		Output:   NewDense(name+".output", width, width, rnd),
		Heads:    heads,
	}, nil
}

// Apply implements Model.
func (a *LinearAttention) Apply(x op.Value) op.Value {
	if !x.Valid() {
		return x
	}
	q, k, v := heads(a.Project.Apply(x), a.Heads)
	normal := func(v op.Value, scale, shift *Param) op.Value {
		return op.Add(op.Mul(op.Normalize(v, op.AxisSet(3), normEpsilon), scale.with(x)), shift.with(x))
	}
	k, v = normal(k, a.KeyScale, a.KeyShift), normal(v, a.ValScale, a.ValShift)
	kernel := op.Scale(op.MatMul(k, v, true, false), 1/float64(k.Dims().At(2)))
	return a.Output.Apply(join(op.MatMul(q, kernel, false, false), x.Dims()))
}

// Params implements Model.
func (a *LinearAttention) Params() iter.Seq2[string, *Param] {
	return chain(a.Project, holders{a.KeyScale, a.KeyShift, a.ValScale, a.ValShift}, a.Output)
}
