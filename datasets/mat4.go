package datasets

import (
	"encoding/binary"
	"io"
	"maps"
	"math"
	"slices"
	"strings"
)

// A MATLAB file of version 4 is matrices one after the other:
//
//	int32    M·1000 + P·10 + T: byte order (0 little, 1 big), type of the values, kind (0 full, 1 text, 2 sparse)
//	int32    rows, columns, whether it is complex, bytes of the name
//	name, then the values, column-major

// mat4Dtypes are the types of values by P.
var mat4Dtypes = []Dtype{Float64, Float32, Int32, Int16, Uint16, Uint8}

type mat4 struct {
	r       io.ReaderAt
	order   binary.ByteOrder
	names   []string
	entries map[string]mat4Entry
	meta    map[string]string
}

type mat4Entry struct {
	Info
	at, size int64
	complex  bool
	problem  error
}

const mat4Header = 20

// mat4Head reads the header of a matrix; ok is false if it is none.
func mat4Head(b []byte) (order binary.ByteOrder, words [5]int, ok bool) {
	if len(b) < mat4Header {
		return nil, words, false
	}
	for i, order := range []binary.ByteOrder{binary.LittleEndian, binary.BigEndian} {
		for k := range words {
			words[k] = int(int32(order.Uint32(b[4*k:])))
		}
		kind := words[0] - 1000*i
		if kind >= 0 && kind < 60 && kind%10 <= 2 && words[1] >= 0 && words[2] >= 0 && words[3]>>1 == 0 && words[4] > 1 && words[4] <= 64 {
			return order, words, true
		}
	}
	return nil, words, false
}

func sniffMAT4(head []byte, _ io.ReaderAt, size int64) bool {
	_, words, ok := mat4Head(head)
	end := mat4Header + words[4]
	if !ok || end > len(head) || head[end-1] != 0 {
		return false
	}
	return !slices.ContainsFunc(head[mat4Header:end-1], func(c byte) bool { return c < '0' || c > 'z' })
}

func openMAT4(r io.ReaderAt, size int64) (Container, error) {
	m := &mat4{r: r, entries: map[string]mat4Entry{}, meta: map[string]string{}}
	for at := int64(0); at < size; {
		head := make([]byte, min(size-at, mat4Header+64))
		if err := readFull(r, head, at); err != nil {
			return nil, err
		}
		order, words, ok := mat4Head(head)
		if !ok || mat4Header+words[4] > len(head) {
			return nil, matError("no matrix begins at %d", at)
		}
		m.order = order
		name, _, _ := strings.Cut(string(head[mat4Header:][:words[4]]), "\x00")
		kind, d := words[0]%10, mat4Dtypes[words[0]%1000/10]
		e := mat4Entry{Info: Info{d, []int{words[1], words[2]}}, at: at + mat4Header + int64(words[4]), complex: words[3] == 1}
		n, err := byteSize(d, e.Shape)
		if e.complex {
			n *= 2
			e.Dtype = map[Dtype]Dtype{Float64: Complex128, Float32: Complex64}[d]
		}
		if err != nil || n > size-e.at || n > math.MaxInt64/2 {
			return nil, matError("%q of shape %v at %d in a file of %d; the file was cut", name, e.Shape, at, size)
		}
		e.size = n
		at = e.at + n
		if kind == 1 {
			text, err := m.text(e, d)
			if err != nil {
				return nil, err
			}
			m.meta[name] = text
			continue
		}
		if kind == 2 {
			e.problem = matError("a sparse matrix cannot be read; save full(%s)", name)
		} else if e.Dtype == "" {
			e.problem = matError("complex integers cannot be read")
		}
		if _, twice := m.entries[name]; twice {
			return nil, matError("the array %q occurs twice", name)
		}
		m.names = append(m.names, name)
		m.entries[name] = e
	}
	return m, nil
}

// text reads a matrix of characters, which are numbers.
func (m *mat4) text(e mat4Entry, d Dtype) (string, error) {
	if e.size > matMaxText {
		return "", matError("a text of %d bytes", e.size)
	}
	raw := make([]byte, e.size)
	if err := readFull(m.r, raw, e.at); err != nil {
		return "", err
	}
	if m.order == binary.BigEndian {
		swapBytes(raw, d)
	}
	codes := make([]float64, len(raw)/d.Size())
	if err := decode(codes, d, raw); err != nil {
		return "", err
	}
	letters := make([]rune, len(codes))
	for i, c := range codes {
		letters[i] = rune(c)
	}
	if e.Shape[0] <= 1 {
		return string(letters), nil
	}
	return showRows(letters, e.Shape[0]), nil
}

func (m *mat4) Names() []string             { return slices.Clone(m.names) }
func (m *mat4) Metadata() map[string]string { return maps.Clone(m.meta) }
func (m *mat4) Close() error                { return nil }

func (m *mat4) Info(name string) (Info, error) {
	e, ok := m.entries[name]
	if !ok {
		return Info{}, missing(name, m)
	}
	return Info{e.Dtype, slices.Clone(e.Shape)}, named(name, e.problem)
}

func (m *mat4) Array(name string) (Array, error) {
	info, err := m.Info(name)
	if err != nil {
		return Array{}, err
	}
	e := m.entries[name]
	raw := make([]byte, e.size)
	if err := readFull(m.r, raw, e.at); err != nil {
		return Array{}, named(name, err)
	}
	if m.order == binary.BigEndian {
		swapBytes(raw, info.Dtype)
	}
	if e.complex {
		half, n := len(raw)/2, info.Dtype.Size()/2
		both := make([]byte, 0, len(raw))
		for i := 0; i < half; i += n {
			both = append(append(both, raw[i:i+n]...), raw[half+i:half+i+n]...)
		}
		raw = both
	}
	return columnMajor(Array{info.Dtype, info.Shape, raw}), nil
}
