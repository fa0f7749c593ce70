package op

import "fmt"

// DFTOp: X_k = s Σ_n x_n e^(−2πi kn/N) for the Count wavenumbers k = First.. along axis −2 of a complex x, with s = Scale.
// Shapes: x [k.., 2, B.., N, C] with Lead leading wavenumber axes k.. → [Count, k.., 2, B.., C], 1 ≤ Count ≤ N.
// Adjoint: SynthesisOp with the same attributes.
type DFTOp struct {
	Lead, First, Count int
	Scale              float64
}

// DFT returns count bins, from wavenumber first on, of the Fourier transform of a complex x along axis −2, times scale. x has lead
// wavenumber axes in front of its (real, imaginary) axis; the new one is put before them.
func DFT(x Value, lead, first, count int, scale float64) Value {
	return Apply(DFTOp{lead, first, count, scale}, x)
}

// SynthesisOp: x_n = s Σ_k X_k e^(+2πi kn/N), n = 0..N−1, over the wavenumbers k = First, First+1, …
// Shapes: X [count, k.., 2, B.., C] with Lead further wavenumber axes k.. → [k.., 2, B.., N, C]. Adjoint: DFTOp.
type SynthesisOp struct {
	Lead, First, N int
	Scale          float64
}

// Synthesis returns the complex signal of n points along axis −2 whose spectrum from wavenumber first on is X, times scale. Axis 0
// of X is consumed; lead wavenumber axes follow it.
func Synthesis(X Value, lead, first, n int, scale float64) Value {
	return Apply(SynthesisOp{lead, first, n, scale}, X)
}

// Matrices returns cosine and sine of 2πkn/N times Scale as matrices [Count, n]: X = (cos − i·sin)·x.
func (o DFTOp) Matrices(n int) (cos, sin []float64) {
	cos, sin = make([]float64, o.Count*n), make([]float64, o.Count*n)
	for k := range o.Count {
		for j := range n {
			c, s := Twiddle(o.First+k, j, n)
			cos[k*n+j], sin[k*n+j] = o.Scale*c, o.Scale*s
		}
	}
	return cos, sin
}

// Shape implements Op.
func (o DFTOp) Shape(in ...Dims) (Dims, error) {
	if err := arity("DFT", in, 1); err != nil {
		return Dims{}, err
	}
	d := in[0]
	if o.Lead < 0 || d.n < o.Lead+3 || d.len[o.Lead] != 2 {
		return Dims{}, fmt.Errorf("DFT: shape %v: want %d wavenumber axes, (real, imaginary), .., points, channels", d, o.Lead)
	}
	if n := d.At(-2); o.Count < 1 || o.Count > n {
		return Dims{}, fmt.Errorf("DFT: %d wavenumbers of shape %v: %d points have %d", o.Count, d, n, n)
	}
	return Of(append([]int{o.Count}, append(d.Cut(0, d.n-2).Slice(), d.At(-1))...)...), nil
}

// eval walks the transform's terms: out_re += c·in_re ± s·in_im and so on, where the spectrum side is [count, K, 2, P, C] and the
// grid side [K, 2, P, N, C].
func (o DFTOp) eval(spectrum, grid Array, analysis bool) {
	n, c := grid.Dims.At(-2), grid.Dims.At(-1)
	lead := grid.Dims.Span(0, o.Lead)
	p := grid.Dims.Span(o.Lead+1, grid.Dims.n-2)
	cos, sin := o.Matrices(n)
	for k := range o.Count {
		for l := range lead {
			for q := range p {
				for j := range n {
					for ch := range c {
						re, im := ((k*lead+l)*2*p+q)*c+ch, ((k*lead+l)*2*p+p+q)*c+ch
						gre, gim := ((l*2*p+q)*n+j)*c+ch, ((l*2*p+p+q)*n+j)*c+ch
						cs, sn := cos[k*n+j], sin[k*n+j]
						if analysis {
							spectrum.Data[re] += cs*grid.Data[gre] + sn*grid.Data[gim]
							spectrum.Data[im] += cs*grid.Data[gim] - sn*grid.Data[gre]
						} else {
							grid.Data[gre] += cs*spectrum.Data[re] - sn*spectrum.Data[im]
							grid.Data[gim] += cs*spectrum.Data[im] + sn*spectrum.Data[re]
						}
					}
				}
			}
		}
	}
}

// Eval implements Op.
func (o DFTOp) Eval(out Array, in ...Array) {
	clear(out.Data)
	o.eval(out, in[0], true)
}

// Grad implements Op.
func (o DFTOp) Grad(in []Value, _, dOut Value) []Value {
	return []Value{Apply(SynthesisOp{o.Lead, o.First, in[0].Dims().At(-2), o.Scale}, dOut)}
}

// LinearIn implements Linear.
func (DFTOp) LinearIn(int) bool { return true }

// FLOPs counts the complex product with the truncated transform's matrix.
func (o DFTOp) FLOPs(_ Dims, in ...Dims) int64 { return 4 * int64(o.Count) * int64(in[0].Size()) }

// Shape implements Op.
func (o SynthesisOp) Shape(in ...Dims) (Dims, error) {
	if err := arity("synthesis", in, 1); err != nil {
		return Dims{}, err
	}
	d := in[0]
	if o.Lead < 0 || d.n < o.Lead+3 || d.len[o.Lead+1] != 2 {
		return Dims{}, fmt.Errorf("synthesis: shape %v: want 1+%d wavenumber axes, (real, imaginary), .., channels", d, o.Lead)
	}
	if d.len[0] < 1 || d.len[0] > o.N {
		return Dims{}, fmt.Errorf("synthesis: %d wavenumbers of shape %v: %d points have %d", d.len[0], d, o.N, o.N)
	}
	return Of(append(d.Cut(1, d.n-1).Slice(), o.N, d.At(-1))...), nil
}

// Eval implements Op.
func (o SynthesisOp) Eval(out Array, in ...Array) {
	clear(out.Data)
	DFTOp{o.Lead, o.First, in[0].Dims.len[0], o.Scale}.eval(in[0], out, false)
}

// Grad implements Op.
func (o SynthesisOp) Grad(in []Value, _, dOut Value) []Value {
	return []Value{Apply(DFTOp{o.Lead, o.First, in[0].Dims().At(0), o.Scale}, dOut)}
}

// LinearIn implements Linear.
func (SynthesisOp) LinearIn(int) bool { return true }

// FLOPs counts the complex product with the truncated transform's matrix.
func (o SynthesisOp) FLOPs(out Dims, in ...Dims) int64 {
	return 4 * int64(in[0].len[0]) * int64(out.Size())
}
