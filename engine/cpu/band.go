package cpu

import (
	"slices"

	"github.com/kolmogo/kolmogo/engine"
)

// bandBytes is what the operands of a band should take: a part of a core's second-level cache.
const bandBytes = 384 << 10

// bandLength is the most steps of a band: what a band's steps pass on to each other is not reused before its end.
const bandLength = 12

// band is a run of consecutive steps of which every item of one needs only the matching items of those before it: they are done
// together, part by part, so that what one writes is still in the cache when the next reads it.
type band struct {
	kernels []*kernel
	parts   int // a divisor of every kernel's number of items: the finest partition
	grain   int // parts done at a time
}

// bands cuts steps into runs, each as long as possible.
func (b *Backend) bands(steps []engine.Step, kernels []kernel) []band {
	var list []band
	var run []access
	for i := range kernels {
		k := &kernels[i]
		next := k.accesses(steps[i])
		if n := len(list) - 1; n >= 0 && steps[i].Group == steps[i-1].Group {
			parts := gcd(list[n].parts, k.items)
			if both := slices.Concat(run, next); len(list[n].kernels) < bandLength && parts >= 2*b.pool.workers && meet(run, next) && bytesOfPart(both, parts) <= 2*bandBytes {
				list[n].kernels, list[n].parts = append(list[n].kernels, k), parts
				run = both
				list[n].grain = max(1, bandBytes/max(bytesOfPart(run, parts), 1))
				continue
			}
		}
		run = next
		list = append(list, band{kernels: []*kernel{k}, parts: k.items, grain: 1})
	}
	return list
}

// meet reports whether a kernel gains from running interleaved with a run and may: they share an operand item by item, and every
// other pair of operands is apart.
func meet(run, next []access) bool {
	shared := false
	for _, x := range next {
		for _, y := range run {
			if !x.apart(y) {
				return false
			}
			shared = shared || x.local && y.local && x.from == y.from && x.to == y.to && same(x.memory, y.memory)
		}
	}
	return shared
}

// bytesOfPart is what the local operands of a run take for one of its parts.
func bytesOfPart(run []access, parts int) (bytes int) {
	counted := map[[2]int]bool{}
	for _, a := range run {
		if at := [2]int{a.from, a.to}; a.local && !counted[at] {
			counted[at] = true
			bytes += (a.to - a.from) / parts
		}
	}
	return bytes
}

func gcd(a, b int) int {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}

// lower makes the band one call.
func (d *band) lower(p *pool) func() {
	if len(d.kernels) == 1 {
		k := d.kernels[0]
		return func() { p.run(k) }
	}
	step := make([]int, len(d.kernels)) // items in a part
	for i, k := range d.kernels {
		step[i] = k.items / d.parts
	}
	body := func(w, lo, hi int) {
		for ; lo < hi; lo += d.grain {
			to := min(lo+d.grain, hi)
			for i, k := range d.kernels {
				k.body(w, lo*step[i], to*step[i])
			}
		}
	}
	return func() {
		p.split(d.parts, 1, body)
		for _, k := range d.kernels {
			if k.after != nil {
				k.after()
			}
		}
	}
}

// Group implements engine.Grouper.
func (b *Backend) Group(steps []engine.Step) []int {
	kernels := make([]kernel, len(steps))
	for i, s := range steps {
		if s.Out[0].Dims.Size() > 0 {
			kernels[i] = b.lower(s)
		}
	}
	var number []int
	for n, d := range b.bands(steps, kernels) {
		for range d.kernels {
			number = append(number, n)
		}
	}
	return number
}
