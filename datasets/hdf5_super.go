package datasets

import "io"

const h5signature = "\x89HDF\r\n\x1a\n"

// h5begin finds the signature: at 0, 512, 1024, 2048, .. behind a user block. It returns −1 if there is none.
func h5begin(r io.ReaderAt, size int64) int64 {
	for at := int64(0); at+8 <= size; at = max(512, 2*at) {
		var b [8]byte
		if err := readFull(r, b[:], at); err != nil {
			return -1
		}
		if string(b[:]) == h5signature {
			return at
		}
	}
	return -1
}

// openH5 reads the superblock and returns the address of the root group.
func openH5(r io.ReaderAt, size int64) (f *h5file, root uint64, err error) {
	base := h5begin(r, size)
	if base < 0 {
		return nil, 0, h5error("the signature is missing")
	}
	f = &h5file{r: r, base: base, size: size - base, offsetSize: 8, lengthSize: 8}
	f.budget.Store(8<<20 + 16*size)
	cut := func() error { return h5error("the superblock was cut") }
	if f.size < 16 {
		return nil, 0, cut()
	}
	c, err := f.open(0, 16, h5signature)
	if err != nil {
		return nil, 0, err
	}
	version := c.version("superblock", 0, 1, 2, 3)
	if version < 2 {
		c.skip(4)
	}
	f.offsetSize, f.lengthSize = c.u8(), c.u8()
	for _, n := range []int{f.offsetSize, f.lengthSize} {
		if n != 2 && n != 4 && n != 8 {
			c.fail("addresses or lengths of %d bytes", n)
		}
	}
	if c.err != nil {
		return nil, 0, c.err
	}
	var end uint64
	if version < 2 {
		prefix := 24
		if version == 1 {
			prefix = 28
		}
		n := prefix + 4*f.offsetSize + 2*f.offsetSize
		if int64(n) > f.size {
			return nil, 0, cut()
		}
		if c, err = f.open(0, n, h5signature); err != nil {
			return nil, 0, err
		}
		c.skip(prefix - 8)
		c.address() // where the library thought that the superblock is; the signature says it
		c.address()
		end = c.address()
		c.address()
		c.address()
		root = c.address()
	} else {
		n := 12 + 4*f.offsetSize + 4
		if int64(n) > f.size {
			return nil, 0, cut()
		}
		if c, err = f.checked(0, n, h5signature); err != nil {
			return nil, 0, err
		}
		c.skip(4)
		c.address()
		c.address()
		end = c.address()
		root = c.address()
	}
	if c.err != nil {
		return nil, 0, c.err
	}
	if end > uint64(size) {
		return nil, 0, h5error("it has %d bytes and should have %d; the file was cut, copy it again", size, end)
	}
	return f, root, nil
}
