package datasets

import (
	"math"
	"slices"
	"sort"
	"sync"
)

// The ways in which a file finds the chunks of a dataset.
const (
	h5indexTree       = 0 // version 1 B-tree
	h5indexSingle     = 1
	h5indexImplicit   = 2
	h5indexFixed      = 3
	h5indexExtensible = 4
	h5indexTree2      = 5
)

// h5index describes the chunks. The grid of chunks is counted row-major over the largest shape that the dataset may get.
type h5index struct {
	kind     int
	chunk    []uint64 // shape of a chunk, and the size of an element
	sizeWide int      // bytes that hold the size of a filtered chunk

	filteredSize uint64 // of a single chunk
	mask         uint32
}

// h5chunk is one stored chunk: its number in the grid over the present shape, its place, and the filters that were left out.
type h5chunk struct {
	number   uint64
	at, size uint64
	mask     uint32
}

// h5chunkMap is the stored chunks in the order of their numbers, read when they are first needed.
type h5chunkMap struct {
	once sync.Once
	list []h5chunk
	err  error
}

// chunkIndex takes the description of chunks from a layout of version 4 or 5 and returns the address of their index.
func (c *h5cursor) chunkIndex(x *h5index, version int) uint64 {
	const filteredSingle = 2
	flags := c.u8()
	rank, width := c.u8(), c.u8()
	for range rank {
		x.chunk = append(x.chunk, c.uint(width))
	}
	x.kind = c.u8()
	bytes := uint64(1)
	for _, n := range x.chunk {
		bytes = min(bytes*max(n, 1), math.MaxUint32)
	}
	x.sizeWide = min(8, 1+(floorLog2(bytes)+8)/8)
	if version > 4 {
		x.sizeWide = c.file.lengthSize
	}
	switch x.kind {
	case h5indexSingle:
		if flags&filteredSingle != 0 {
			x.filteredSize, x.mask = c.length(), uint32(c.uint(4))
		}
	case h5indexImplicit:
	case h5indexFixed: // what follows stands in the header of the index too
		c.skip(1)
	case h5indexExtensible:
		c.skip(5)
	case h5indexTree2:
		c.skip(6)
	default:
		c.fail("chunk index %d is unknown", x.kind)
	}
	return c.address()
}

// check compares the chunks with the dataset.
func (x *h5index) check(d *h5dataset) error {
	if len(x.chunk) != len(d.dims)+1 || x.chunk[len(d.dims)] != uint64(d.kind.size) {
		return h5error("chunks of shape %v for a dataset of shape %v", x.chunk, d.dims)
	}
	bytes := uint64(1)
	for _, n := range x.chunk {
		if n == 0 || bytes > math.MaxInt32*8/n {
			return h5error("chunks of shape %v", x.chunk)
		}
		bytes *= n
	}
	return nil
}

// bytes returns the size of a whole chunk.
func (x *h5index) bytes() int {
	n := 1
	for _, d := range x.chunk {
		n *= int(d)
	}
	return n
}

// grid returns the number of chunks along every axis of a shape.
func (x *h5index) grid(dims []uint64) []uint64 {
	g := make([]uint64, len(dims))
	for i, n := range dims {
		g[i] = n / x.chunk[i]
		if n%x.chunk[i] != 0 {
			g[i]++
		}
	}
	return g
}

// stored returns the chunks that the file holds.
func (d *h5dataset) storedChunks() ([]h5chunk, error) {
	d.chunks.once.Do(func() {
		if d.data == h5undefined {
			return
		}
		b := &h5chunkBuilder{d: d, grid: d.index.grid(d.dims)}
		total := uint64(1)
		for _, n := range b.grid {
			if n != 0 && total > math.MaxInt64/n {
				d.chunks.err = h5error("a grid of %v chunks", b.grid)
				return
			}
			total *= n
		}
		if d.chunks.err = b.build(); d.chunks.err != nil {
			return
		}
		slices.SortFunc(b.list, func(p, q h5chunk) int {
			switch {
			case p.number < q.number:
				return -1
			case p.number > q.number:
				return 1
			}
			return 0
		})
		d.chunks.list = b.list
	})
	return d.chunks.list, d.chunks.err
}

// chunkAt finds a chunk by its number.
func (d *h5dataset) chunkAt(number uint64) (h5chunk, bool, error) {
	list, err := d.storedChunks()
	i := sort.Search(len(list), func(i int) bool { return list[i].number >= number })
	if err != nil || i == len(list) || list[i].number != number {
		return h5chunk{}, false, err
	}
	return list[i], true, nil
}
