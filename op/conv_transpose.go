package op

import "fmt"

// ConvTransposeOp: x[b, p.., c] = Σ over i, j with s·i + d·j = p, and o, of y[b, i.., o]·w[j.., c, o]: the adjoint of ConvOp in its
// input, for a grid of the given size. Shapes: y [B, m.., O], w [k.., C, O] → [B, Size.., C], where a kernel k takes m positions on
// Size. Adjoints: in y ConvOp, in w ConvWeightOp. Source: see ConvOp.
type ConvTransposeOp struct{ Stride, Dilation, Size Dims }

// ConvTranspose spreads y [B, m.., O] over a grid of the given size with the kernel w [k.., C, O]; nil strides or dilations are ones.
func ConvTranspose(y, w Value, stride, dilation, size []int) Value {
	s, d, err := convAttributes(y.Dims().n-2, stride, dilation)
	if err != nil {
		return y.fail(fmt.Errorf("transposed conv: %w", err))
	}
	n, err := dimsOf(size)
	if err != nil {
		return y.fail(fmt.Errorf("transposed conv: %w", err))
	}
	return Apply(ConvTransposeOp{s, d, n}, y, w)
}

// conv is the operation whose adjoint this is.
func (o ConvTransposeOp) conv() ConvOp { return ConvOp{o.Stride, o.Dilation} }

// Shape implements Op.
func (o ConvTransposeOp) Shape(in ...Dims) (Dims, error) {
	if err := arity("transposed conv", in, 2); err != nil {
		return Dims{}, err
	}
	y, w := in[0], in[1]
	if y.n < 3 || w.n != y.n || y.At(-1) != w.At(-1) {
		return Dims{}, fmt.Errorf("transposed conv: input of shape %v, kernel of shape %v: want [batch, m.., out] and [k.., in, out]", y, w)
	}
	m, err := o.conv().grid(o.Size, w.Cut(0, w.n-2))
	if err == nil && m != y.Cut(1, y.n-1) {
		err = fmt.Errorf("the kernel takes %v positions on a grid of %v", m, o.Size)
	}
	if err != nil {
		return Dims{}, fmt.Errorf("transposed conv: input of shape %v, kernel of shape %v: %w", y, w, err)
	}
	return Of(y.len[0]).Append(o.Size.Slice()...).Append(w.At(-2)), nil
}

// Eval implements Op.
func (o ConvTransposeOp) Eval(out Array, in ...Array) {
	clear(out.Data)
	y, w := in[0], in[1]
	channels, outs := w.Dims.At(-2), w.Dims.At(-1)
	for r := range o.conv().rows(out.Dims, w.Dims, y.Dims) {
		for c := range channels {
			for q := range outs {
				out.Data[r.x+c] += y.Data[r.y+q] * w.Data[r.w+c*outs+q]
			}
		}
	}
}

// Grad implements Op.
func (o ConvTransposeOp) Grad(in []Value, _, dx Value) []Value {
	w := in[1].Dims()
	return []Value{
		Apply(o.conv(), dx, in[1]),
		Apply(ConvWeightOp{o.Stride, o.Dilation, w.Cut(0, w.n-2)}, dx, in[0]),
	}
}

// LinearIn implements Linear.
func (ConvTransposeOp) LinearIn(int) bool { return true }

// FLOPs counts multiplications and additions.
func (o ConvTransposeOp) FLOPs(_ Dims, in ...Dims) int64 { return convFLOPs(in[1], in[0]) }
