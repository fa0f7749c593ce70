package engine

import "sort"

// buffer is a piece of the arena that is alive during steps First..Last, both included.
type buffer struct {
	bytes       int
	first, last int
	offset      int
}

// place gives every buffer an offset so that buffers alive at the same step never overlap, and returns the arena's size.
// Greedy by size: the largest first, each at the lowest free offset (Pisarchyk & Lee 2020, arXiv 2001.03288, §5.2).
func place(buffers []*buffer) (arena int) {
	bySize := append([]*buffer{}, buffers...)
	sort.SliceStable(bySize, func(i, j int) bool { return bySize[i].bytes > bySize[j].bytes })
	var placed []*buffer // by offset
	for _, b := range bySize {
		need, offset := align(b.bytes), 0
		for _, p := range placed {
			if p.last < b.first || b.last < p.first {
				continue
			}
			if offset+need <= p.offset {
				break
			}
			offset = max(offset, p.offset+align(p.bytes))
		}
		b.offset = offset
		arena = max(arena, offset+need)
		at := sort.Search(len(placed), func(i int) bool { return placed[i].offset > offset })
		placed = append(placed, nil)
		copy(placed[at+1:], placed[at:])
		placed[at] = b
	}
	return arena
}
