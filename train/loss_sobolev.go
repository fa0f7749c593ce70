package train

import (
	"fmt"
	"math"

	"github.com/kolmogo/kolmogo/op"
)

// relativeSobolev: mean over samples of ‖p − y‖ₛ/‖y‖ₛ for fields that are periodic in every axis, with the norm of Hˢ by the Fourier
// coefficients ûₖ of whole wavenumbers k,
//
//	‖u‖ₛ² = Σₖ (1 + |k|²)ˢ·|ûₖ|²
//
// summed over channels. Source: Li et al. 2022 (arXiv 2106.06898, §4.2).
func relativeSobolev(p, y op.Value, s float64) op.Value {
	ratio := op.Div(sobolevSquares(op.Sub(p, y), s), sobolevSquares(y, s))
	return op.MeanAll(op.Sqrt(op.Affine(ratio, 1, 1e-30)))
}

// sobolevSquares is ‖u‖ₛ² of each sample of u [batch, x.., channel].
func sobolevSquares(u op.Value, s float64) op.Value {
	d := u.Dims()
	axes := d.Rank() - 2
	last := d.At(axes)
	spectrum := op.RealDFT(u, last/2+1, 1/float64(last)) // [k, 2, batch, x.., channel]
	for lead := 1; lead < axes; lead++ {
		n := d.At(axes - lead)
		spectrum = op.DFT(spectrum, lead, -(n / 2), n, 1/float64(n))
	}
	if !spectrum.Valid() {
		return spectrum
	}
	weights := u.Graph().Constant(fmt.Sprintf("sobolev %v %v", s, d.Slice()), u.Dtype(), weightDims(spectrum.Dims(), axes), sobolevWeights(d.Slice()[1:axes+1], s))
	squares := op.Mul(op.Mul(spectrum, spectrum), weights)
	return op.SumOver(squares, op.Axes(1<<squares.Dims().Rank()-1)&^(1<<(axes+1)))
}

// weightDims is [k.., 1, 1, 1]: one weight for each wavenumber of a spectrum.
func weightDims(d op.Dims, axes int) op.Dims {
	for i := axes; i < d.Rank(); i++ {
		d = d.With(i, 1)
	}
	return d
}

// sobolevWeights lists (1 + |k|²)ˢ in the order of a spectrum of a grid, twice for the wavenumbers whose mirror images are left out.
func sobolevWeights(grid []int, s float64) []float64 {
	list := []float64{}
	last := len(grid) - 1
	var walk func(axis int, sum float64)
	walk = func(axis int, sum float64) {
		n := grid[axis]
		if axis < last {
			for k := -(n / 2); k < n-n/2; k++ {
				walk(axis+1, sum+float64(k*k))
			}
			return
		}
		for k := range n/2 + 1 {
			w := math.Pow(1+sum+float64(k*k), s)
			if k > 0 && 2*k < n {
				w *= 2
			}
			list = append(list, w)
		}
	}
	walk(0, 0)
	return list
}
