package op

import (
	"fmt"
	"iter"
)

// ConvOp: y[b, i.., o] = Σ_{j.., c} x[b, (s·i + d·j).., c]·w[j.., c, o] with stride s and dilation d on each grid axis: the
// correlation at the positions where the whole kernel lies on the grid. Shapes: x [B, n.., C], w [k.., C, O] → [B, m.., O] with
// m = ⌊(n − d(k−1) − 1)/s⌋ + 1. Padding is an op of its own, Pad. With ConvTransposeOp and ConvWeightOp it is one trilinear form
// T(x, w, y) = Σ x·w·y, differentiated by y, x or w, so the three are each other's gradients (Dumoulin & Visin 2016,
// arXiv 1603.07285, ch. 2 and 4).
type ConvOp struct{ Stride, Dilation Dims }

// Conv returns the correlation of x [B, n.., C] with the kernel w [k.., C, O]; nil strides or dilations are ones.
func Conv(x, w Value, stride, dilation []int) Value {
	s, d, err := convAttributes(x.Dims().n-2, stride, dilation)
	if err != nil {
		return x.fail(fmt.Errorf("conv: %w", err))
	}
	return Apply(ConvOp{s, d}, x, w)
}

// convAttributes fills absent strides and dilations of n grid axes with ones.
func convAttributes(n int, stride, dilation []int) (s, d Dims, err error) {
	ones := Dims{n: max(n, 0)}
	for i := range ones.n {
		ones.len[i] = 1
	}
	s, d = ones, ones
	if stride != nil {
		s, err = dimsOf(stride)
	}
	if dilation != nil && err == nil {
		d, err = dimsOf(dilation)
	}
	return s, d, err
}

// Shape implements Op.
func (o ConvOp) Shape(in ...Dims) (Dims, error) {
	if err := arity("conv", in, 2); err != nil {
		return Dims{}, err
	}
	x, w := in[0], in[1]
	if x.n < 3 || w.n != x.n || x.At(-1) != w.At(-2) {
		return Dims{}, fmt.Errorf("conv: input of shape %v, kernel of shape %v: want [batch, n.., in] and [k.., in, out]", x, w)
	}
	m, err := o.grid(x.Cut(1, x.n-1), w.Cut(0, w.n-2))
	if err != nil {
		return Dims{}, fmt.Errorf("conv: input of shape %v, kernel of shape %v: %w", x, w, err)
	}
	return Of(x.len[0]).Append(m.Slice()...).Append(w.At(-1)), nil
}

// grid is the number of positions of a kernel k on a grid n, axis by axis.
func (o ConvOp) grid(n, k Dims) (Dims, error) {
	if n.n < 1 || n.n > 3 || k.n != n.n || o.Stride.n != n.n || o.Dilation.n != n.n {
		return Dims{}, fmt.Errorf("grid %v, kernel %v, stride %v and dilation %v: want 1 to 3 axes each", n, k, o.Stride, o.Dilation)
	}
	m := n
	for i := range n.n {
		s, d := o.Stride.len[i], o.Dilation.len[i]
		reach := d*(k.len[i]-1) + 1
		if s < 1 || d < 1 || k.len[i] < 1 || reach > n.len[i] {
			return Dims{}, fmt.Errorf("a kernel of %d points (stride %d, dilation %d) reaches over %d of %d points", k.len[i], s, d, reach, n.len[i])
		}
		m.len[i] = (n.len[i]-reach)/s + 1
	}
	return m, nil
}

// convRows is one term of the trilinear form, up to channels: the first elements of a row x [C], a matrix w [C, O], a row y [O].
type convRows struct{ x, w, y int }

// rows yields every pair of a position and a kernel point.
func (o ConvOp) rows(x, w, y Dims) iter.Seq[convRows] {
	return func(yield func(convRows) bool) {
		strides, grid := x.Strides(), x.n-2
		for py, i := range indices(y.Cut(0, y.n-1)) {
			for pw, j := range indices(w.Cut(0, grid)) {
				px := i[0] * strides[0]
				for a := range grid {
					px += (o.Stride.len[a]*i[a+1] + o.Dilation.len[a]*j[a]) * strides[a+1]
				}
				if !yield(convRows{px, pw * w.Span(grid, w.n), py * y.At(-1)}) {
					return
				}
			}
		}
	}
}

// Eval implements Op.
func (o ConvOp) Eval(out Array, in ...Array) {
	clear(out.Data)
	x, w := in[0], in[1]
	channels, outs := w.Dims.At(-2), w.Dims.At(-1)
	for r := range o.rows(x.Dims, w.Dims, out.Dims) {
		for c := range channels {
			for q := range outs {
				out.Data[r.y+q] += x.Data[r.x+c] * w.Data[r.w+c*outs+q]
			}
		}
	}
}

// Grad implements Op.
func (o ConvOp) Grad(in []Value, _, dy Value) []Value {
	x, w := in[0].Dims(), in[1].Dims()
	return []Value{
		Apply(ConvTransposeOp{o.Stride, o.Dilation, x.Cut(1, x.n-1)}, dy, in[1]),
		Apply(ConvWeightOp{o.Stride, o.Dilation, w.Cut(0, w.n-2)}, in[0], dy),
	}
}

// LinearIn implements Linear.
func (ConvOp) LinearIn(int) bool { return true }

// FLOPs counts multiplications and additions.
func (o ConvOp) FLOPs(y Dims, in ...Dims) int64 { return convFLOPs(in[1], y) }

// convFLOPs is the work of the trilinear form: every kernel entry meets every position.
func convFLOPs(w, y Dims) int64 { return 2 * int64(w.Size()) * int64(y.Span(0, y.n-1)) }
