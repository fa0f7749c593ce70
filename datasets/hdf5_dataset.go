package datasets

import (
	"errors"
	"fmt"
)

// The layouts of a dataset.
const (
	h5Compact    = 0
	h5Contiguous = 1
	h5Chunked    = 2
	h5Virtual    = 3
)

// h5dataset is what the object header of a dataset says.
type h5dataset struct {
	file *h5file

	null       bool // no dataspace, so no element
	dims, most []uint64
	kind       *h5type

	layout  int
	data    uint64 // address of the data, or of the index of the chunks
	stored  uint64 // bytes of contiguous data
	compact []byte
	index   h5index
	filters []h5filter
	fill    []byte // one element, nil for zeros

	external bool
	chunks   h5chunkMap
}

// dataset reads the header of a dataset; messages without a layout are no dataset, and nil.
func (f *h5file) dataset(messages []h5message) (*h5dataset, error) {
	layout := find(messages, h5msgLayout)
	if layout == nil {
		return nil, nil
	}
	d := &h5dataset{file: f}
	for _, m := range messages {
		c := &h5cursor{file: f, b: m.data}
		switch m.kind {
		case h5msgDataspace:
			d.dims, d.most, d.null = c.dataspace()
		case h5msgDatatype:
			d.kind = c.datatype(0)
		case h5msgFilters:
			d.filters = c.filters()
		case h5msgOldFill:
			if n := c.u32(); n > 0 && d.fill == nil {
				d.fill = c.bytes(n)
			}
		case h5msgFill:
			d.fill = c.fill()
		case h5msgExternal:
			d.external = true
		}
		if c.err != nil {
			return nil, c.err
		}
	}
	if d.kind == nil || find(messages, h5msgDataspace) == nil {
		return nil, h5error("a dataset without a type or a dataspace")
	}
	c := &h5cursor{file: f, b: layout}
	if err := c.layout(d); err != nil {
		return nil, err
	}
	if len(d.fill) != d.kind.size {
		d.fill = nil
	}
	return d, nil
}

// dataspace takes the shape and the largest shape, equal to it where the file says nothing.
func (c *h5cursor) dataspace() (dims, most []uint64, null bool) {
	version := c.version("dataspace", 1, 2)
	rank, flags := c.u8(), c.u8()
	if version == 1 {
		c.skip(5)
	} else if c.u8() == 2 {
		null = true
	}
	if rank > 32 {
		c.fail("%d axes", rank)
	}
	for range rank {
		dims = append(dims, c.length())
	}
	most = dims
	if flags&1 != 0 {
		most = nil
		for range rank {
			most = append(most, c.length())
		}
	}
	return dims, most, null
}

// fill takes a fill value, nil if none is defined.
func (c *h5cursor) fill() []byte {
	version := c.version("fill value", 1, 2, 3)
	defined := true
	if version < 3 {
		c.skip(2)
		defined = c.u8() != 0 || version == 1
	} else {
		defined = c.u8()&0x20 != 0
	}
	if !defined || c.err != nil {
		return nil
	}
	return c.bytes(c.u32())
}

// layout takes where the data are.
func (c *h5cursor) layout(d *h5dataset) error {
	version := c.version("data layout", 1, 2, 3, 4, 5)
	if version < 3 {
		rank := c.u8()
		d.layout = c.u8()
		c.skip(5)
		if d.layout != h5Compact {
			d.data = c.address()
		}
		for range rank {
			d.index.chunk = append(d.index.chunk, c.uint(4))
		}
		switch d.layout {
		case h5Chunked: // the last of the sizes is that of an element
			d.index.kind = h5indexTree
		case h5Compact:
			d.compact = c.bytes(c.u32())
		}
	} else {
		d.layout = c.u8()
		switch d.layout {
		case h5Compact:
			d.compact = c.bytes(c.u16())
		case h5Contiguous:
			d.data, d.stored = c.address(), c.length()
		case h5Chunked:
			if version == 3 {
				rank := c.u8()
				d.data = c.address()
				for range rank {
					d.index.chunk = append(d.index.chunk, c.uint(4))
				}
				d.index.kind = h5indexTree
			} else {
				d.data = c.chunkIndex(&d.index, version)
			}
		case h5Virtual:
			return errors.New("virtual datasets, made of other files, cannot be read; copy the data into one file with h5repack")
		default:
			c.fail("data layout class %d is unknown", d.layout)
		}
	}
	if c.err != nil {
		return c.err
	}
	if d.layout == h5Chunked {
		return d.index.check(d)
	}
	return nil
}

// info returns what an Array of the dataset is, and whether its bytes are to be reversed.
func (d *h5dataset) info() (Info, bool, error) {
	if d.null {
		return Info{}, false, errors.New("it has no values: its dataspace is null")
	}
	if d.external {
		return Info{}, false, errors.New("its data lie in other files (external storage), which are not read; copy the data into one file with h5repack")
	}
	shape, err := h5shape(d.dims)
	if err != nil {
		return Info{}, false, err
	}
	element := d.kind
	if element.class == h5Array {
		shape, element = append(shape, element.dims...), element.base
	}
	dtype, swap, err := element.dtype()
	if err != nil {
		return Info{}, false, err
	}
	size, err := byteSize(dtype, shape)
	if err != nil {
		return Info{}, false, h5error("%v", err)
	}
	each, err := byteSize(dtype, shape[len(d.dims):])
	if err != nil || each == 0 || each != int64(d.kind.size) {
		return Info{}, false, h5error("elements of %d bytes that are %v of %s", d.kind.size, shape[len(d.dims):], dtype)
	}
	for _, filter := range d.filters {
		if err := filter.known(); err != nil {
			return Info{}, false, err
		}
	}
	if d.layout == h5Contiguous && d.data != h5undefined {
		if err := d.file.within(d.data, uint64(size)); err != nil {
			return Info{}, false, err
		}
	}
	if d.layout == h5Compact && int64(len(d.compact)) < size {
		return Info{}, false, h5error("compact data of %d bytes for %d", len(d.compact), size)
	}
	return Info{dtype, shape}, swap, nil
}

// named puts the name of an array before an error.
func named(name string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%q: %w", name, err)
}
