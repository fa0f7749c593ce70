package datasets

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"maps"
	"slices"
)

// A MATLAB file of version 5 (also 6 and 7) is
//
//	116 bytes of text, 8 bytes, version 0x0100, and "IM" (little-endian) or "MI" (big-endian)
//	elements: type and size of 4 bytes each, or 2 and 2 if at most 4 bytes of data follow; data, padded to 8 bytes
//
// whose elements are matrices, or matrices compressed with zlib. A matrix is itself made of elements: flags, dimensions, name, and
// the values, column-major, which may be stored in a smaller type than that of the matrix. Version 4 is simpler, version 7.3 is HDF5.
//
// As a container, the arrays have MATLAB's shapes. Structs and cells are opened: s.nu, s(2).nu, c{1}. Strings are metadata.
//
// Source: mathworks.com/help/pdf_doc/matlab/matfile_format.pdf.

const matHeader = 128

// The types of elements that hold no numbers.
const (
	matMatrix     = 14
	matCompressed = 15
	matUTF8       = 16
	matUTF16      = 17
	matUTF32      = 18
)

// matStored maps the types of elements that hold numbers.
var matStored = map[int]Dtype{1: Int8, 2: Uint8, 3: Int16, 4: Uint16, 5: Int32, 6: Uint32, 7: Float32, 9: Float64, 12: Int64, 13: Uint64}

// The classes of matrices that are not numeric.
const (
	matCell   = 1
	matStruct = 2
	matChar   = 4
	matSparse = 5
)

// matClasses maps the classes of numeric matrices.
var matClasses = map[int]Dtype{6: Float64, 7: Float32, 8: Int8, 9: Uint8, 10: Int16, 11: Uint16, 12: Int32, 13: Uint32, 14: Int64, 15: Uint64}

type mat struct {
	r       io.ReaderAt
	order   binary.ByteOrder
	names   []string
	entries map[string]matEntry
	meta    map[string]string
}

// matEntry is where an array is: the leaf-th array in an element of the file; problem says why it cannot be read.
type matEntry struct {
	info       Info
	at, size   int64
	compressed bool
	leaf       int
	problem    error
}

func sniffMAT(head []byte, _ io.ReaderAt, size int64) bool {
	if len(head) < matHeader {
		return false
	}
	mark := string(head[126:128])
	return mark == "IM" && head[125] == 1 || mark == "MI" && head[124] == 1 || bytes.HasPrefix(head, []byte("MATLAB 5.0 MAT-file"))
}

// matError is an error of the format.
func matError(message string, args ...any) error { return formatError("mat", message, args...) }

func openMAT(r io.ReaderAt, size int64) (Container, error) {
	head := make([]byte, matHeader)
	if err := readFull(r, head, 0); err != nil {
		return nil, matError("the header was cut")
	}
	m := &mat{r: r, order: binary.LittleEndian, entries: map[string]matEntry{}, meta: map[string]string{}}
	switch mark := string(head[126:128]); mark {
	case "IM":
	case "MI":
		m.order = binary.BigEndian
	default:
		return nil, matError("the mark of the byte order is %q, neither IM nor MI", mark)
	}
	if v := m.order.Uint16(head[124:]); v != 0x0100 {
		return nil, matError("version %#x is unknown", v)
	}
	for at := int64(matHeader); at < size; {
		var tag [8]byte
		if err := readFull(r, tag[:], at); err != nil {
			return nil, matError("the file was cut at %d", at)
		}
		kind, n := int(m.order.Uint32(tag[:])), int64(m.order.Uint32(tag[4:]))
		at += 8
		if n > size-at {
			return nil, matError("an element of %d bytes at %d in a file of %d; the file was cut", n, at, size)
		}
		if kind != matMatrix && kind != matCompressed {
			return nil, matError("an element of type %d at %d", kind, at)
		}
		if err := m.scan(at, n, kind == matCompressed); err != nil {
			return nil, err
		}
		at += n
	}
	return m, nil
}

// scan enters the arrays of one element.
func (m *mat) scan(at, n int64, compressed bool) error {
	leaf := 0
	return m.walk(at, n, compressed, false, func(name string, a *matArray) error {
		e := matEntry{at: at, size: n, compressed: compressed, leaf: leaf}
		leaf++
		switch d, numeric := matClasses[a.class]; {
		case a.class == matChar:
			text, err := a.text()
			if err == nil {
				m.meta[name] = text
			}
			return err
		case a.class == matSparse:
			e.problem = fmt.Errorf("a sparse matrix cannot be read; save full(%s)", name)
		case !numeric:
			e.problem = fmt.Errorf("an object of class %d cannot be read; save its numbers", a.class)
		default:
			if a.complex {
				if d = map[Dtype]Dtype{Float32: Complex64, Float64: Complex128}[d]; d == "" {
					e.problem = fmt.Errorf("complex integers cannot be read")
				}
			}
			e.info = Info{d, a.dims}
		}
		if _, twice := m.entries[name]; twice {
			return matError("the array %q occurs twice", name)
		}
		m.names = append(m.names, name)
		m.entries[name] = e
		return nil
	})
}

func (m *mat) Names() []string             { return slices.Clone(m.names) }
func (m *mat) Metadata() map[string]string { return maps.Clone(m.meta) }
func (m *mat) Close() error                { return nil }

func (m *mat) Info(name string) (Info, error) {
	e, ok := m.entries[name]
	if !ok {
		return Info{}, missing(name, m)
	}
	return Info{e.info.Dtype, slices.Clone(e.info.Shape)}, named(name, e.problem)
}

func (m *mat) Array(name string) (Array, error) {
	info, err := m.Info(name)
	if err != nil {
		return Array{}, err
	}
	e := m.entries[name]
	var raw []byte
	leaf := 0
	err = m.walk(e.at, e.size, e.compressed, true, func(_ string, a *matArray) (err error) {
		if leaf == e.leaf {
			raw, err = a.values(info.Dtype)
		}
		leaf++
		return err
	})
	if err != nil {
		return Array{}, named(name, err)
	}
	return columnMajor(Array{info.Dtype, info.Shape, raw}), nil
}

// columnMajor turns an array whose bytes are column-major into a row-major one.
func columnMajor(a Array) Array {
	slices.Reverse(a.Shape)
	return a.transpose(reversed(len(a.Shape)))
}

// reversed is the order of n axes from the last to the first.
func reversed(n int) []int {
	order := make([]int, n)
	for i := range order {
		order[i] = n - 1 - i
	}
	return order
}
