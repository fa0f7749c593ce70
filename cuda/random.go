//go:build gpu

package cuda

import (
	"math"

	"github.com/kolmogo/kolmogo/engine"
	"github.com/kolmogo/kolmogo/op"
)

// normal: standard normal numbers of (seed, stream, step, index), a thread for each two of a row.
func (l *lowering) normal(s engine.Step, o op.NormalOp) error {
	key := op.PhiloxKey(o.Seed, o.Stream)
	rows, n := o.Rows(s.In[0].Dims, s.Out[0].Dims.Size())
	return l.each("random", "normal", s.Out[0].Dtype, rows*((n+1)/2), pointer(s.In[0]), pointer(s.Out[0]), uint32(rows), uint32(n), key[0], key[1])
}

// dropout: out_i = x_i/(1 − p) or 0, a thread for each four.
func (l *lowering) dropout(s engine.Step, o op.DropoutOp) error {
	n, key := s.Out[0].Dims.Size(), op.PhiloxKey(o.Seed, o.Stream)
	least := uint64(math.Ceil(o.P * 0x1p32)) // w/2³² ≥ p exactly where w ≥ least
	return l.each("random", "dropout", s.Out[0].Dtype, (n+3)/4, pointer(s.In[0]), pointer(s.In[1]), pointer(s.Out[0]), uint32(n), key[0], key[1], least, 1-o.P)
}
