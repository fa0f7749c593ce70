package op

import (
	"fmt"
	"math"
)

// RealDFTOp: X_k = s·c_k Σ_n x_n e^(−2πi kn/N) for k = 0..Bins−1 along axis −2 of a real x, with s = Scale. c_k = 1, or, with Twice
// set, 2 except c_0 = c_{N/2} = 1. Shapes: x [B.., N, C] → [Bins, 2, B.., C], Bins ≤ N/2+1. Adjoint: RealSynthesisOp with the
// same attributes.
type RealDFTOp struct {
	Bins  int
	Scale float64
	Twice bool
}

// RealDFT returns the first bins of the Fourier transform of a real x along axis −2, unnormalised times scale.
func RealDFT(x Value, bins int, scale float64) Value { return Apply(RealDFTOp{bins, scale, false}, x) }

// RealSynthesisOp: x_n = s Σ_k c_k (Re X_k cos(2πkn/N) − Im X_k sin(2πkn/N)), n = 0..N−1, with c as in RealDFTOp; with Twice set it
// is the inverse transform of a half spectrum, in which the imaginary parts at k = 0 and k = N/2 play no role.
// Shapes: X [Bins, 2, B.., C] → [B.., N, C]. Adjoint: RealDFTOp with the same attributes.
type RealSynthesisOp struct {
	N     int
	Scale float64
	Twice bool
}

// RealSynthesis returns the real signal of n points along axis −2 whose half spectrum is X, times scale.
func RealSynthesis(X Value, n int, scale float64) Value {
	return Apply(RealSynthesisOp{n, scale, true}, X)
}

// Twiddle returns cos and sin of 2π·k·n/N, each to its last place: the argument is reduced exactly, to the first octant.
func Twiddle(k, n, N int) (cos, sin float64) {
	r := k * n % N
	if r < 0 {
		r += N
	}
	if 2*r > N {
		cos, sin = octant(N-r, N)
		return cos, -sin
	}
	return octant(r, N)
}

// octant returns cos and sin of 2π·a/b for a ≤ b/2.
func octant(a, b int) (cos, sin float64) {
	switch {
	case 4*a > b: // π − θ
		cos, sin = octant(b-2*a, 2*b)
		return -cos, sin
	case 8*a > b: // π/2 − θ
		cos, sin = octant(b-4*a, 4*b)
		return sin, cos
	}
	sin, cos = math.Sincos(2 * math.Pi * float64(a) / float64(b))
	return cos, sin
}

// Factor is s·c_k for n points.
func (o RealDFTOp) Factor(k, n int) float64 {
	if o.Twice && k != 0 && 2*k != n {
		return 2 * o.Scale
	}
	return o.Scale
}

// Matrix returns the transform of n points as a real matrix [2·Bins, n]: row 2k is the real, row 2k+1 the imaginary part of X_k.
func (o RealDFTOp) Matrix(n int) []float64 {
	m := make([]float64, 2*o.Bins*n)
	for k := range o.Bins {
		s := o.Factor(k, n)
		for j := range n {
			cos, sin := Twiddle(k, j, n)
			m[2*k*n+j], m[(2*k+1)*n+j] = s*cos, -s*sin
		}
	}
	return m
}

// Shape implements Op.
func (o RealDFTOp) Shape(in ...Dims) (Dims, error) {
	if err := arity("real DFT", in, 1); err != nil {
		return Dims{}, err
	}
	d := in[0]
	if d.n < 2 || d.n > MaxRank-1 {
		return Dims{}, fmt.Errorf("real DFT: shape %v: want [.., points, channels]", d)
	}
	if n := d.At(-2); o.Bins < 1 || o.Bins > n/2+1 {
		return Dims{}, fmt.Errorf("real DFT: %d bins of shape %v: %d points have %d", o.Bins, d, n, n/2+1)
	}
	return Of(append([]int{o.Bins, 2}, append(d.Cut(0, d.n-2).Slice(), d.At(-1))...)...), nil
}

// Eval implements Op.
func (o RealDFTOp) Eval(out Array, in ...Array) {
	d := in[0].Dims
	n, c := d.At(-2), d.At(-1)
	rows := d.Span(0, d.n-2)
	m := o.Matrix(n)
	for i := range 2 * o.Bins {
		for r := range rows {
			for ch := range c {
				s := 0.0
				for j := range n {
					s += m[i*n+j] * in[0].Data[(r*n+j)*c+ch]
				}
				out.Data[(i*rows+r)*c+ch] = s
			}
		}
	}
}

// Grad implements Op.
func (o RealDFTOp) Grad(in []Value, _, dOut Value) []Value {
	return []Value{Apply(RealSynthesisOp{in[0].Dims().At(-2), o.Scale, o.Twice}, dOut)}
}

// LinearIn implements Linear.
func (RealDFTOp) LinearIn(int) bool { return true }

// FLOPs counts the product with the truncated transform's matrix.
func (o RealDFTOp) FLOPs(_ Dims, in ...Dims) int64 {
	return 4 * int64(o.Bins) * int64(in[0].Size())
}

// Shape implements Op.
func (o RealSynthesisOp) Shape(in ...Dims) (Dims, error) {
	if err := arity("real synthesis", in, 1); err != nil {
		return Dims{}, err
	}
	d := in[0]
	if d.n < 3 || d.len[1] != 2 {
		return Dims{}, fmt.Errorf("real synthesis: shape %v: want [bins, 2, .., channels]", d)
	}
	if d.len[0] < 1 || d.len[0] > o.N/2+1 {
		return Dims{}, fmt.Errorf("real synthesis: %d bins of shape %v: %d points have %d", d.len[0], d, o.N, o.N/2+1)
	}
	return Of(append(d.Cut(2, d.n-1).Slice(), o.N, d.At(-1))...), nil
}

// Eval implements Op.
func (o RealSynthesisOp) Eval(out Array, in ...Array) {
	bins, c := in[0].Dims.len[0], out.Dims.At(-1)
	rows := out.Dims.Span(0, out.Dims.n-2)
	m := RealDFTOp{bins, o.Scale, o.Twice}.Matrix(o.N)
	clear(out.Data)
	for i := range 2 * bins {
		for r := range rows {
			for j := range o.N {
				for ch := range c {
					out.Data[(r*o.N+j)*c+ch] += m[i*o.N+j] * in[0].Data[(i*rows+r)*c+ch]
				}
			}
		}
	}
}

// Grad implements Op.
func (o RealSynthesisOp) Grad(in []Value, _, dOut Value) []Value {
	return []Value{Apply(RealDFTOp{in[0].Dims().At(0), o.Scale, o.Twice}, dOut)}
}

// LinearIn implements Linear.
func (RealSynthesisOp) LinearIn(int) bool { return true }

// FLOPs counts the product with the truncated transform's matrix.
func (o RealSynthesisOp) FLOPs(out Dims, in ...Dims) int64 {
	return 4 * int64(in[0].len[0]) * int64(out.Size())
}
