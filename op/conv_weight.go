package op

import "fmt"

// ConvWeightOp: w[j.., c, o] = Σ_{b, i..} x[b, (s·i + d·j).., c]·y[b, i.., o]: the adjoint of ConvOp in its kernel, for a kernel of
// the given size. Shapes: x [B, n.., C], y [B, m.., O] → [Kernel.., C, O], where the kernel takes m positions on n.
// Adjoints: in x ConvTransposeOp, in y ConvOp. Source: see ConvOp.
type ConvWeightOp struct{ Stride, Dilation, Kernel Dims }

// ConvWeight returns the products of x [B, n.., C] and y [B, m.., O] summed over all positions of a kernel of the given size; nil
// strides or dilations are ones.
func ConvWeight(x, y Value, stride, dilation, kernel []int) Value {
	s, d, err := convAttributes(x.Dims().n-2, stride, dilation)
	if err != nil {
		return x.fail(fmt.Errorf("conv weight: %w", err))
	}
	k, err := dimsOf(kernel)
	if err != nil {
		return x.fail(fmt.Errorf("conv weight: %w", err))
	}
	return Apply(ConvWeightOp{s, d, k}, x, y)
}

// conv is the operation whose adjoint this is.
func (o ConvWeightOp) conv() ConvOp { return ConvOp{o.Stride, o.Dilation} }

// Shape implements Op.
func (o ConvWeightOp) Shape(in ...Dims) (Dims, error) {
	if err := arity("conv weight", in, 2); err != nil {
		return Dims{}, err
	}
	x, y := in[0], in[1]
	if x.n < 3 || y.n != x.n || x.len[0] != y.len[0] {
		return Dims{}, fmt.Errorf("conv weight: shapes %v and %v: want [batch, n.., in] and [batch, m.., out]", x, y)
	}
	m, err := o.conv().grid(x.Cut(1, x.n-1), o.Kernel)
	if err == nil && m != y.Cut(1, y.n-1) {
		err = fmt.Errorf("a kernel of %v takes %v positions", o.Kernel, m)
	}
	if err != nil {
		return Dims{}, fmt.Errorf("conv weight: shapes %v and %v: %w", x, y, err)
	}
	return o.Kernel.Append(x.At(-1), y.At(-1)), nil
}

// Eval implements Op.
func (o ConvWeightOp) Eval(out Array, in ...Array) {
	clear(out.Data)
	x, y := in[0], in[1]
	channels, outs := out.Dims.At(-2), out.Dims.At(-1)
	for r := range o.conv().rows(x.Dims, out.Dims, y.Dims) {
		for c := range channels {
			for q := range outs {
				out.Data[r.w+c*outs+q] += x.Data[r.x+c] * y.Data[r.y+q]
			}
		}
	}
}

// Grad implements Op.
func (o ConvWeightOp) Grad(in []Value, _, dw Value) []Value {
	x := in[0].Dims()
	return []Value{
		Apply(ConvTransposeOp{o.Stride, o.Dilation, x.Cut(1, x.n-1)}, in[1], dw),
		Apply(o.conv(), in[0], dw),
	}
}

// LinearIn implements Linear.
func (ConvWeightOp) LinearIn(int) bool { return true }

// FLOPs counts multiplications and additions.
func (o ConvWeightOp) FLOPs(w Dims, in ...Dims) int64 { return convFLOPs(w, in[1]) }
