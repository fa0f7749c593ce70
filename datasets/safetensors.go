package datasets

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"unicode/utf8"
)

// A safetensors file is
//
//	8 bytes   N, little-endian
//	N bytes   JSON: {"__metadata__": {string: string}, name: {"dtype", "shape", "data_offsets": [begin, end]}, ..}
//	the rest  the arrays, row-major and little-endian, without holes, overlaps or trailing bytes
//
// Source: github.com/huggingface/safetensors, README.

const (
	safetensorsMaxHeader = 100_000_000 // the limit of the format
	safetensorsMetadata  = "__metadata__"
)

// safetensorsDtypes maps the format's names.
var safetensorsDtypes = map[string]Dtype{
	"BOOL": Bool, "I8": Int8, "I16": Int16, "I32": Int32, "I64": Int64, "U8": Uint8, "U16": Uint16, "U32": Uint32,
	"U64": Uint64, "F16": Float16, "BF16": Bfloat16, "F32": Float32, "F64": Float64, "C64": Complex64,
}

// safetensorsOpaque are the types of one byte that have a size but no Dtype: skipped, and refused when asked for.
var safetensorsOpaque = []string{"F8_E4M3", "F8_E5M2", "F8_E8M0"}

type safetensorsEntry struct {
	Dtype   string   `json:"dtype"`
	Shape   []int    `json:"shape"`
	Offsets [2]int64 `json:"data_offsets"`
}

type safetensors struct {
	r        io.ReaderAt
	data     int64 // where the arrays begin
	names    []string
	entries  map[string]safetensorsEntry
	metadata map[string]string
}

func sniffSafetensors(head []byte, _ io.ReaderAt, _ int64) bool {
	return len(head) > 8 && head[8] == '{' && !isText(head[:8])
}

// ReadSafetensors opens the safetensors file of the given size in r. The container reads from r and does not close it.
func ReadSafetensors(r io.ReaderAt, size int64) (Container, error) {
	c, err := openSafetensors(r, size)
	if err != nil {
		return nil, fmt.Errorf("datasets: %w", err)
	}
	return c, nil
}

func openSafetensors(r io.ReaderAt, size int64) (Container, error) {
	var prefix [8]byte
	if size < 8 {
		return nil, formatError("safetensors", "%d bytes are too short for a header", size)
	}
	if _, err := r.ReadAt(prefix[:], 0); err != nil {
		return nil, err
	}
	n := binary.LittleEndian.Uint64(prefix[:])
	if n > safetensorsMaxHeader {
		return nil, formatError("safetensors", "header of %d bytes is above the limit of %d", n, safetensorsMaxHeader)
	}
	if int64(n) > size-8 {
		return nil, formatError("safetensors", "header of %d bytes in a file of %d; the file was cut", n, size)
	}
	header := make([]byte, n)
	if _, err := r.ReadAt(header, 8); err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	s := &safetensors{r: r, data: 8 + int64(n), entries: map[string]safetensorsEntry{}, metadata: map[string]string{}}
	if err := s.parse(header); err != nil {
		return nil, err
	}
	return s, s.layOut(size - s.data)
}

// parse reads the JSON header token by token, so that a name that occurs twice is seen.
func (s *safetensors) parse(header []byte) error {
	if !utf8.Valid(header) {
		return formatError("safetensors", "header is not UTF-8")
	}
	d := json.NewDecoder(bytes.NewReader(header))
	if token, err := d.Token(); err != nil || token != json.Delim('{') {
		return formatError("safetensors", "header is not a JSON object")
	}
	d.DisallowUnknownFields()
	seen := map[string]bool{}
	for d.More() {
		token, err := d.Token()
		if err != nil {
			return formatError("safetensors", "header: %v", err)
		}
		name := token.(string) // a key of an object is a string, or Token fails
		if seen[name] {
			return formatError("safetensors", "name %q occurs twice", name)
		}
		seen[name] = true
		if name == safetensorsMetadata {
			if err := d.Decode(&s.metadata); err != nil {
				return formatError("safetensors", "%s: %v", name, err)
			}
			continue
		}
		entry := safetensorsEntry{Offsets: [2]int64{-1, -1}}
		if err := d.Decode(&entry); err != nil {
			return formatError("safetensors", "entry %q: %v", name, err)
		}
		s.names = append(s.names, name)
		s.entries[name] = entry
	}
	if _, err := d.Token(); err != nil {
		return formatError("safetensors", "header: %v", err)
	}
	if rest, err := d.Token(); !errors.Is(err, io.EOF) {
		return formatError("safetensors", "header goes on after its object with %v", rest)
	}
	return nil
}

// layOut checks that the entries cover the size bytes of data exactly once.
func (s *safetensors) layOut(size int64) error {
	order := slices.SortedFunc(maps.Keys(s.entries), func(a, b string) int {
		x, y := s.entries[a].Offsets, s.entries[b].Offsets
		return slices.Compare(x[:], y[:])
	})
	at := int64(0)
	for _, name := range order {
		e := s.entries[name]
		begin, end := e.Offsets[0], e.Offsets[1]
		if begin != at {
			return formatError("safetensors", "%q begins at %d, not at %d where the array before it ends", name, begin, at)
		}
		if end < begin || end > size {
			return formatError("safetensors", "%q lies at [%d, %d) of %d bytes; the file was cut or is damaged", name, begin, end, size)
		}
		dtype, known := safetensorsDtypes[e.Dtype]
		if slices.Contains(safetensorsOpaque, e.Dtype) {
			dtype, known = Uint8, true
		}
		if !known {
			return formatError("safetensors", "%q has unknown dtype %q", name, e.Dtype)
		}
		want, err := byteSize(dtype, e.Shape)
		if err != nil {
			return formatError("safetensors", "%q: %v", name, err)
		}
		if want != end-begin {
			return formatError("safetensors", "%q: shape %v of %s needs %d bytes, its offsets hold %d", name, e.Shape, e.Dtype, want, end-begin)
		}
		at = end
	}
	if at != size {
		return formatError("safetensors", "%d bytes follow the last array", size-at)
	}
	return nil
}

func (s *safetensors) Names() []string             { return slices.Clone(s.names) }
func (s *safetensors) Metadata() map[string]string { return maps.Clone(s.metadata) }
func (s *safetensors) Close() error                { return nil }

func (s *safetensors) Info(name string) (Info, error) {
	e, ok := s.entries[name]
	if !ok {
		return Info{}, missing(name, s)
	}
	dtype, ok := safetensorsDtypes[e.Dtype]
	if !ok {
		return Info{}, fmt.Errorf("%q: elements of type %s cannot be read; store it as F16 or BF16", name, e.Dtype)
	}
	return Info{dtype, slices.Clone(e.Shape)}, nil
}

func (s *safetensors) Section(name string) *io.SectionReader {
	if _, err := s.Info(name); err != nil {
		return nil
	}
	o := s.entries[name].Offsets
	return io.NewSectionReader(s.r, s.data+o[0], o[1]-o[0])
}

func (s *safetensors) Array(name string) (Array, error) {
	info, err := s.Info(name)
	if err != nil {
		return Array{}, err
	}
	return readSection(s.Section(name), info)
}

// readSection reads a whole array that lies in the file as Array.Raw does.
func readSection(r *io.SectionReader, info Info) (Array, error) {
	a := Array{info.Dtype, info.Shape, make([]byte, r.Size())}
	if _, err := io.ReadFull(r, a.Raw); err != nil {
		return Array{}, err
	}
	return a, nil
}
