//go:build gpu

package cuda

import (
	"github.com/kolmogo/kolmogo/engine"
	"github.com/kolmogo/kolmogo/op"
)

// convLaunch mirrors struct Conv of conv.cu.
type convLaunch struct {
	Batch, In, Out                            int32
	Size, Kernel, Positions, Stride, Dilation [3]int32
	Splits, Terms                             int32
}

// newConv describes T(x, w, y) by the shapes of its three tensors; axes that a grid lacks have length and stride one.
func newConv(o op.ConvOp, x, w, y op.Dims) convLaunch {
	p := convLaunch{Batch: int32(x.At(0)), In: int32(w.At(-2)), Out: int32(w.At(-1)), Splits: 1}
	grid := x.Rank() - 2
	for d := range 3 {
		p.Size[d], p.Kernel[d], p.Positions[d], p.Stride[d], p.Dilation[d] = 1, 1, 1, 1, 1
		if a := d - (3 - grid); a >= 0 {
			p.Size[d], p.Kernel[d], p.Positions[d] = int32(x.At(a+1)), int32(w.At(a)), int32(y.At(a+1))
			p.Stride[d], p.Dilation[d] = int32(o.Stride.At(a)), int32(o.Dilation.At(a))
		}
	}
	return p
}

// tiles is the number of blocks of 64 × 64 over m × n.
func tiles(m, n int) int { return (m + 63) / 64 * ((n + 63) / 64) }

// conv: y = the correlation of x with w.
func (l *lowering) conv(s engine.Step, o op.ConvOp) error {
	x, w, y := s.In[0], s.In[1], s.Out[0]
	p := newConv(o, x.Dims, w.Dims, y.Dims)
	return l.launch("conv", "conv"+l.rounding(y.Dtype).suffix(), y.Dtype, tiles(y.Dims.Span(0, y.Dims.Rank()-1), y.Dims.At(-1)), threads, record(p), pointer(x), pointer(w), pointer(y))
}

// convTranspose: its adjoint in x.
func (l *lowering) convTranspose(s engine.Step, o op.ConvTransposeOp) error {
	y, w, x := s.In[0], s.In[1], s.Out[0]
	p := newConv(op.ConvOp{Stride: o.Stride, Dilation: o.Dilation}, x.Dims, w.Dims, y.Dims)
	return l.launch("conv", "conv_transpose"+l.rounding(x.Dtype).suffix(), x.Dtype, tiles(x.Dims.Span(0, x.Dims.Rank()-1), x.Dims.At(-1)), threads, record(p), pointer(y), pointer(w), pointer(x))
}

// convWeight: its adjoint in w, the sum over positions in parts.
func (l *lowering) convWeight(s engine.Step, o op.ConvWeightOp) error {
	x, y, w := s.In[0], s.In[1], s.Out[0]
	p := newConv(op.ConvOp{Stride: o.Stride, Dilation: o.Dilation}, x.Dims, w.Dims, y.Dims)
	size, t := w.Dims.Size(), w.Dtype
	blocks := tiles(w.Dims.Span(0, w.Dims.Rank()-1), w.Dims.At(-1))
	splits, terms := l.parts(blocks, y.Dims.Span(0, y.Dims.Rank()-1))
	p.Splits, p.Terms = int32(splits), int32(terms)
	if splits == 1 {
		return l.launch("conv", "conv_weight"+l.rounding(t).suffix(), t, blocks, threads, record(p), pointer(x), pointer(y), pointer(w))
	}
	partial := l.temporary(splits * size * t.Size())
	if err := l.launch("conv", "conv_weight"+l.rounding(t).suffix(), t, blocks*splits, threads, record(p), pointer(x), pointer(y), partial); err != nil {
		return err
	}
	q := productLaunch{M: 1, N: int32(size), Batch: 1, Splits: int32(splits), C: matrix(1, size, 0, false)}
	return l.each("product", "product_sum", t, size, record(q), partial, pointer(w))
}
