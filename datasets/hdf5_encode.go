package datasets

import (
	"encoding/binary"
	"fmt"
	"math"
	"slices"
)

// Files are written with superblock 2 and object headers of version 2, which HDF5 reads since 1.8: all structures at the beginning, then
// the data of every dataset, contiguous, so that any part of it can be written at any time.

// h5out is an object to write: a group with children, or a dataset with a shape.
type h5out struct {
	name       string
	attributes []h5outAttribute
	children   []*h5out
	dtype      Dtype // "" for a group
	shape      []int

	at, data, size int64 // of the header; of the data
}

// h5outAttribute has a value of type string, []string, float64, int, bool or []bool.
type h5outAttribute struct {
	name  string
	value any
}

func (o *h5out) set(name string, value any) {
	o.attributes = append(o.attributes, h5outAttribute{name, value})
}

// group adds a group.
func (o *h5out) group(name string) *h5out {
	g := &h5out{name: name}
	o.children = append(o.children, g)
	return g
}

// dataset adds a dataset.
func (o *h5out) dataset(name string, d Dtype, shape ...int) *h5out {
	s := &h5out{name: name, dtype: d, shape: shape}
	o.children = append(o.children, s)
	return s
}

const (
	h5superSize = 48
	h5dataAlign = 64
	h5heapBegin = 16
	// h5maxHeaderMessage is the greatest size of a message; attributes stay below.
	h5maxHeaderMessage = 60000
)

// h5heapOut collects the variable-length strings of a file in one collection of the global heap.
type h5heapOut struct {
	at    int64
	bytes []byte
	count int
}

// reference adds a string and returns the element that refers to it.
func (h *h5heapOut) reference(text string) []byte {
	le := binary.LittleEndian
	h.count++
	h.bytes = le.AppendUint16(h.bytes, uint16(h.count))
	h.bytes = append(h.bytes, 1, 0, 0, 0, 0, 0)
	h.bytes = le.AppendUint64(h.bytes, uint64(len(text)))
	h.bytes = append(h.bytes, text...)
	for len(h.bytes)%8 != 0 {
		h.bytes = append(h.bytes, 0)
	}
	b := le.AppendUint32(nil, uint32(len(text)))
	b = le.AppendUint64(b, uint64(h.at))
	return le.AppendUint32(b, uint32(h.count))
}

// collection returns the encoded collection, with the free space at its end that the format asks for.
func (h *h5heapOut) collection() []byte {
	size := max(4096, (h5heapBegin+len(h.bytes)+16+7)/8*8)
	b := append([]byte("GCOL"), 1, 0, 0, 0)
	b = binary.LittleEndian.AppendUint64(b, uint64(size))
	b = append(b, h.bytes...)
	free := size - len(b)
	b = append(b, make([]byte, 8)...)
	b = binary.LittleEndian.AppendUint64(b, uint64(free))
	return append(b, make([]byte, size-len(b))...)
}

// encodeH5 places all objects and returns the bytes before the data, and the size of the file. The superblock is followed by the
// collection of strings, the headers and the data. The sizes of headers do not depend on addresses, so they are encoded twice: to be
// measured, and with the addresses.
func encodeH5(root *h5out) ([]byte, int64, error) {
	var headers []byte
	heap := &h5heapOut{at: h5superSize}
	if err := root.encode(&headers, heap); err != nil {
		return nil, 0, err
	}
	if heap.count > math.MaxUint16 {
		return nil, 0, fmt.Errorf("%d strings are too many for one file", heap.count)
	}
	begin := h5superSize + int64(len(heap.collection()))
	end := root.placeData(root.place(begin))
	headers, heap = nil, &h5heapOut{at: h5superSize}
	if err := root.encode(&headers, heap); err != nil {
		return nil, 0, err
	}
	b := append([]byte(h5signature), 2, 8, 8, 0)
	for _, v := range []uint64{0, h5undefined, uint64(end), uint64(root.at)} {
		b = binary.LittleEndian.AppendUint64(b, v)
	}
	b = binary.LittleEndian.AppendUint32(b, lookup3(b))
	return slices.Concat(b, heap.collection(), headers), end, nil
}

// place gives the headers their addresses, in the order in which encode writes them, and returns the end.
func (o *h5out) place(at int64) int64 {
	o.at = at
	at += o.headerSize()
	for _, c := range o.children {
		at = c.place(at)
	}
	return at
}

// placeData gives the data their addresses.
func (o *h5out) placeData(at int64) int64 {
	if o.dtype != "" {
		o.data = (at + h5dataAlign - 1) / h5dataAlign * h5dataAlign
		o.size = int64(Array{Shape: o.shape}.Len() * o.dtype.Size())
		at = o.data + o.size
	}
	for _, c := range o.children {
		at = c.placeData(at)
	}
	return at
}

func (o *h5out) headerSize() int64 {
	m, _ := o.messages(&h5heapOut{})
	return int64(len(m)) + 4 + 1 + 1 + 4 + 4
}

// encode appends the header of an object and of those below it.
func (o *h5out) encode(to *[]byte, heap *h5heapOut) error {
	m, err := o.messages(heap)
	if err != nil {
		return err
	}
	b := append([]byte("OHDR"), 2, 2) // the size of the messages has four bytes
	b = binary.LittleEndian.AppendUint32(b, uint32(len(m)))
	b = append(b, m...)
	b = binary.LittleEndian.AppendUint32(b, lookup3(b))
	*to = append(*to, b...)
	for _, c := range o.children {
		if err := c.encode(to, heap); err != nil {
			return err
		}
	}
	return nil
}
