package cpu

import (
	"github.com/kolmogo/kolmogo/engine"
	"github.com/kolmogo/kolmogo/engine/cpu/simd"
	"github.com/kolmogo/kolmogo/op"
)

// castKernel: out = x in the other dtype, rounded to nearest.
func castKernel(s engine.Step) kernel {
	if s.Out[0].Dtype == op.Float64 {
		return castTo(slice[float64](s.Out[0]), slice[float32](s.In[0]), s.Out[0].Dims)
	}
	return castTo(slice[float32](s.Out[0]), slice[float64](s.In[0]), s.Out[0].Dims)
}

func castTo[T, S simd.Float](out []T, x []S, d op.Dims) kernel {
	body := func(_, lo, hi int) {
		dst := out[lo:hi]
		for i, v := range x[lo:hi] {
			dst[i] = T(v)
		}
	}
	return kernel{items: d.Size(), grain: copyChunk, body: body, in: []int{1}, out: []int{1}}
}
