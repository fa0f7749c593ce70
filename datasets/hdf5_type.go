package datasets

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

// The classes of HDF5's datatypes.
const (
	h5Fixed     = 0
	h5Float     = 1
	h5Time      = 2
	h5String    = 3
	h5Bitfield  = 4
	h5Opaque    = 5
	h5Compound  = 6
	h5Reference = 7
	h5Enum      = 8
	h5Vlen      = 9
	h5Array     = 10
	h5Complex   = 11
)

// h5type is a datatype.
type h5type struct {
	class     int
	size      int
	bigEndian bool
	signed    bool
	full      bool // a number that uses all its bits
	exponent  int  // bits of the exponent of a floating-point number
	padding   int  // of a string: 0 ends at a zero, 1 filled with zeros, 2 filled with spaces
	text      bool // a variable-length string
	base      *h5type
	dims      []int // of an array
	members   []h5member
}

// h5member is a member of a compound or an enumeration; an enumeration's has a value.
type h5member struct {
	name   string
	offset int
	of     *h5type
	value  []byte
}

// datatype takes a datatype message.
func (c *h5cursor) datatype(depth int) *h5type {
	head := c.u8()
	class, version := head&15, head>>4
	flags := int(c.uint(3))
	t := &h5type{class: class, size: c.u32(), bigEndian: flags&1 != 0}
	if depth > 8 || version < 1 || version > 5 || t.size > math.MaxInt32 {
		c.fail("a datatype of version %d and %d bytes, nested %d deep", version, t.size, depth)
	}
	if c.err != nil {
		return t
	}
	switch class {
	case h5Fixed, h5Bitfield:
		t.signed = flags&8 != 0
		offset, precision := c.u16(), c.u16()
		t.full = offset == 0 && precision == 8*t.size
	case h5Float:
		offset, precision := c.u16(), c.u16()
		c.skip(1)
		t.exponent = c.u8()
		c.skip(1)
		mantissa := c.u8()
		bias := c.u32()
		t.full = offset == 0 && precision == 8*t.size && 1+t.exponent+mantissa == precision && bias == 1<<(t.exponent-1)-1 && flags&0x40 == 0
	case h5Time:
		c.skip(2)
	case h5String:
		t.padding = flags & 15
	case h5Opaque:
		c.skip(flags & 0xff)
	case h5Compound:
		c.compound(t, flags&0xffff, version, depth)
	case h5Enum:
		c.enumeration(t, flags&0xffff, version, depth)
	case h5Vlen:
		t.text = flags&15 == 1
		t.base = c.datatype(depth + 1)
	case h5Array:
		rank := c.u8()
		if version < 3 {
			c.skip(3)
		}
		for range rank {
			t.dims = append(t.dims, c.u32())
		}
		if version < 3 {
			c.skip(4 * rank)
		}
		t.base = c.datatype(depth + 1)
	case h5Complex:
		t.base = c.datatype(depth + 1)
	case h5Reference:
	default:
		c.fail("datatype class %d is unknown", class)
	}
	return t
}

// name takes the name of a member, which is padded up to version 2.
func (c *h5cursor) name(version int) string {
	begin := c.at
	name := c.text()
	if version < 3 && c.err == nil {
		c.skip((8 - (c.at-begin)%8) % 8)
	}
	return name
}

func (c *h5cursor) compound(t *h5type, count, version, depth int) {
	for i := 0; i < count && c.err == nil; i++ {
		m := h5member{name: c.name(version)}
		if version < 3 {
			m.offset = c.u32()
		} else {
			m.offset = int(c.uint(encodedSize(uint64(t.size))))
		}
		rank := 0
		var dims []int
		if version == 1 {
			rank = c.u8()
			c.skip(3 + 4 + 4)
			for range 4 {
				dims = append(dims, c.u32())
			}
		}
		m.of = c.datatype(depth + 1)
		if rank > 4 || m.offset+m.of.size > t.size {
			c.fail("member %q lies outside its compound type", m.name)
			return
		}
		if rank > 0 {
			m.of = &h5type{class: h5Array, size: t.size, dims: dims[:rank], base: m.of}
		}
		t.members = append(t.members, m)
	}
}

