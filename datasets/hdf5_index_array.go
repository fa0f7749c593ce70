package datasets

// The indexes of chunks that are arrays: an element is the address of a chunk and, if chunks are filtered, its size and the filters
// that were left out.

// h5elements reads elements of such an array.
type h5elements struct {
	filtered bool
	size     int // bytes of an element
	sizeWide int // bytes of the size of a chunk
	whole    uint64
	list     []h5chunk // by their number in the array; at is h5undefined where there is none
}

// take takes n elements.
func (e *h5elements) take(c *h5cursor, n int) error {
	for range n {
		chunk := h5chunk{at: c.address(), size: e.whole}
		if e.filtered {
			chunk.size, chunk.mask = c.uint(e.sizeWide), uint32(c.uint(4))
		}
		if c.err != nil {
			return c.err
		}
		e.list = append(e.list, chunk)
	}
	return nil
}

// pass stands for n elements that were never written.
func (e *h5elements) pass(n int) {
	for range n {
		e.list = append(e.list, h5chunk{at: h5undefined})
	}
}

// elements checks the size of an element that an array's header gives.
func (b *h5chunkBuilder) elements(client, size int) (*h5elements, error) {
	x, f := &b.d.index, b.d.file
	e := &h5elements{filtered: client == 1, size: size, whole: uint64(x.bytes())}
	want := f.offsetSize
	if e.filtered {
		e.sizeWide = size - f.offsetSize - 4
		want = f.offsetSize + e.sizeWide + 4
	}
	if size != want || e.sizeWide < 0 || e.sizeWide > 8 {
		return nil, h5error("elements of %d bytes in a chunk index", size)
	}
	return e, nil
}

// enter enters the elements; axes are counted in the given order.
func (b *h5chunkBuilder) enter(e *h5elements, order []int) error {
	locate := b.locator(order)
	for i, c := range e.list {
		if c.at == h5undefined {
			continue
		}
		if err := b.add(locate(uint64(i)), c.at, c.size, c.mask); err != nil {
			return err
		}
	}
	return nil
}

// page reads n elements that have a checksum of their own.
func (b *h5chunkBuilder) page(e *h5elements, at uint64, n int) error {
	c, err := b.d.file.checked(at, n*e.size+4, "")
	if err != nil {
		return err
	}
	return e.take(c, n)
}

// fixedArray reads
//
//	header      "FAHD", version, client, element size, page bits, elements, data block
//	data block  "FADB", version, client, header, then the elements or, for more than fit a page: which pages were written, and the pages
func (b *h5chunkBuilder) fixedArray() error {
	f := b.d.file
	c, err := f.checked(b.d.data, 12+f.lengthSize+f.offsetSize, "FAHD")
	if err != nil {
		return err
	}
	c.version("fixed array", 0)
	client, size, pageBits := c.u8(), c.u8(), c.u8()
	count, block := c.length(), c.address()
	if c.err != nil {
		return c.err
	}
	if block == h5undefined {
		return nil
	}
	e, err := b.elements(client, size)
	if err != nil {
		return err
	}
	if count > uint64(f.size) || pageBits > 30 {
		return h5error("a chunk index of %d elements", count)
	}
	n, perPage := int(count), 1<<pageBits
	prefix := 6 + f.offsetSize
	if n <= perPage {
		if c, err = f.checked(block, prefix+n*size+4, "FADB"); err != nil {
			return err
		}
		c.skip(prefix - 4)
		if err := e.take(c, n); err != nil {
			return err
		}
		return b.enter(e, nil)
	}
	pages := (n + perPage - 1) / perPage
	bitmap := (pages + 7) / 8
	if c, err = f.checked(block, prefix+bitmap+4, "FADB"); err != nil {
		return err
	}
	c.skip(prefix - 4)
	written := c.bytes(bitmap)
	at := block + uint64(prefix+bitmap+4)
	for p := range pages {
		k := min(perPage, n-p*perPage)
		if written[p/8]&(0x80>>(p%8)) == 0 {
			e.pass(k)
		} else if err := b.page(e, at, k); err != nil {
			return err
		}
		at += uint64(perPage*size + 4)
	}
	return b.enter(e, nil)
}
