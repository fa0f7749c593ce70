package cpu

import (
	"github.com/kolmogo/kolmogo/engine/cpu/simd"
	"github.com/kolmogo/kolmogo/op"
)

// rowOuterKernel: for each row a product of k × D by D × n for every pair, the D rows of one point lying m rows apart.
func rowOuterKernel[T simd.Float](a args[T], o op.RowOuterOp) kernel {
	m, p := o.Rows, a.to.At(1)
	need := 0
	for l := 0; l < len(a.dims); l += 2 {
		need = max(need, simd.GemmWork(a.dims[l].At(1), a.dims[l+1].At(1), a.dims[l].At(0)/m))
	}
	work := workspaces[T](a.pool, need)
	body := func(w, lo, hi int) {
		for i := lo; i < hi; i++ {
			row := a.out[i*p : (i+1)*p]
			for l := 0; l < len(a.dims); l += 2 {
				k, n, d := a.dims[l].At(1), a.dims[l+1].At(1), a.dims[l].At(0)/m
				if block := k * n; block > 0 {
					a.k.Gemm(k, n, d, tail(a.in[l], i*k), m*k, true, tail(a.in[l+1], i*n), m*n, false, row[:block], n, false, work[w])
					row = row[block:]
				}
			}
		}
	}
	return kernel{items: m, grain: 1 + 1<<12/max(p, 1), body: body, out: []int{p}}
}