func (c *h5cursor) enumeration(t *h5type, count, version, depth int) {
	t.base = c.datatype(depth + 1)
	for i := 0; i < count && c.err == nil; i++ {
		t.members = append(t.members, h5member{name: c.name(version)})
	}
	for i := range t.members {
		t.members[i].value = c.bytes(t.base.size)
	}
}

// dtype returns the element type that a datatype has in an Array, and whether the bytes are to be reversed.
func (t *h5type) dtype() (d Dtype, swap bool, err error) {
	refuse := func(what string) (Dtype, bool, error) {
		return "", false, fmt.Errorf("elements of %s cannot be read as numbers", what)
	}
	switch t.class {
	case h5Fixed, h5Bitfield:
		d = map[int]Dtype{1: Uint8, 2: Uint16, 4: Uint32, 8: Uint64}[t.size]
		if t.signed {
			d = map[int]Dtype{1: Int8, 2: Int16, 4: Int32, 8: Int64}[t.size]
		}
		if d == "" || !t.full {
			return refuse(fmt.Sprintf("an integer type of %d bytes with unused bits", t.size))
		}
		return d, t.bigEndian, nil
	case h5Float:
		d = map[[2]int]Dtype{{2, 5}: Float16, {2, 8}: Bfloat16, {4, 8}: Float32, {8, 11}: Float64}[[2]int{t.size, t.exponent}]
		if d == "" || !t.full {
			return refuse(fmt.Sprintf("a floating-point type of %d bytes that is not IEEE 754", t.size))
		}
		return d, t.bigEndian, nil
	case h5Enum:
		if t.base.size == 1 && len(t.members) == 2 && t.boolean() {
			return Bool, false, nil
		}
		return t.base.dtype()
	case h5Compound:
		if d, swap, ok := t.complex(); ok {
			return d, swap, nil
		}
		var names []string
		for _, m := range t.members {
			names = append(names, m.name)
		}
		return refuse("a compound type {" + strings.Join(names, ", ") + "}")
	case h5Complex:
		return complexOf(t.base)
	case h5String:
		return refuse("a string type")
	case h5Vlen:
		return refuse("a variable-length type")
	case h5Reference:
		return refuse("a reference type")
	case h5Opaque:
		return refuse("an opaque type")
	case h5Time:
		return refuse("a time type")
	}
	return refuse("an array type")
}

// boolean reports an enumeration {FALSE = 0, TRUE = 1}.
func (t *h5type) boolean() bool {
	for i, name := range []string{"FALSE", "TRUE"} {
		at := slices.IndexFunc(t.members, func(m h5member) bool { return strings.EqualFold(m.name, name) })
		if at < 0 || len(t.members[at].value) != 1 || int(t.members[at].value[0]) != i {
			return false
		}
	}
	return true
}

// complex recognises {r, i} and {real, imag} of two equal floating-point numbers.
func (t *h5type) complex() (Dtype, bool, bool) {
	if len(t.members) != 2 {
		return "", false, false
	}
	re, im := t.members[0], t.members[1]
	named := re.name == "r" && im.name == "i" || re.name == "real" && im.name == "imag"
	if !named || re.of.class != h5Float || im.of.class != h5Float || re.of.size != im.of.size || re.of.bigEndian != im.of.bigEndian ||
		re.offset != 0 || im.offset != re.of.size || t.size != 2*re.of.size {
		return "", false, false
	}
	d, swap, err := complexOf(re.of)
	return d, swap, err == nil
}

func complexOf(part *h5type) (Dtype, bool, error) {
	switch d, swap, err := part.dtype(); {
	case err != nil:
		return "", false, err
	case d == Float32:
		return Complex64, swap, nil
	case d == Float64:
		return Complex128, swap, nil
	}
	return "", false, fmt.Errorf("complex numbers of %d bytes cannot be read", 2*part.size)
}
