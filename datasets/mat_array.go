package datasets

import (
	"encoding/binary"
	"io"
	"unicode/utf16"
)

// matArray is a matrix whose values the stream stands before.
type matArray struct {
	s       *matStream
	class   int
	complex bool
	dims    []int
	rest    *io.LimitedReader // of the matrix
}

// values reads the values, column-major and little-endian, in the type d of the matrix.
func (a *matArray) values(d Dtype) ([]byte, error) {
	scalar, parts := d.component()
	count, err := elements(a.dims)
	if err != nil {
		return nil, err
	}
	re, err := a.part(scalar, count)
	if err != nil || parts == 1 {
		return re, err
	}
	im, err := a.part(scalar, count)
	if err != nil {
		return nil, err
	}
	n := scalar.Size()
	both := make([]byte, 0, 2*len(re))
	for i := 0; i < len(re); i += n {
		both = append(append(both, re[i:i+n]...), im[i:i+n]...)
	}
	return both, nil
}

// part reads one element of count values and converts them to d.
func (a *matArray) part(d Dtype, count int) ([]byte, error) {
	kind, raw, err := a.s.element(a.rest, a.s.limit)
	if err != nil {
		return nil, err
	}
	from, ok := matStored[kind]
	if !ok || len(raw) != count*from.Size() {
		return nil, matError("%d bytes of type %d for an array of shape %v", len(raw), kind, a.dims)
	}
	if a.s.order == binary.BigEndian {
		swapBytes(raw, from)
	}
	if from == d {
		return raw, nil
	}
	wide := make([]float64, count) // smaller types hold no numbers that float64 does not
	if from.Size() == 8 && from != Float64 {
		return nil, matError("values of %s in an array of %s", from, d)
	}
	if err := decode(wide, from, raw); err != nil {
		return nil, err
	}
	return encode(wide, d)
}

// text reads the characters of a string, or of several rows as a list.
func (a *matArray) text() (string, error) {
	count, err := elements(a.dims)
	if err != nil {
		return "", err
	}
	kind, raw, err := a.s.element(a.rest, matMaxText)
	if err != nil {
		return "", err
	}
	var letters []rune
	switch kind {
	case matUTF8, 1, 2:
		letters = []rune(string(raw))
	case matUTF16, 4:
		var units []uint16
		for ; len(raw) >= 2; raw = raw[2:] {
			units = append(units, a.s.order.Uint16(raw))
		}
		letters = utf16.Decode(units)
	case matUTF32, 6:
		for ; len(raw) >= 4; raw = raw[4:] {
			letters = append(letters, rune(a.s.order.Uint32(raw)))
		}
	default:
		return "", matError("characters of type %d", kind)
	}
	if len(a.dims) != 2 || a.dims[0] <= 1 || len(letters) != count {
		return string(letters), nil
	}
	return showRows(letters, a.dims[0]), nil
}

// showRows renders the rows of a column-major matrix of characters as a list in JSON.
func showRows(letters []rune, rows int) string {
	list := make([]any, rows)
	for i := range list {
		var row []rune
		for j := i; j < len(letters); j += rows {
			row = append(row, letters[j])
		}
		list[i] = string(row)
	}
	return showValue(list)
}
