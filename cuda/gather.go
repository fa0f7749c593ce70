//go:build gpu

package cuda

import (
	"github.com/kolmogo/kolmogo/engine"
	"github.com/kolmogo/kolmogo/op"
)

// gather: out[i, :] = table[index[i], :].
func (l *lowering) gather(s engine.Step) error {
	table, index, out := s.In[0], s.In[1], s.Out[0]
	n := out.Dims.Size()
	return l.each("gather", "gather", out.Dtype, n, pointer(table), pointer(index), pointer(out), uint32(table.Dims.At(0)), uint32(table.Dims.At(1)), uint32(n))
}

// scatter: out[v, :] = Σ over i with index[i] = v of rows[i, :].
func (l *lowering) scatter(s engine.Step, o op.ScatterOp) error {
	rows, index, out := s.In[0], s.In[1], s.Out[0]
	n := out.Dims.Size()
	return l.each("gather", "scatter", out.Dtype, n, pointer(rows), pointer(index), pointer(out), uint32(index.Dims.Size()), uint32(out.Dims.At(1)), uint32(n))
}
