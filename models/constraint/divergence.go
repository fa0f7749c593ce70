package constraint

import (
	"fmt"
	"math"

	"github.com/kolmogo/kolmogo/op"
)

// spectrum transforms all axes of space of a periodic field [batch, x.., c] on the unit cube, applies f to the coefficients and their
// wavenumbers, and transforms back. f gets the spectrum [k.., 2, batch, c] and, for each axis, the constant wavenumbers 2πk that
// broadcast over it, zero where an even axis has its Nyquist mode, whose derivative has no sign.
func spectrum(x op.Value, f func(v op.Value, k []op.Value) op.Value) op.Value {
	d := x.Dims()
	axes := d.Rank() - 2
	last := d.At(axes)
	v := op.RealDFT(x, last/2+1, 1/float64(last))
	for i := axes - 2; i >= 0; i-- {
		n := d.At(i + 1)
		v = op.DFT(v, axes-1-i, -(n / 2), n, 1/float64(n))
	}
	k := make([]op.Value, axes)
	for i := range axes {
		n := d.At(i + 1)
		first, count := -(n / 2), n
		if i == axes-1 {
			first, count = 0, n/2+1
		}
		data := make([]float64, count)
		for j := range data {
			if q := first + j; 2*q != n && 2*q != -n {
				data[j] = 2 * math.Pi * float64(q)
			}
		}
		lens := make([]int, axes+3)
		for a := range lens {
			lens[a] = 1
		}
		lens[i] = count
		k[i] = constant(x, "wavenumbers", op.Of(lens...), data)
	}
	v = f(v, k)
	for i := range axes - 1 {
		v = op.Synthesis(v, axes-1-i, -(d.At(i+1) / 2), d.At(i+1), 1)
	}
	return op.RealSynthesis(v, last, 1)
}

// Leray returns the part of a periodic field [batch, x.., axes] that has no divergence: v_k − k(k·v_k)/|k|² for every wavenumber k ≠ 0;
// the mean stays. Component i lies along axis i; axes of unit length.
func Leray(x op.Value) op.Value {
	if !x.Valid() || !vectors(x, x.Dims().Rank()-2) {
		return x
	}
	return spectrum(x, func(v op.Value, k []op.Value) op.Value {
		last := v.Dims().Rank() - 1
		norm := op.Mul(k[0], k[0])
		for _, q := range k[1:] {
			norm = op.Add(norm, op.Mul(q, q))
		}
		var along op.Value
		for i, q := range k {
			part := op.Mul(q, op.SliceAxis(v, last, i, 1))
			if i == 0 {
				along = part
			} else {
				along = op.Add(along, part)
			}
		}
		along = op.Div(along, op.Add(norm, zeroAt(norm)))
		parts := make([]op.Value, len(k))
		for i, q := range k {
			parts[i] = op.Mul(q, along)
		}
		return op.Sub(v, op.Concat(last, parts...))
	})
}

// zeroAt is 1 where x, which is constant, is 0, and 0 elsewhere: 1 − step(x).
func zeroAt(x op.Value) op.Value { return op.Affine(op.Apply(op.Unary{Fn: op.StepFunc{}}, x), -1, 1) }

// vectors records an error unless x has as many channels as asked for.
func vectors(x op.Value, channels int) bool {
	if d := x.Dims(); d.Rank() < 4 || d.Rank() > 5 || d.At(-1) != channels {
		x.Fail(fmt.Errorf("constraint: field of shape %v: want two or three axes of space and %d channels", d, channels))
		return false
	}
	return true
}

// inverseLaplacian returns p with −Δp = x less its mean, of mean zero.
func inverseLaplacian(x op.Value) op.Value {
	return spectrum(x, func(v op.Value, k []op.Value) op.Value {
		norm := op.Mul(k[0], k[0])
		for _, q := range k[1:] {
			norm = op.Add(norm, op.Mul(q, q))
		}
		zero := zeroAt(norm)
		return op.Mul(v, op.Div(op.Affine(zero, -1, 1), op.Add(norm, zero)))
	})
}

// Stencil says how a derivative is taken on a periodic grid of n points, of unit length.
type Stencil uint8

// The stencils.
const (
	SpectralStencil  Stencil = iota // of the trigonometric interpolant
	CentralStencil                  // n·(u_(i+1) − u_(i−1))/2
	StaggeredStencil                // n·(u_(i+1) − u_i): from faces to centres, and from vertices to faces
)

// Derivative returns ∂x/∂(axis) of a periodic field [batch, x.., c].
func (s Stencil) Derivative(x op.Value, axis int) op.Value {
	if !x.Valid() {
		return x
	}
	n := x.Dims().At(axis + 1)
	if s == SpectralStencil {
		return spectrum(x, func(v op.Value, k []op.Value) op.Value {
			at := len(k) // (re, im) → k·(−im, re)
			re, im := op.SliceAxis(v, at, 0, 1), op.SliceAxis(v, at, 1, 1)
			return op.Mul(k[axis], op.Concat(at, op.Neg(im), re))
		})
	}
	if s == StaggeredStencil {
		wide := op.Pad(x, op.PadCircular, axis+1, 0, 1)
		return op.Scale(op.Sub(op.SliceAxis(wide, axis+1, 1, n), x), float64(n))
	}
	wide := op.Pad(x, op.PadCircular, axis+1, 1, 1)
	return op.Scale(op.Sub(op.SliceAxis(wide, axis+1, 2, n), op.SliceAxis(wide, axis+1, 0, n)), float64(n)/2)
}

// Divergence returns Σ ∂v_i/∂x_i of a periodic field [batch, x.., axes], [batch, x.., 1].
func (s Stencil) Divergence(v op.Value) op.Value {
	var sum op.Value
	for i := range v.Dims().Rank() - 2 {
		part := s.Derivative(op.SliceAxis(v, v.Dims().Rank()-1, i, 1), i)
		if i == 0 {
			sum = part
		} else {
			sum = op.Add(sum, part)
		}
	}
	return sum
}

// Curl returns a field without divergence on the same stencil: of a stream function ψ [batch, x, y, 1] the velocity (ψ_y, −ψ_x), of a
// vector potential A [batch, x, y, z, 3] its curl.
func (s Stencil) Curl(p op.Value) op.Value {
	if !p.Valid() {
		return p
	}
	last := p.Dims().Rank() - 1
	if last == 3 {
		if !vectors(p, 1) {
			return p
		}
		return op.Concat(last, s.Derivative(p, 1), op.Neg(s.Derivative(p, 0)))
	}
	if !vectors(p, 3) {
		return p
	}
	parts := make([]op.Value, 3)
	for i := range parts {
		j, k := (i+1)%3, (i+2)%3
		parts[i] = op.Sub(s.Derivative(op.SliceAxis(p, last, k, 1), j), s.Derivative(op.SliceAxis(p, last, j, 1), k))
	}
	return op.Concat(last, parts...)
}
