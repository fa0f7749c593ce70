package datasets

import (
	"encoding/binary"
	"fmt"
	"math"
	"slices"
)

// messages encodes the messages of a header.
func (o *h5out) messages(heap *h5heapOut) ([]byte, error) {
	le := binary.LittleEndian
	var b []byte
	add := func(kind int, data []byte) {
		b = append(b, byte(kind))
		b = le.AppendUint16(b, uint16(len(data)))
		b = append(append(b, 0), data...)
	}
	if o.dtype != "" {
		add(h5msgDataspace, encodeSpace(o.shape))
		kind, err := encodeType(o.dtype)
		if err != nil {
			return nil, err
		}
		add(h5msgDatatype, kind)
		add(h5msgFill, []byte{3, 0x0a}) // allocated late, zeros
		layout := le.AppendUint64([]byte{3, h5Contiguous}, uint64(o.data))
		add(h5msgLayout, le.AppendUint64(layout, uint64(o.size)))
	} else {
		info := []byte{0, 0}
		for range 2 {
			info = le.AppendUint64(info, h5undefined)
		}
		add(h5msgLinkInfo, info)
		for _, c := range o.children {
			link := append([]byte{1, 0x10 | 1, 1}, 0, 0) // UTF-8, length of two bytes
			le.PutUint16(link[3:], uint16(len(c.name)))
			add(h5msgLink, le.AppendUint64(append(link, c.name...), uint64(c.at)))
		}
	}
	for _, a := range o.attributes {
		kind, space, data, err := encodeAttribute(a.value, heap)
		if err != nil {
			return nil, fmt.Errorf("attribute %q: %w", a.name, err)
		}
		m := []byte{3, 0}
		for _, n := range []int{len(a.name) + 1, len(kind), len(space)} {
			m = le.AppendUint16(m, uint16(n))
		}
		m = append(append(append(m, 1), a.name...), 0)
		m = slices.Concat(m, kind, space, data)
		if len(m) > h5maxHeaderMessage {
			return nil, fmt.Errorf("attribute %q of %d bytes is too long", a.name, len(m))
		}
		add(h5msgAttribute, m)
	}
	return b, nil
}

// encodeSpace encodes a shape; nil is a scalar.
func encodeSpace(shape []int) []byte {
	kind := byte(1)
	if len(shape) == 0 {
		kind = 0
	}
	b := []byte{2, byte(len(shape)), 0, kind}
	for _, n := range shape {
		b = binary.LittleEndian.AppendUint64(b, uint64(n))
	}
	return b
}

// encodeType encodes the datatype of an array.
func encodeType(d Dtype) ([]byte, error) {
	fixed := func(size, sign byte) []byte { return []byte{0x10, sign, 0, 0, size, 0, 0, 0, 0, 0, 8 * size, 0} }
	switch d {
	case Float32:
		return []byte{0x11, 0x20, 31, 0, 4, 0, 0, 0, 0, 0, 32, 0, 23, 8, 0, 23, 127, 0, 0, 0}, nil
	case Float64:
		return []byte{0x11, 0x20, 63, 0, 8, 0, 0, 0, 0, 0, 64, 0, 52, 11, 0, 52, 0xff, 3, 0, 0}, nil
	case Int64:
		return fixed(8, 8), nil
	case Uint8:
		return fixed(1, 0), nil
	case Bool:
		b := append([]byte{0x38, 2, 0, 0, 1, 0, 0, 0}, fixed(1, 8)...)
		return append(b, "FALSE\x00TRUE\x00\x00\x01"...), nil
	}
	return nil, fmt.Errorf("values of %s are not written", d)
}

// encodeAttribute encodes type, dataspace and value.
func encodeAttribute(value any, heap *h5heapOut) (kind, space, data []byte, err error) {
	le := binary.LittleEndian
	bit := func(v bool) byte {
		if v {
			return 1
		}
		return 0
	}
	switch v := value.(type) {
	case float64:
		data, space = le.AppendUint64(nil, math.Float64bits(v)), encodeSpace(nil)
		kind, err = encodeType(Float64)
	case int:
		data, space = le.AppendUint64(nil, uint64(v)), encodeSpace(nil)
		kind, err = encodeType(Int64)
	case bool:
		data, space = []byte{bit(v)}, encodeSpace(nil)
		kind, err = encodeType(Bool)
	case []bool:
		for _, b := range v {
			data = append(data, bit(b))
		}
		space = encodeSpace([]int{len(v)})
		kind, err = encodeType(Bool)
	case string:
		kind, space, data = h5textType(), encodeSpace(nil), heap.reference(v)
	case []string:
		for _, text := range v {
			data = append(data, heap.reference(text)...)
		}
		kind, space = h5textType(), encodeSpace([]int{len(v)})
	default:
		err = fmt.Errorf("a value of type %T", value)
	}
	return kind, space, data, err
}

// h5textType is the type of UTF-8 strings of variable length.
func h5textType() []byte {
	base, _ := encodeType(Uint8)
	return append([]byte{0x19, 1, 1, 0, 16, 0, 0, 0}, base...)
}
