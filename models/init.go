package models

import (
	"math"
	"math/rand/v2"

	"github.com/kolmogo/kolmogo/op"
)

// newParam draws each element in row-major order.
func newParam(name string, d op.Dims, draw func() float64) *Param {
	p := &Param{Name: name, Dims: d, Data: make([]float64, d.Size())}
	for i := range p.Data {
		p.Data[i] = draw()
	}
	return p
}

// fanIn draws from U(−1/√n, 1/√n), PyTorch's default for the weight and the bias of a linear layer with n inputs.
func fanIn(n int, rnd *rand.Rand) func() float64 {
	a := 1 / math.Sqrt(float64(n))
	return func() float64 { return a * (2*rnd.Float64() - 1) }
}

// uniform draws from U[0, a).
func uniform(a float64, rnd *rand.Rand) func() float64 {
	return func() float64 { return a * rnd.Float64() }
}

// normal draws from N(0, σ²).
func normal(sigma float64, rnd *rand.Rand) func() float64 {
	return func() float64 { return sigma * rnd.NormFloat64() }
}

// complexNormal draws the real or imaginary part of a complex number z with E|z|² = σ².
func complexNormal(sigma float64, rnd *rand.Rand) func() float64 {
	return normal(sigma/math.Sqrt2, rnd)
}

// constant is no draw at all.
func constant(c float64) func() float64 { return func() float64 { return c } }
