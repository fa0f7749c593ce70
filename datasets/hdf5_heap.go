package datasets

// localHeap reads the names of an old group.
func (f *h5file) localHeap(at uint64) (*h5cursor, error) {
	c, err := f.open(at, 8+2*f.lengthSize+f.offsetSize, "HEAP")
	if err != nil {
		return nil, err
	}
	c.version("local heap", 0)
	c.skip(3)
	size := c.length()
	c.length()
	data := c.address()
	if c.err != nil {
		return nil, c.err
	}
	if err := f.within(data, size); err != nil {
		return nil, err
	}
	return f.open(data, int(size), "")
}

// h5global reads variable-length values from the global heap; a collection is read once.
type h5global struct {
	f    *h5file
	read map[uint64]map[int][]byte
}

// value takes a reference (length, collection, index) and returns the bytes it names; size is that of an element.
func (g *h5global) value(c *h5cursor, size int) ([]byte, error) {
	n, at, index := c.uint(4), c.address(), c.u32()
	if c.err != nil || n == 0 {
		return nil, c.err
	}
	objects, err := g.collection(at)
	if err != nil {
		return nil, err
	}
	b := objects[index]
	if n > uint64(len(b))/uint64(max(size, 1)) {
		return nil, h5error("a value of variable length claims %d elements of %d bytes", n, len(b))
	}
	return b[:int(n)*size], nil
}

func (g *h5global) collection(at uint64) (map[int][]byte, error) {
	if objects, ok := g.read[at]; ok {
		return objects, nil
	}
	c, err := g.f.open(at, 8+g.f.lengthSize, "GCOL")
	if err != nil {
		return nil, err
	}
	c.version("global heap", 1)
	c.skip(3)
	size := c.length()
	if c.err != nil {
		return nil, c.err
	}
	if err := g.f.within(at, size); err != nil {
		return nil, err
	}
	if c, err = g.f.open(at, int(size), "GCOL"); err != nil {
		return nil, err
	}
	c.skip(4 + g.f.lengthSize)
	objects := map[int][]byte{}
	for c.rest() >= 8+g.f.lengthSize {
		index := c.u16()
		c.skip(6)
		n := c.length()
		if index == 0 { // what is free
			break
		}
		if n > uint64(c.rest()) {
			return nil, h5error("an object of the global heap has %d bytes", n)
		}
		objects[index] = c.bytes(int(n))
		if rest := int((8 - n%8) % 8); rest <= c.rest() {
			c.skip(rest)
		}
	}
	if c.err != nil {
		return nil, c.err
	}
	if g.read == nil {
		g.read = map[uint64]map[int][]byte{}
	}
	g.read[at] = objects
	return objects, nil
}
