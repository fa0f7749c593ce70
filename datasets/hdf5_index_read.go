package datasets

import "math"

// h5chunkBuilder gathers the chunks of a dataset.
type h5chunkBuilder struct {
	d    *h5dataset
	grid []uint64 // over the present shape
	list []h5chunk
}

func (b *h5chunkBuilder) build() error {
	x := &b.d.index
	switch x.kind {
	case h5indexTree:
		return b.tree(b.d.data, -1)
	case h5indexSingle:
		size := x.filteredSize
		if len(b.d.filters) == 0 {
			size = uint64(x.bytes())
		}
		return b.add(make([]uint64, len(b.grid)), b.d.data, size, x.mask)
	case h5indexImplicit:
		return b.implicit()
	case h5indexFixed:
		return b.fixedArray()
	case h5indexExtensible:
		return b.extensibleArray()
	}
	return b.tree2()
}

// add enters the chunk at a place of the grid; one beyond the present shape is left out.
func (b *h5chunkBuilder) add(scaled []uint64, at, size uint64, mask uint32) error {
	if at == h5undefined {
		return nil
	}
	number := uint64(0)
	for i, n := range b.grid {
		if scaled[i] >= n {
			return nil
		}
		number = number*n + scaled[i]
	}
	if err := b.d.file.within(at, size); err != nil {
		return err
	}
	b.list = append(b.list, h5chunk{number, at, size, mask})
	return nil
}

// implicit enters chunks that lie one after the other.
func (b *h5chunkBuilder) implicit() error {
	size := uint64(b.d.index.bytes())
	total := uint64(1)
	for _, n := range b.d.index.grid(b.d.most) {
		total = min(total*n, math.MaxUint32)
	}
	if err := b.d.file.within(b.d.data, total*size); err != nil {
		return err
	}
	locate := b.locator(nil)
	for i := range total {
		if err := b.add(locate(i), b.d.data+i*size, size, 0); err != nil {
			return err
		}
	}
	return nil
}

// locator returns the function from a chunk's number in an array to its place in the grid. The array counts the grid over the largest
// shape, in the given order of axes, nil for row-major; the first of them may have no limit.
func (b *h5chunkBuilder) locator(order []int) func(i uint64) []uint64 {
	whole := b.d.index.grid(b.d.most)
	if order == nil {
		for axis := range whole {
			order = append(order, axis)
		}
	}
	scaled := make([]uint64, len(whole))
	return func(i uint64) []uint64 {
		for k := len(order) - 1; k > 0; k-- {
			n := max(whole[order[k]], 1)
			scaled[order[k]] = i % n
			i /= n
		}
		if len(order) > 0 {
			scaled[order[0]] = i
		}
		return scaled
	}
}

// tree reads a node of a version 1 B-tree: keys (size, filters left out, offsets), each before the child it describes.
func (b *h5chunkBuilder) tree(at uint64, level int) error {
	f := b.d.file
	rank := len(b.grid)
	key := 8 + 8*(rank+1)
	c, err := f.open(at, 8+2*f.offsetSize, "TREE")
	if err != nil {
		return err
	}
	kind, depth, used := c.u8(), c.u8(), c.u16()
	if kind != 1 || level >= 0 && depth != level {
		return h5error("a node of the chunk index is of type %d and level %d", kind, depth)
	}
	if c, err = f.open(at+uint64(8+2*f.offsetSize), used*(key+f.offsetSize), ""); err != nil {
		return err
	}
	scaled := make([]uint64, rank)
	for range used {
		size, mask := c.uint(4), uint32(c.uint(4))
		for i := range scaled {
			offset := c.uint(8)
			if offset%b.d.index.chunk[i] != 0 {
				return h5error("a chunk begins inside another")
			}
			scaled[i] = offset / b.d.index.chunk[i]
		}
		c.skip(8)
		child := c.address()
		if c.err != nil {
			return c.err
		}
		if depth > 0 {
			err = b.tree(child, depth-1)
		} else {
			err = b.add(scaled, child, size, mask)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// tree2 reads a version 2 B-tree of chunks.
func (b *h5chunkBuilder) tree2() error {
	const plain, filtered = 10, 11
	x := &b.d.index
	return b.d.file.tree2(b.d.data, func(kind int, c *h5cursor) error {
		at, size, mask := c.address(), uint64(x.bytes()), uint32(0)
		switch kind {
		case plain:
		case filtered:
			size, mask = c.uint(x.sizeWide), uint32(c.uint(4))
		default:
			return h5error("a chunk index of type %d", kind)
		}
		scaled := make([]uint64, len(b.grid))
		for i := range scaled {
			scaled[i] = c.uint(8)
		}
		if c.err != nil {
			return c.err
		}
		return b.add(scaled, at, size, mask)
	})
}
