package datasets

import "slices"

// h5link is a name in a group: of an object (hard), of a path (soft), or of a path in another file (external).
type h5link struct {
	name   string
	object uint64 // of a hard link, else h5undefined
	path   string
	file   string
}

func (l h5link) hard() bool { return l.object != h5undefined }

// links lists the names in a group; ok tells whether the messages are those of a group.
func (f *h5file) links(messages []h5message) (list []h5link, ok bool, err error) {
	if m := find(messages, h5msgSymbolTable); m != nil {
		c := &h5cursor{file: f, b: m}
		tree, heap := c.address(), c.address()
		if c.err != nil {
			return nil, true, c.err
		}
		names, err := f.localHeap(heap)
		if err != nil {
			return nil, true, err
		}
		err = f.symbols(tree, -1, names, &list)
		return list, true, err
	}
	for _, m := range messages {
		c := &h5cursor{file: f, b: m.data}
		switch m.kind {
		case h5msgLink:
			list, ok = append(list, c.link()), true
			err = c.err
		case h5msgLinkInfo:
			ok = true
			c.version("link info", 0)
			if c.u8()&1 != 0 {
				c.skip(8)
			}
			heap, tree := c.address(), c.address()
			if err = c.err; err == nil && heap != h5undefined {
				err = f.denseMessages(heap, tree, 5, func(m *h5cursor) { list, err = append(list, m.link()), m.err })
			}
		}
		if err != nil {
			return nil, true, err
		}
	}
	return list, ok, nil
}

// denseMessages visits the messages that a fractal heap holds and a B-tree of records of type 5 (links) or 8 (attributes) names.
func (f *h5file) denseMessages(heap, tree uint64, kind int, visit func(c *h5cursor)) error {
	h, err := f.fractalHeap(heap)
	if err != nil {
		return err
	}
	return f.tree2(tree, func(got int, c *h5cursor) error {
		if got != kind {
			return h5error("an index of names of type %d", got)
		}
		if kind == 5 {
			c.skip(4) // hash of the name
		}
		id := c.bytes(h.idSize)
		if kind == 8 && c.err == nil && c.u8()&2 != 0 {
			return h5error("attributes shared in a table of the file cannot be read; repack the file with h5repack")
		}
		if c.err != nil {
			return c.err
		}
		b, err := h.object(id)
		if err != nil {
			return err
		}
		message := &h5cursor{file: f, b: b}
		visit(message)
		return message.err
	})
}

// link takes a link message.
func (c *h5cursor) link() h5link {
	const soft, external = 1, 64
	c.version("link", 1)
	flags := c.u8()
	kind := 0
	if flags&8 != 0 {
		kind = c.u8()
	}
	if flags&4 != 0 {
		c.skip(8)
	}
	if flags&16 != 0 {
		c.skip(1)
	}
	n := c.uint(1 << (flags & 3))
	if n > uint64(c.rest()) {
		c.fail("a link's name of %d bytes", n)
	}
	l := h5link{name: string(c.bytes(int(n))), object: h5undefined}
	switch kind {
	case 0:
		l.object = c.address()
	case soft:
		l.path = string(c.bytes(c.u16()))
	case external:
		inner := &h5cursor{file: c.file, b: c.bytes(c.u16())}
		inner.skip(1)
		l.file, l.path = inner.text(), inner.text()
		if inner.err != nil {
			c.fail("an external link of %d bytes", len(inner.b))
		}
	default:
		c.fail("link %q is of type %d, which is unknown", l.name, kind)
	}
	return l
}

// symbols reads the links of an old group: a version 1 B-tree of nodes of symbols.
func (f *h5file) symbols(at uint64, level int, names *h5cursor, list *[]h5link) error {
	c, err := f.open(at, 8+2*f.offsetSize, "TREE")
	if err != nil {
		return err
	}
	kind, depth, used := c.u8(), c.u8(), c.u16()
	if kind != 0 || level >= 0 && depth != level {
		return h5error("a node of a group's index is of type %d and level %d", kind, depth)
	}
	if c, err = f.open(at+uint64(8+2*f.offsetSize), used*(f.lengthSize+f.offsetSize), ""); err != nil {
		return err
	}
	for range used {
		c.length()
		child := c.address()
		if c.err != nil {
			return c.err
		}
		if depth > 0 {
			err = f.symbols(child, depth-1, names, list)
		} else {
			err = f.symbolNode(child, names, list)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (f *h5file) symbolNode(at uint64, names *h5cursor, list *[]h5link) error {
	c, err := f.open(at, 8, "SNOD")
	if err != nil {
		return err
	}
	c.version("symbol table", 1)
	c.skip(1)
	count := c.u16()
	if c, err = f.open(at+8, count*(2*f.offsetSize+24), ""); err != nil {
		return err
	}
	const soft = 2
	at2 := func(offset uint64) string {
		if offset > uint64(len(names.b)) {
			c.fail("a name outside its heap")
			return ""
		}
		inner := &h5cursor{file: f, b: names.b, at: int(offset)}
		text := inner.text()
		if inner.err != nil {
			c.err = inner.err
		}
		return text
	}
	for range count {
		l := h5link{name: at2(c.address()), object: c.address()}
		cached := c.uint(4)
		c.skip(4)
		scratch := c.uint(4)
		c.skip(12)
		if cached == soft {
			l.object, l.path = h5undefined, at2(scratch)
		}
		if c.err != nil {
			return c.err
		}
		*list = append(*list, l)
	}
	return nil
}

// linkNamed finds a link.
func linkNamed(list []h5link, name string) (h5link, bool) {
	i := slices.IndexFunc(list, func(l h5link) bool { return l.name == name })
	if i < 0 {
		return h5link{}, false
	}
	return list[i], true
}
