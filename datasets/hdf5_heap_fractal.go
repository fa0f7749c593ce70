package datasets

import "slices"

// h5heap is a fractal heap: a table of blocks whose rows double in size,
//
//	"FRHP" header, "FHDB" direct blocks that hold objects, "FHIB" indirect blocks that hold addresses of blocks
//
// with an address space in which an object's offset and length are its name.
type h5heap struct {
	f                   *h5file
	idSize              int
	start, largest      uint64 // sizes of direct blocks
	width, rows         int
	offsetSize, lenSize int
	root                uint64
	filtered, checksums bool
	huge                uint64
	direct              map[uint64][]byte // blocks that were read, by address
}

func (f *h5file) fractalHeap(at uint64) (*h5heap, error) {
	n := 22 + 12*f.lengthSize + 3*f.offsetSize
	c, err := f.open(at, n, "FRHP")
	if err != nil {
		return nil, err
	}
	c.version("fractal heap", 0)
	h := &h5heap{f: f, idSize: c.u16(), direct: map[uint64][]byte{}}
	h.filtered = c.u16() > 0
	h.checksums = c.u8()&2 != 0
	most := c.uint(4)
	c.length()
	h.huge = c.address()
	c.length()
	c.address()
	for range 8 {
		c.length()
	}
	h.width = c.u16()
	h.start, h.largest = c.length(), c.length()
	bits := c.u16()
	c.skip(2)
	h.root, h.rows = c.address(), c.u16()
	if c.err != nil {
		return nil, c.err
	}
	if h.filtered {
		return nil, h5error("a fractal heap with filters cannot be read; repack the file with h5repack")
	}
	if _, err := f.checked(at, n+4, "FRHP"); err != nil {
		return nil, err
	}
	if h.width == 0 || h.start == 0 || h.largest < h.start || h.largest > 1<<32 || bits > 64 || h.start&(h.start-1) != 0 || h.largest&(h.largest-1) != 0 {
		return nil, h5error("a fractal heap of blocks from %d to %d bytes", h.start, h.largest)
	}
	h.offsetSize = (bits + 7) / 8
	h.lenSize = min((floorLog2(h.largest)+7)/8, encodedSize(most))
	return h, nil
}

// object returns the bytes of an object by its heap ID.
func (h *h5heap) object(id []byte) ([]byte, error) {
	c := &h5cursor{file: h.f, b: id}
	const managed, huge, tiny = 0, 1, 2
	head := c.u8()
	switch head >> 4 & 3 {
	case managed:
		offset, n := c.uint(h.offsetSize), c.uint(h.lenSize)
		if c.err != nil {
			return nil, c.err
		}
		return h.managed(offset, n)
	case tiny:
		n := head&15 + 1
		if h.idSize > 18 {
			n = (head&15)<<8 | c.u8() + 1
		}
		b := c.bytes(n)
		return b, c.err
	case huge:
		return h.hugeObject(c)
	}
	return nil, h5error("an object of unknown kind in a fractal heap")
}

// hugeObject finds an object that has its own place in the file: by the ID itself or by a B-tree.
func (h *h5heap) hugeObject(c *h5cursor) ([]byte, error) {
	f := h.f
	var at, n uint64
	if h.idSize >= 1+f.offsetSize+f.lengthSize {
		at, n = c.address(), c.length()
	} else {
		id := c.uint(min(8, h.idSize-1))
		err := f.tree2(h.huge, func(kind int, r *h5cursor) error {
			a, size, key := r.address(), r.length(), r.length()
			if kind == 1 && key == id {
				at, n = a, size
			}
			return r.err
		})
		if err != nil {
			return nil, err
		}
	}
	if c.err != nil {
		return nil, c.err
	}
	if err := f.within(at, n); err != nil {
		return nil, err
	}
	return f.read(at, int(n))
}

// rowSize returns the size of the blocks of a row of the table.
func (h *h5heap) rowSize(row int) uint64 {
	if row < 2 {
		return h.start
	}
	return h.start << (row - 1)
}

// managed walks from the root to the block that holds [offset, offset+n).
func (h *h5heap) managed(offset, n uint64) ([]byte, error) {
	at, rows, begin := h.root, h.rows, uint64(0)
	directRows := floorLog2(h.largest) - floorLog2(h.start) + 2
	for depth := 0; rows > 0; depth++ {
		if depth > 32 || rows > 64 {
			return nil, h5error("a fractal heap of %d rows, %d deep", rows, depth)
		}
		prefix := 5 + h.f.offsetSize + h.offsetSize
		children := rows * h.width
		c, err := h.f.checked(at, prefix+children*h.f.offsetSize+4, "FHIB")
		if err != nil {
			return nil, err
		}
		row, low := 0, begin
		for ; row < rows; row++ {
			if high := low + h.rowSize(row)*uint64(h.width); offset < high {
				break
			} else {
				low = high
			}
		}
		if row == rows || offset < low {
			return nil, h5error("an object lies outside its fractal heap")
		}
		column := (offset - low) / h.rowSize(row)
		c.skip(prefix - 4 + (row*h.width+int(column))*h.f.offsetSize)
		at, begin = c.address(), low+column*h.rowSize(row)
		if c.err != nil {
			return nil, c.err
		}
		if row < directRows {
			return h.inBlock(at, h.rowSize(row), offset-begin, n)
		}
		rows = floorLog2(h.rowSize(row)) - floorLog2(h.start*uint64(h.width)) + 1
	}
	return h.inBlock(at, h.start, offset, n)
}

// inBlock returns n bytes of a direct block.
func (h *h5heap) inBlock(at, size, offset, n uint64) ([]byte, error) {
	b, ok := h.direct[at]
	if !ok {
		if err := h.f.within(at, size); err != nil {
			return nil, err
		}
		c, err := h.f.open(at, int(size), "FHDB")
		if err != nil {
			return nil, err
		}
		if h.checksums { // of the block with zeros in place of the checksum
			place := 5 + h.f.offsetSize + h.offsetSize
			zeroed := slices.Clone(c.b)
			c.skip(place - 4)
			if want := c.uint(4); c.err == nil {
				copy(zeroed[place:], []byte{0, 0, 0, 0})
				if uint64(lookup3(zeroed)) != want {
					return nil, h5error("a block of a fractal heap is damaged: its checksum differs")
				}
			}
			if c.err != nil {
				return nil, c.err
			}
		}
		b = c.b
		h.direct[at] = b
	}
	if offset > uint64(len(b)) || n > uint64(len(b))-offset {
		return nil, h5error("an object lies outside its block of a fractal heap")
	}
	return b[offset : offset+n], nil
}
