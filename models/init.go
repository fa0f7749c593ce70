package models

import (
	"math"
	"math/rand/v2"

	"github.com/kolmogo/kolmogo/op"
)

// newParam draws each element in row-major order. Without a draw the parameter has a shape but no value.
func newParam(name string, d op.Dims, draw func() float64) *Param {
	p := &Param{Name: name, Dims: d}
	if draw == nil {
		return p
	}
	p.Data = make([]float64, d.Size())
	for i := range p.Data {
		p.Data[i] = draw()
	}
	return p
}

// Each of the following returns nil for a nil generator, which stands for a model without values.

// fanIn draws from U(−1/√n, 1/√n), PyTorch's default for the weight and the bias of a linear layer with n inputs.
func fanIn(n int, rnd *rand.Rand) func() float64 {
	if rnd == nil {
		return nil
	}
	a := 1 / math.Sqrt(float64(n))
	return func() float64 { return a * (2*rnd.Float64() - 1) }
}

// uniform draws from U[0, a).
func uniform(a float64, rnd *rand.Rand) func() float64 {
	if rnd == nil {
		return nil
	}
	return func() float64 { return a * rnd.Float64() }
}

// normal draws from N(0, σ²).
func normal(sigma float64, rnd *rand.Rand) func() float64 {
	if rnd == nil {
		return nil
	}
	return func() float64 { return sigma * rnd.NormFloat64() }
}

// complexNormal draws the real or imaginary part of a complex number z with E|z|² = σ².
func complexNormal(sigma float64, rnd *rand.Rand) func() float64 {
	return normal(sigma/math.Sqrt2, rnd)
}

// constant takes nothing from the generator.
func constant(c float64, rnd *rand.Rand) func() float64 {
	if rnd == nil {
		return nil
	}
	return func() float64 { return c }
}
