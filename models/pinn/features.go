package pinn

import (
	"fmt"
	"iter"
	"math/rand/v2"

	"github.com/kolmogo/kolmogo/models"
	"github.com/kolmogo/kolmogo/op"
)

// Fourier: x ↦ [cos Bx, sin Bx] with fixed rows of B (Tancik et al. 2020, arXiv 2006.10739, eq. 5, without the factor 2π). Drawn rows
// let a network find high frequencies; rows that are multiples of 2π/L make it periodic, exactly.
type Fourier struct {
	B [][]float64 // [features][n]
}

// NewFourier draws the rows of B from N(0, σ²).
func NewFourier(features, n int, sigma float64, rnd *rand.Rand) *Fourier {
	f := &Fourier{B: make([][]float64, features)}
	for i := range f.B {
		f.B[i] = make([]float64, n)
		for k := range n {
			f.B[i][k] = sigma * rnd.NormFloat64()
		}
	}
	return f
}

// ApplyJet implements Network.
func (f *Fourier) ApplyJet(x models.Jet) models.Jet {
	v := x.Value()
	n, rows := len(f.B[0]), len(f.B)
	data := make([]float64, n*rows)
	for i, b := range f.B {
		for k, w := range b {
			data[k*rows+i] = w
		}
	}
	matrix := v.Graph().Constant(fmt.Sprintf("fourier %v %x", v.Dtype(), data), v.Dtype(), op.Of(n, rows), data)
	z := x.MatMul(matrix)
	cos, sin := waves()
	return models.Join(z.Compose(cos), z.Compose(sin))
}

// Params implements Network: there are none.
func (f *Fourier) Params() iter.Seq2[string, *models.Param] {
	return func(func(string, *models.Param) bool) {}
}

func waves() (cos, sin models.JetFunc) {
	cos, _ = models.JetFunction("cos")
	sin, _ = models.JetFunction("sin")
	return cos, sin
}
