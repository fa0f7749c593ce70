package cpu

import (
	"math"

	"github.com/kolmogo/kolmogo/engine/cpu/simd"
	"github.com/kolmogo/kolmogo/op"
)

// scatteredKernel is normalizeKernel, or with two inputs normalizeGradKernel, for groups that lie in memory in any pattern: items are
// groups, of which each has the same places relative to its first. Sums are float64.
func scatteredKernel[T simd.Float](a args[T], over op.Axes, eps float64) kernel {
	firsts, places := []int{0}, []int{0}
	d := a.dims[0]
	strides := d.Strides()
	for i := range d.Rank() {
		list := &firsts
		if over.Has(i) {
			list = &places
		}
		var longer []int
		for _, at := range *list {
			for j := range d.At(i) {
				longer = append(longer, at+j*strides[i])
			}
		}
		*list = longer
	}
	count := float64(len(places))
	body := func(_, lo, hi int) {
		for _, at := range firsts[lo:hi] {
			x, out := a.in[0][at:], a.out[at:]
			var mean, squares, sum, product float64
			for _, p := range places {
				mean += float64(x[p])
			}
			mean /= count
			for _, p := range places {
				d := float64(x[p]) - mean
				squares += d * d
			}
			scale := 1 / math.Sqrt(squares/count+eps)
			if len(a.in) == 1 {
				for _, p := range places {
					out[p] = T((float64(x[p]) - mean) * scale)
				}
				continue
			}
			dy := a.in[1][at:]
			for _, p := range places {
				sum += float64(dy[p])
				product += float64(dy[p]) * (float64(x[p]) - mean)
			}
			slope := scale * scale * product / count
			for _, p := range places {
				out[p] = T(scale * (float64(dy[p]) - sum/count - (float64(x[p])-mean)*slope))
			}
		}
	}
	return kernel{items: len(firsts), grain: 1 + normGrain/len(places), body: body}
}
