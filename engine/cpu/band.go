package cpu

import (
	"slices"

	"github.com/kolmogo/kolmogo/engine"
)

// bandBytes is what the operands of a band should take: a part of a core's second-level cache.
const bandBytes = 384 << 10

// loneBytes is what the operands of a band should have before another worker is woken for it: some microseconds of work.
const loneBytes = 32 << 10

// bandLength is the most steps of a band: what passes through memory inside a band is not reused before its end.
const bandLength = 12

// band is a run of consecutive steps of which every item of one needs only the matching items of those before it: they are done
// together, part by part, so that what one writes is still in the cache when the next reads it.
type band struct {
	first   int // step
	kernels []*kernel
	uses    []access // of all kernels
	parts   int      // a divisor of every kernel's number of items: the finest partition
	grain   int      // parts done at a time
	inner   []inner
}

// bands cuts steps into runs, each as long as possible.
func (b *Backend) bands(steps []engine.Step, kernels []kernel) []*band {
	var list []*band
	for i := range kernels {
		k := &kernels[i]
		next := k.accesses(steps[i])
		if len(list) > 0 && steps[i].Group == steps[i-1].Group && list[len(list)-1].take(k, next, b.pool.workers) {
			continue
		}
		list = append(list, &band{first: i, kernels: []*kernel{k}, uses: next, parts: k.items, grain: 1})
	}
	return list
}

// take adds a kernel to the band if it may run interleaved with those there, and gains from it. One that has a much larger operand starts a
// band of its own, for the operands of a band live side by side.
func (d *band) take(k *kernel, next []access, workers int) bool {
	parts, uses := gcd(d.parts, k.items), slices.Concat(d.uses, next)
	bytes := bytesOfPart(uses, parts)
	if len(d.kernels) >= bandLength || parts < 2*workers || bytes > 2*bandBytes || 2*largestUse(next) > 3*largestUse(d.uses) || !meet(d.uses, next) {
		return false
	}
	d.kernels, d.uses, d.parts = append(d.kernels, k), uses, parts
	d.grain = min(max(1, bandBytes/max(bytes, 1)), parts/workers)
	return true
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
			shared = shared || x.local && y.local && x.equals(y)
		}
	}
	return shared
}

// largestUse is the size of the largest operand that is used item by item.
func largestUse(uses []access) (bytes int) {
	for _, a := range uses {
		if a.local {
			bytes = max(bytes, a.to-a.from)
		}
	}
	return bytes
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
			for _, x := range d.inner { // worker w has the room of parts w·grain …
				d.kernels[x.kernel].base[w][x.operand] = (lo - w*d.grain) * step[x.kernel]
			}
			for i, k := range d.kernels {
				k.body(w, lo*step[i], to*step[i])
			}
		}
	}
	least := 1 // parts that are worth a worker's while
	if bytesOfPart(d.uses, 1) < loneBytes {
		least = d.parts
	}
	return func() {
		p.split(d.parts, least, body)
		for _, k := range d.kernels {
			if k.after != nil {
				k.after()
			}
		}
	}
}
