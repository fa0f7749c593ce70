//go:build gpu

package cuda

import (
	"github.com/kolmogo/kolmogo/engine"
	"github.com/kolmogo/kolmogo/op"
)

// depthwiseLaunch mirrors struct Depthwise of depthwise.cu.
type depthwiseLaunch struct {
	Batch, Channels, Flip   int32
	Size, Kernel, Positions [3]int32
}

// newDepthwise describes T(x, w, y) by the shapes of its three tensors; axes that a grid lacks have length one.
func newDepthwise(x, w, y op.Dims, flip bool) depthwiseLaunch {
	p := depthwiseLaunch{Batch: int32(x.At(0)), Channels: int32(x.At(-1))}
	if flip {
		p.Flip = 1
	}
	grid := x.Rank() - 2
	for d := range 3 {
		p.Size[d], p.Kernel[d], p.Positions[d] = 1, 1, 1
		if a := d - (3 - grid); a >= 0 {
			p.Size[d], p.Kernel[d], p.Positions[d] = int32(x.At(a+1)), int32(w.At(a)), int32(y.At(a+1))
		}
	}
	return p
}

// depthwise: y = the correlation of each channel of x with its own kernel.
func (l *lowering) depthwise(s engine.Step, o op.DepthwiseOp) error {
	x, w, y := s.In[0], s.In[1], s.Out[0]
	n := y.Dims.Size()
	return l.each("depthwise", "depthwise", y.Dtype, n, record(newDepthwise(x.Dims, w.Dims, y.Dims, o.Flip)), pointer(x), pointer(w), pointer(y), uint32(n))
}

// depthwiseWeight: its adjoint in w.
func (l *lowering) depthwiseWeight(s engine.Step, o op.DepthwiseWeightOp) error {
	x, y, w := s.In[0], s.In[1], s.Out[0]
	blocks := w.Dims.Span(0, w.Dims.Rank()-1) * ((w.Dims.At(-1) + 31) / 32)
	return l.launch("depthwise", "depthwise_weight", w.Dtype, blocks, 256, record(newDepthwise(x.Dims, w.Dims, y.Dims, o.Flip)), pointer(x), pointer(y), pointer(w))
}
