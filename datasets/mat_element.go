package datasets

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"strings"
)

// The bounds of what one element may hold.
const (
	matMaxDepth  = 16
	matMaxLeaves = 1 << 16
	matMaxText   = 1 << 20
)

// matStream reads the elements of a file or of a compressed element; rest counts the bytes that may come.
type matStream struct {
	r     io.Reader
	order binary.ByteOrder
	limit int64 // bytes that the file can give: what a size may claim
}

// walk visits the arrays in one element of the file: the matrix itself, or those that a struct or a cell holds. What visit does not
// read is passed over. If the whole element is asked for, its checksum is compared.
func (m *mat) walk(at, n int64, compressed, whole bool, visit func(name string, a *matArray) error) error {
	section := io.NewSectionReader(m.r, at, n)
	s := &matStream{r: section, order: m.order, limit: n}
	w := &matWalk{visit: visit}
	if !compressed {
		return w.matrix(s, n, "", 0)
	}
	z, err := zlib.NewReader(section)
	if err != nil {
		return matError("%v", err)
	}
	s.r, s.limit = z, n*deflateRatio
	kind, size, data, err := s.tag(z)
	if err != nil {
		return err
	}
	if kind != matMatrix || data != nil || size > s.limit {
		return matError("a compressed element of type %d and %d bytes", kind, size)
	}
	if err := w.matrix(s, size, "", 0); err != nil || !whole {
		return err
	}
	if _, err := io.Copy(io.Discard, io.LimitReader(z, s.limit)); err != nil {
		return cutMAT(err)
	}
	return nil
}

type matWalk struct {
	visit  func(name string, a *matArray) error
	leaves int
}

// cutMAT is the error of an element that ends early.
func cutMAT(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return matError("an element ends early")
	}
	if errors.Is(err, ErrFormat) {
		return err
	}
	return matError("%v", err)
}

// tag reads type and size; data are the bytes of a small element.
func (s *matStream) tag(r io.Reader) (kind int, size int64, data []byte, err error) {
	var b [8]byte
	if _, err := io.ReadFull(r, b[:]); err != nil {
		return 0, 0, nil, cutMAT(err)
	}
	first := s.order.Uint32(b[:])
	if n := first >> 16; n != 0 {
		if n > 4 {
			return 0, 0, nil, matError("a small element of %d bytes", n)
		}
		return int(first & 0xffff), int64(n), b[4 : 4+n], nil
	}
	return int(first), int64(s.order.Uint32(b[4:])), nil, nil
}

// element reads a whole element of at most most bytes.
func (s *matStream) element(r *io.LimitedReader, most int64) (kind int, data []byte, err error) {
	kind, size, data, err := s.tag(r)
	if err != nil || data != nil {
		return kind, data, err
	}
	if size > most || size > r.N {
		return 0, nil, matError("an element of %d bytes inside one that has %d left", size, r.N)
	}
	var b bytes.Buffer // grows with what is there
	if _, err := io.CopyN(&b, r, size); err != nil {
		return 0, nil, cutMAT(err)
	}
	_, err = io.CopyN(io.Discard, r, min((8-size%8)%8, r.N))
	return kind, b.Bytes(), err
}

// matrix reads the matrix of n bytes that follows.
func (w *matWalk) matrix(s *matStream, n int64, prefix string, depth int) error {
	r := &io.LimitedReader{R: s.r, N: n}
	if depth > matMaxDepth {
		return matError("structs or cells nested %d deep", depth)
	}
	if n == 0 { // an empty cell
		return nil
	}
	_, flags, err := s.element(r, 64)
	if err != nil {
		return err
	}
	kind, sizes, err := s.element(r, 4*64)
	if err != nil {
		return err
	}
	_, name, err := s.element(r, 1<<12)
	if err != nil {
		return err
	}
	if len(flags) < 8 || kind != 5 || len(sizes)%4 != 0 {
		return matError("a matrix without flags or dimensions")
	}
	word := s.order.Uint32(flags)
	a := &matArray{s: s, class: int(word & 0xff), complex: word&0x800 != 0, rest: r}
	for ; len(sizes) > 0; sizes = sizes[4:] {
		a.dims = append(a.dims, int(int32(s.order.Uint32(sizes))))
	}
	if _, err := elements(a.dims); err != nil {
		return matError("%v", err)
	}
	if depth == 0 {
		prefix = string(name)
	}
	switch a.class {
	case matCell, matStruct:
		err = w.open(a, prefix, depth)
	default:
		if w.leaves++; w.leaves > matMaxLeaves {
			return matError("more than %d arrays in one struct or cell", matMaxLeaves)
		}
		err = w.visit(prefix, a)
	}
	if err != nil || depth == 0 {
		return err
	}
	if _, err := io.Copy(io.Discard, r); err != nil {
		return cutMAT(err)
	}
	if r.N > 0 {
		return matError("an element ends early")
	}
	return nil
}

// open visits the matrices in a cell or a struct.
func (w *matWalk) open(a *matArray, name string, depth int) error {
	s := a.s
	fields := []string{""}
	if a.class == matStruct {
		_, length, err := s.element(a.rest, 8)
		if err != nil {
			return err
		}
		_, text, err := s.element(a.rest, matMaxText)
		if err != nil {
			return err
		}
		if len(length) < 4 || s.order.Uint32(length) == 0 || s.order.Uint32(length) > 1<<12 {
			return matError("a struct without names of fields")
		}
		fields = nil
		for n := int(s.order.Uint32(length)); len(text) >= n; text = text[n:] {
			field, _, _ := strings.Cut(string(text[:n]), "\x00")
			fields = append(fields, "."+field)
		}
	}
	count, _ := elements(a.dims)
	for i := range count {
		for _, field := range fields {
			inner := name + field
			if a.class == matCell {
				inner = fmt.Sprintf("%s{%d}", name, i+1)
			} else if count > 1 {
				inner = fmt.Sprintf("%s(%d)%s", name, i+1, field)
			}
			kind, size, data, err := s.tag(a.rest)
			if err != nil {
				return err
			}
			if kind != matMatrix || data != nil || size > a.rest.N {
				return matError("%q: an element of type %d and %d bytes", inner, kind, size)
			}
			outer := s.r
			s.r = a.rest
			err = w.matrix(s, size, inner, depth+1)
			s.r = outer
			if err != nil {
				return err
			}
		}
	}
	return nil
}
