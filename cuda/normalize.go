//go:build gpu

package cuda

import (
	"bytes"

	"github.com/kolmogo/kolmogo/engine"
	"github.com/kolmogo/kolmogo/op"
)

// normLaunch mirrors struct Norm of normalize.cu, whose ε has the dtype of the elements.
func normLaunch(t op.Dtype, group, member axes, epsilon float64) []byte {
	var b bytes.Buffer
	b.Write(record(group))
	b.Write(record(member))
	size := uint32(member.size())
	if t == op.Float64 {
		b.Write(record(struct {
			Size, _ uint32
			Epsilon float64
		}{Size: size, Epsilon: epsilon}))
	} else {
		b.Write(record(struct {
			Size    uint32
			Epsilon float32
		}{size, float32(epsilon)}))
	}
	return b.Bytes()
}

// normalize: y = (x − μ)/√(σ² + ε), or the gradient of it, a block for each group.
func (l *lowering) normalize(s engine.Step, name string, o op.NormalizeOp) error {
	member, group := parted(s.In[0].Dims, o.Over)
	args := []any{normLaunch(s.Out[0].Dtype, group, member, o.Epsilon)}
	for _, x := range s.In {
		args = append(args, pointer(x))
	}
	return l.launch("normalize", name, s.Out[0].Dtype, group.size(), threads, append(args, pointer(s.Out[0]))...)
}

// softmax along the last axis, a warp for each row.
func (l *lowering) softmax(s engine.Step) error {
	d := s.Out[0].Dims
	n := d.At(-1)
	rows := d.Size() / n
	const perBlock = threads / 32
	return l.launch("normalize", "softmax", s.Out[0].Dtype, (rows+perBlock-1)/perBlock, threads, pointer(s.In[0]), pointer(s.Out[0]), uint32(rows), uint32(n))
}
