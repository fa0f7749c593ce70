package op

import "fmt"

// DepthwiseOp: y[b, i.., c] = Σ_j x[b, (i + j).., c]·w[j.., c], each channel by itself, at the positions where the whole kernel lies on
// the grid; with Flip, w is read backwards on every axis. Shapes: x [B, n.., C], w [k.., C] → [B, n − k + 1.., C]. With
// DepthwiseWeightOp it is one trilinear form, as ConvOp. Source: Howard et al. 2017 (arXiv 1704.04861, eq. 3).
type DepthwiseOp struct{ Flip bool }

// Depthwise returns the correlation of each channel of x [B, n.., C] with its own kernel, w [k.., C].
func Depthwise(x, w Value) Value { return Apply(DepthwiseOp{}, x, w) }

// Shape implements Op.
func (o DepthwiseOp) Shape(in ...Dims) (Dims, error) {
	if err := arity("depthwise", in, 2); err != nil {
		return Dims{}, err
	}
	x, w := in[0], in[1]
	if x.n < 3 || x.n > 5 || w.n != x.n-1 || x.At(-1) != w.At(-1) {
		return Dims{}, fmt.Errorf("depthwise: input of shape %v, kernel of shape %v: want [batch, n.., channel] and [k.., channel] with 1 to 3 axes", x, w)
	}
	y := x
	for i := range w.n - 1 {
		if y.len[i+1] -= w.len[i] - 1; w.len[i] < 1 || y.len[i+1] < 1 {
			return Dims{}, fmt.Errorf("depthwise: a kernel of shape %v does not fit on a field of shape %v", w, x)
		}
	}
	return y, nil
}

// each calls f for every pair of a position and a kernel point with the first elements of their channels in x, w and y.
func (o DepthwiseOp) each(x, w, y Dims, f func(x, w, y int)) {
	k, channels := w.Cut(0, w.n-1), w.At(-1)
	xs, points := x.Strides(), k.Size()
	for p, i := range indices(y.Cut(0, y.n-1)) {
		for q, j := range indices(k) {
			if o.Flip {
				q = points - 1 - q
			}
			f(dot(i, xs)+dot(j, xs[1:]), q*channels, p*channels)
		}
	}
}

// Eval implements Op.
func (o DepthwiseOp) Eval(out Array, in ...Array) {
	clear(out.Data)
	channels := out.Dims.At(-1)
	o.each(in[0].Dims, in[1].Dims, out.Dims, func(x, w, y int) {
		for c := range channels {
			out.Data[y+c] += in[0].Data[x+c] * in[1].Data[w+c]
		}
	})
}

// Grad implements Op.
func (o DepthwiseOp) Grad(in []Value, _, dy Value) []Value {
	return []Value{o.back(dy, in[1]), Apply(DepthwiseWeightOp{in[1].Dims().Cut(0, in[1].Dims().n-1), o.Flip}, in[0], dy)}
}

// back is the adjoint in x: y with zeros around it, under the kernel read the other way.
func (o DepthwiseOp) back(y, w Value) Value {
	for i := range w.Dims().n - 1 {
		y = Pad(y, PadZero, i+1, w.Dims().len[i]-1, w.Dims().len[i]-1)
	}
	return Apply(DepthwiseOp{!o.Flip}, y, w)
}

// LinearIn implements Linear.
func (DepthwiseOp) LinearIn(int) bool { return true }

// FLOPs counts multiplications and additions.
func (DepthwiseOp) FLOPs(out Dims, in ...Dims) int64 {
	return 2 * int64(out.Size()) * int64(in[1].Span(0, in[1].n-1))
}

// DepthwiseWeightOp: w[j.., c] = Σ_{b, i} x[b, (i + j).., c]·y[b, i.., c], with Flip backwards in j on every axis: the adjoint of
// DepthwiseOp in its kernel. Shapes: x [B, n.., C], y [B, n − k + 1.., C] → [k.., C] for the Kernel k.
type DepthwiseWeightOp struct {
	Kernel Dims
	Flip   bool
}

// Shape implements Op.
func (o DepthwiseWeightOp) Shape(in ...Dims) (Dims, error) {
	if err := arity("depthwise weight", in, 2); err != nil {
		return Dims{}, err
	}
	x, y := in[0], in[1]
	if x.n < 3 || x.n > 5 || o.Kernel.n != x.n-2 {
		return Dims{}, fmt.Errorf("depthwise weight: shapes %v and %v with kernel %v: want [batch, n.., channel] with 1 to 3 axes", x, y, o.Kernel)
	}
	w := o.Kernel.Append(x.At(-1))
	if want, err := (DepthwiseOp{o.Flip}).Shape(x, w); err != nil || want != y {
		return Dims{}, fmt.Errorf("depthwise weight: shapes %v and %v with kernel %v: want as many positions as the kernel has on the first", x, y, o.Kernel)
	}
	return w, nil
}

// Eval implements Op.
func (o DepthwiseWeightOp) Eval(out Array, in ...Array) {
	clear(out.Data)
	channels := out.Dims.At(-1)
	DepthwiseOp{o.Flip}.each(in[0].Dims, out.Dims, in[1].Dims, func(x, w, y int) {
		for c := range channels {
			out.Data[w+c] += in[0].Data[x+c] * in[1].Data[y+c]
		}
	})
}

// Grad implements Op.
func (o DepthwiseWeightOp) Grad(in []Value, _, dw Value) []Value {
	conv := DepthwiseOp{o.Flip}
	return []Value{conv.back(in[1], dw), Apply(conv, in[0], dw)}
}

// LinearIn implements Linear.
func (DepthwiseWeightOp) LinearIn(int) bool { return true }

// FLOPs counts multiplications and additions.
func (o DepthwiseWeightOp) FLOPs(_ Dims, in ...Dims) int64 {
	return 2 * int64(in[1].Size()) * int64(o.Kernel.Size())
}
