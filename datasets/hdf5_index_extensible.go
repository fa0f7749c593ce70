package datasets

import "math"

// extensible is an extensible array being read:
//
//	header       "EAHD", version, client, element size, bits, elements in the index block, least elements and pointers, page bits, six counts, index block
//	index block  "EAIB", version, client, header, first elements, addresses of data blocks, addresses of super blocks
//	super block  "EASB", version, client, header, offset, which pages were written, addresses of data blocks
//	data block   "EADB", version, client, header, offset, elements or, for more than fit a page, pages
//
// Level u has 2^⌊u/2⌋ data blocks of 2^⌈u/2⌉·minElements elements. The first levels stand in the index block.
type extensible struct {
	builder *h5chunkBuilder
	*h5elements
	offset int // bytes of an offset in the array
	count  int // elements of the array
}

func (b *h5chunkBuilder) extensibleArray() error {
	f := b.d.file
	c, err := f.checked(b.d.data, 12+6*f.lengthSize+f.offsetSize+4, "EAHD")
	if err != nil {
		return err
	}
	c.version("extensible array", 0)
	client, size := c.u8(), c.u8()
	bits, inIndexBlock, minElements, minPointers, pageBits := c.u8(), c.u8(), c.u8(), c.u8(), c.u8()
	for range 4 {
		c.length()
	}
	count := c.length() // one more than the greatest index that was written
	c.length()
	block := c.address()
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
	if bits > 64 || minElements == 0 || minPointers < 1 || pageBits > 30 || count > uint64(f.size) || floorLog2(uint64(minElements)) > bits {
		return h5error("an extensible array of %d elements, %d bits", count, bits)
	}
	a := &extensible{b, e, (bits + 7) / 8, int(count)}
	levels := 1 + bits - floorLog2(uint64(minElements))
	here := 2 * floorLog2(uint64(minPointers)) // levels whose data blocks the index block points to
	blocks := 2 * (minPointers - 1)
	prefix := 6 + f.offsetSize
	n := prefix + inIndexBlock*size + (blocks+max(0, levels-here))*f.offsetSize + 4
	if c, err = f.checked(block, n, "EAIB"); err != nil {
		return err
	}
	c.skip(prefix - 4)
	if err := a.take(c, inIndexBlock); err != nil {
		return err
	}
	for level := 0; level < levels && len(a.list) < a.count; level++ {
		each := minElements << ((level + 1) / 2)
		number := 1 << (level / 2)
		if level < here {
			for range number {
				if err := a.dataBlock(c.address(), each, 1<<pageBits, nil); err != nil {
					return err
				}
			}
			continue
		}
		if err := a.superBlock(c.address(), number, each, 1<<pageBits); err != nil {
			return err
		}
	}
	return a.builder.enter(e, a.unlimitedFirst())
}

// unlimitedFirst is the order in which an extensible array counts the axes: the one without a limit first.
func (a *extensible) unlimitedFirst() []int {
	var order []int
	for axis, n := range a.builder.d.most {
		if n == math.MaxUint64 && len(order) == 0 {
			order = append(order, axis)
		}
	}
	for axis := range a.builder.d.most {
		if len(order) == 0 || axis != order[0] {
			order = append(order, axis)
		}
	}
	return order
}

// missing passes over elements that were never written, as far as the array reaches.
func (a *extensible) missing(n int) { a.pass(min(n, max(0, a.count-len(a.list)))) }

func (a *extensible) superBlock(at uint64, number, each, perPage int) error {
	if at == h5undefined {
		a.missing(number * each)
		return nil
	}
	f := a.builder.d.file
	bitmap := 0
	if each > perPage {
		bitmap = (each/perPage + 7) / 8
	}
	prefix := 6 + f.offsetSize + a.offset
	if number > int(f.size) || bitmap > int(f.size) {
		return h5error("a super block of %d data blocks", number)
	}
	c, err := f.checked(at, prefix+number*(bitmap+f.offsetSize)+4, "EASB")
	if err != nil {
		return err
	}
	c.skip(prefix - 4)
	written := c.bytes(number * bitmap)
	for i := range number {
		if len(a.list) >= a.count {
			break
		}
		if err := a.dataBlock(c.address(), each, perPage, written[i*bitmap:(i+1)*bitmap]); err != nil {
			return err
		}
	}
	return c.err
}

func (a *extensible) dataBlock(at uint64, n, perPage int, written []byte) error {
	if at == h5undefined {
		a.missing(n)
		return nil
	}
	f := a.builder.d.file
	prefix := 6 + f.offsetSize + a.offset
	if n <= perPage {
		if n > int(f.size) {
			return h5error("a data block of %d elements", n)
		}
		c, err := f.checked(at, prefix+n*a.size+4, "EADB")
		if err != nil {
			return err
		}
		c.skip(prefix - 4)
		return a.take(c, n)
	}
	if _, err := f.checked(at, prefix+4, "EADB"); err != nil {
		return err
	}
	at += uint64(prefix + 4)
	for p := range n / perPage {
		if len(a.list) >= a.count {
			break
		}
		if len(written) > p/8 && written[p/8]&(0x80>>(p%8)) == 0 {
			a.missing(perPage)
		} else if err := a.builder.page(a.h5elements, at, perPage); err != nil {
			return err
		}
		at += uint64(perPage*a.size + 4)
	}
	return nil
}
