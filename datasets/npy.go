package datasets

import (
	"bytes"
	"io"
	"slices"
)

// An npy file is
//
//	"\x93NUMPY", version major, minor
//	header length (2 bytes in version 1, 4 in versions 2 and 3), little-endian
//	header: a Python dict {'descr': '<f4', 'fortran_order': False, 'shape': (4, 6), }
//	the elements, row-major, or column-major where fortran_order is True
//
// Source: numpy.org/doc/stable/reference/generated/numpy.lib.format.html.

const (
	npyMagic     = "\x93NUMPY"
	npyMaxHeader = 1 << 20
)

// npyDtypes maps the part of descr behind the byte order.
var npyDtypes = map[string]Dtype{
	"b1": Bool, "i1": Int8, "i2": Int16, "i4": Int32, "i8": Int64, "u1": Uint8, "u2": Uint16, "u4": Uint32, "u8": Uint64,
	"f2": Float16, "f4": Float32, "f8": Float64, "c8": Complex64, "c16": Complex128,
}

// npy is an npy file as a container of one array without a name.
type npy struct {
	header npyHeader
	data   *io.SectionReader
}

func sniffNPY(head []byte, _ io.ReaderAt, _ int64) bool {
	return bytes.HasPrefix(head, []byte(npyMagic))
}

func openNPY(r io.ReaderAt, size int64) (Container, error) {
	section := io.NewSectionReader(r, 0, size)
	h, err := readNPYHeader(section)
	if err != nil {
		return nil, err
	}
	at, err := section.Seek(0, io.SeekCurrent)
	if err != nil {
		return nil, err
	}
	if size-at != h.size {
		return nil, formatError("npy", "shape %v of %s needs %d bytes, the file holds %d", h.info.Shape, h.info.Dtype, h.size, size-at)
	}
	return &npy{h, io.NewSectionReader(r, at, h.size)}, nil
}

func (c *npy) Names() []string { return []string{""} }

func (c *npy) Metadata() map[string]string { return nil }

func (c *npy) Close() error { return nil }

func (c *npy) Info(name string) (Info, error) {
	if name != "" {
		return Info{}, missing(name, c)
	}
	return Info{c.header.info.Dtype, slices.Clone(c.header.info.Shape)}, nil
}

func (c *npy) Section(name string) *io.SectionReader {
	if name != "" || !c.header.plain() {
		return nil
	}
	return io.NewSectionReader(c.data, 0, c.header.size)
}

func (c *npy) Array(name string) (Array, error) {
	info, err := c.Info(name)
	if err != nil {
		return Array{}, err
	}
	a, err := readSection(io.NewSectionReader(c.data, 0, c.header.size), info)
	if err != nil {
		return Array{}, err
	}
	return c.header.decode(a.Raw), nil
}
