package cpu

import (
	"fmt"
	"slices"

	"github.com/kolmogo/kolmogo/engine"
)

// inner is an operand that lives inside a band only: a worker's parts at hand are all there is of it.
type inner struct{ kernel, operand int }

// Group implements engine.Grouper.
func (b *Backend) Group(steps []engine.Step) (number, inner []int) {
	kernels := make([]kernel, len(steps))
	for i, s := range steps {
		if s.Out[0].Dims.Size() > 0 {
			kernels[i] = b.lower(s)
		}
	}
	list := b.bands(steps, kernels)
	for n, d := range list {
		for range d.kernels {
			number = append(number, n)
		}
		if len(d.kernels) == 1 {
			continue
		}
		for _, a := range d.uses {
			if a.memory == nil && a.writes && d.passes(a) && !slices.ContainsFunc(list, func(o *band) bool { return o != d && o.touches(a) }) {
				inner = append(inner, a.from)
			}
		}
	}
	return number, inner
}

// touches reports whether an operand of the band overlaps a.
func (d *band) touches(a access) bool { return slices.ContainsFunc(d.uses, a.overlaps) }

// passes reports whether a is written first and used item by item throughout the band, by kernels that need no whole operands.
func (d *band) passes(a access) bool {
	known := false
	for _, x := range d.uses {
		if !x.overlaps(a) {
			continue
		}
		if !x.equals(a) || !x.local || !x.partial || !known && !x.writes {
			return false
		}
		known = true
	}
	return true
}

// place finds room for the operands of a band that have no memory: for every worker, the parts that it does at a time.
func (b *Backend) place(d *band, steps []engine.Step) error {
	room := map[int]engine.Memory{}
	for i, k := range d.kernels {
		s := &steps[d.first+i]
		s.In, s.Out = slices.Clone(s.In), slices.Clone(s.Out)
		lost := false
		for j, o := range slices.Concat(s.In, s.Out) {
			if o.Memory != nil || o.Bytes() == 0 {
				continue
			}
			if len(d.kernels) == 1 || k.base == nil {
				return fmt.Errorf("cpu: step %d: an operand has no memory", d.first+i)
			}
			m, ok := room[o.Offset]
			if !ok {
				var err error
				if m, err = b.Alloc(b.pool.workers * d.grain * (o.Bytes() / d.parts)); err != nil {
					return err
				}
				room[o.Offset] = m
			}
			if o.Memory, o.Offset = m, 0; j < len(s.In) {
				s.In[j] = o
			} else {
				s.Out[j-len(s.In)] = o
			}
			d.inner, lost = append(d.inner, inner{i, j}), true
		}
		if lost {
			*k = b.lower(*s)
		}
	}
	return nil
}
