package datasets

import "slices"

// The types of the messages in an object header that are read.
const (
	h5msgDataspace     = 0x01
	h5msgLinkInfo      = 0x02
	h5msgDatatype      = 0x03
	h5msgOldFill       = 0x04
	h5msgFill          = 0x05
	h5msgLink          = 0x06
	h5msgExternal      = 0x07
	h5msgLayout        = 0x08
	h5msgFilters       = 0x0b
	h5msgAttribute     = 0x0c
	h5msgContinuation  = 0x10
	h5msgSymbolTable   = 0x11
	h5msgAttributeInfo = 0x15
)

// h5message is one message of an object header.
type h5message struct {
	kind int
	data []byte
}

// h5block is a part of an object header in the file.
type h5block struct{ at, size uint64 }

// h5maxBlocks bounds the parts of one object header.
const h5maxBlocks = 1 << 12

// header reads the messages of the object at an address; messages that are shared are replaced by what they refer to.
func (f *h5file) header(at uint64) ([]h5message, error) { return f.headerAt(at, 0) }

func (f *h5file) headerAt(at uint64, depth int) ([]h5message, error) {
	if depth > 4 {
		return nil, h5error("shared messages refer to each other in a circle")
	}
	if err := f.within(at, 6); err != nil {
		return nil, err
	}
	start, err := f.read(at, 6)
	if err != nil {
		return nil, err
	}
	if string(start[:4]) == "OHDR" {
		return f.newHeader(at, int(start[5]), depth)
	}
	return f.oldHeader(at, depth)
}

// oldHeader reads version 1: prefix of 16 bytes, messages with a prefix of 8 bytes.
func (f *h5file) oldHeader(at uint64, depth int) ([]h5message, error) {
	c, err := f.open(at, 16, "")
	if err != nil {
		return nil, err
	}
	c.version("object header", 1)
	c.skip(1)
	count := c.u16()
	c.skip(4)
	size := c.uint(4)
	if c.err != nil {
		return nil, c.err
	}
	var messages []h5message
	blocks := []h5block{{at + 16, size}}
	for i := 0; i < len(blocks); i++ {
		if c, err = f.open(blocks[i].at, int(blocks[i].size), ""); err != nil {
			return nil, err
		}
		for c.rest() >= 8 && len(messages) < count {
			kind, n, flags := c.u16(), c.u16(), c.u8()
			c.skip(3)
			if blocks, messages, err = f.take(c, kind, n, flags, depth, blocks, messages); err != nil {
				return nil, err
			}
		}
	}
	return messages, nil
}

// newHeader reads version 2, whose parts have checksums.
func (f *h5file) newHeader(at uint64, flags, depth int) ([]h5message, error) {
	prefix := 6
	if flags&0x20 != 0 {
		prefix += 16
	}
	if flags&0x10 != 0 {
		prefix += 4
	}
	width := 1 << (flags & 3)
	c, err := f.open(at, prefix+width, "OHDR")
	if err != nil {
		return nil, err
	}
	c.version("object header", 2)
	c.skip(prefix - 5)
	size := c.uint(width)
	if err := f.within(at, size); err != nil {
		return nil, err
	}
	var messages []h5message
	blocks := []h5block{{at, size + uint64(prefix+width+4)}}
	for i := 0; i < len(blocks); i++ {
		signature := "OCHK"
		if i == 0 {
			signature = "OHDR"
		}
		if err := f.within(blocks[i].at, blocks[i].size); err != nil {
			return nil, err
		}
		if c, err = f.checked(blocks[i].at, int(blocks[i].size), signature); err != nil {
			return nil, err
		}
		if i == 0 {
			c.skip(prefix + width - 4)
		}
		before := 4
		if flags&4 != 0 {
			before += 2
		}
		for c.err == nil && c.rest() >= before { // fewer bytes are a gap
			kind, n, own := c.u8(), c.u16(), c.u8()
			c.skip(before - 4)
			if blocks, messages, err = f.take(c, kind, n, own, depth, blocks, messages); err != nil {
				return nil, err
			}
		}
	}
	return messages, nil
}

// take takes the data of one message of n bytes.
func (f *h5file) take(c *h5cursor, kind, n, flags, depth int, blocks []h5block, messages []h5message) ([]h5block, []h5message, error) {
	const shared = 2
	data := c.bytes(n)
	if c.err != nil {
		return blocks, messages, c.err
	}
	m := h5message{kind, data}
	switch {
	case kind == h5msgContinuation:
		inner := &h5cursor{file: f, b: data}
		next := h5block{inner.address(), inner.length()}
		if inner.err != nil {
			return blocks, messages, inner.err
		}
		if len(blocks) == h5maxBlocks || slices.ContainsFunc(blocks, func(b h5block) bool { return b.at == next.at }) {
			return blocks, messages, h5error("an object header goes on in a circle")
		}
		if err := f.within(next.at, next.size); err != nil {
			return blocks, messages, err
		}
		blocks = append(blocks, next)
	case flags&shared != 0:
		inner := &h5cursor{file: f, b: data}
		original, err := f.sharedMessage(inner, kind, depth)
		if err != nil {
			return blocks, messages, err
		}
		m.data = original
	}
	return blocks, append(messages, m), nil
}

// sharedMessage finds the message that a reference names: one of a committed object.
func (f *h5file) sharedMessage(c *h5cursor, kind, depth int) ([]byte, error) {
	version := c.version("shared message", 1, 2, 3)
	if where := c.u8(); version == 3 && where == 1 {
		return nil, h5error("messages shared in a table of the file cannot be read; repack the file with h5repack")
	}
	if version == 1 {
		c.skip(6)
	}
	at := c.address()
	if c.err != nil {
		return nil, c.err
	}
	messages, err := f.headerAt(at, depth+1)
	if err != nil {
		return nil, err
	}
	for _, m := range messages {
		if m.kind == kind {
			return m.data, nil
		}
	}
	return nil, h5error("a shared message refers to an object that lacks it")
}

// find returns the first message of a kind, nil if there is none.
func find(messages []h5message, kind int) []byte {
	for _, m := range messages {
		if m.kind == kind {
			return m.data
		}
	}
	return nil
}
