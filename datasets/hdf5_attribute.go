package datasets

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"math"
	"strconv"
	"strings"
)

// h5attribute is an attribute: its name and its value as Go values, string, bool, int64, uint64, float64, or slices of them; others
// have no value.
type h5attribute struct {
	name  string
	value any
}

// h5maxAttribute bounds the elements of an attribute, and of a dataset of strings, that are read.
const h5maxAttribute = 1 << 16

// attributes reads the attributes of an object.
func (f *h5file) attributes(messages []h5message, heap *h5global) ([]h5attribute, error) {
	var list []h5attribute
	for _, m := range messages {
		c := &h5cursor{file: f, b: m.data}
		var err error
		switch m.kind {
		case h5msgAttribute:
			list = append(list, c.attribute(heap))
			err = c.err
		case h5msgAttributeInfo:
			c.version("attribute info", 0)
			if c.u8()&1 != 0 {
				c.skip(2)
			}
			at, tree := c.address(), c.address()
			if err = c.err; err == nil && at != h5undefined {
				err = f.denseMessages(at, tree, 8, func(m *h5cursor) { list = append(list, m.attribute(heap)) })
			}
		}
		if err != nil {
			return nil, err
		}
	}
	return list, nil
}

// attribute takes an attribute message. A value that cannot be shown is nil, which is no error.
func (c *h5cursor) attribute(heap *h5global) h5attribute {
	version := c.version("attribute", 1, 2, 3)
	flags := c.u8()
	nameSize, typeSize, spaceSize := c.u16(), c.u16(), c.u16()
	if version == 3 {
		c.skip(1)
	}
	part := func(n int) *h5cursor {
		b := c.bytes(n)
		if version == 1 && c.err == nil {
			c.skip((8 - n%8) % 8)
		}
		return &h5cursor{file: c.file, b: b}
	}
	a := h5attribute{name: strings.TrimRight(string(part(nameSize).b), "\x00")}
	kindPart, spacePart := part(typeSize), part(spaceSize)
	if c.err != nil {
		return a
	}
	if version > 1 && flags&1 != 0 { // a committed type
		shared, err := c.file.sharedMessage(kindPart, h5msgDatatype, 1)
		if err != nil {
			c.err = err
			return a
		}
		kindPart = &h5cursor{file: c.file, b: shared}
	}
	kind := kindPart.datatype(0)
	dims, _, null := spacePart.dataspace()
	switch {
	case kindPart.err != nil:
		c.err = kindPart.err
	case spacePart.err != nil:
		c.err = spacePart.err
	case !null:
		if v, err := h5values(kind, dims, c.bytes(c.rest()), heap); err == nil {
			a.value = v
		}
	}
	return a
}

// h5values decodes a scalar or a list; an array of more axes is a flat list.
func h5values(kind *h5type, dims []uint64, raw []byte, heap *h5global) (any, error) {
	n := uint64(1)
	for _, d := range dims {
		if d > h5maxAttribute || n*d > h5maxAttribute {
			return nil, h5error("an attribute of %v elements", dims)
		}
		n *= d
	}
	if kind.size <= 0 || uint64(len(raw)) < n*uint64(kind.size) {
		return nil, h5error("a value of %d bytes for %d elements", len(raw), n)
	}
	values := make([]any, n)
	for i := range values {
		v, err := h5value(kind, raw[i*kind.size:(i+1)*kind.size], heap)
		if err != nil {
			return nil, err
		}
		values[i] = v
	}
	if len(dims) == 0 {
		return values[0], nil
	}
	return values, nil
}

// h5value decodes one element.
func h5value(kind *h5type, raw []byte, heap *h5global) (any, error) {
	switch {
	case kind.class == h5String:
		return kind.trim(raw), nil
	case kind.class == h5Vlen && kind.text:
		b, err := heap.value(&h5cursor{file: heap.f, b: raw}, 1)
		text, _, _ := bytes.Cut(b, []byte{0})
		return string(text), err
	}
	d, swap, err := kind.dtype()
	if err != nil {
		return nil, err
	}
	b := bytes.Clone(raw)
	if swap {
		swapBytes(b, d)
	}
	wide := make([]byte, 8)
	copy(wide, b)
	bits := binary.LittleEndian.Uint64(wide)
	switch d {
	case Bool:
		return b[0] != 0, nil
	case Uint8, Uint16, Uint32, Uint64:
		return bits, nil
	case Int8, Int16, Int32, Int64:
		shift := 64 - 8*len(b)
		return int64(bits<<shift) >> shift, nil
	case Float16, Bfloat16, Float32, Float64:
		var v [1]float64
		if err := decode(v[:], d, b); err != nil {
			return nil, err
		}
		return v[0], nil
	}
	return nil, h5error("a value of type %s", d)
}

// trim cuts the padding of a fixed-length string.
func (t *h5type) trim(raw []byte) string {
	if t.padding == 2 {
		return strings.TrimRight(string(raw), " ")
	}
	text, _, _ := bytes.Cut(raw, []byte{0})
	return string(text)
}

// showValue renders a value for a container's metadata: strings as they are, other values in JSON.
func showValue(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case float64:
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return strconv.FormatFloat(v, 'g', -1, 64)
		}
	}
	text, err := json.Marshal(v)
	if err != nil { // a list with a value that is not finite
		return "?"
	}
	return string(text)
}
