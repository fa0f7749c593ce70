package datasets

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"hash/crc32"
	"io"
	"math"
	"slices"
	"sync/atomic"
)

// A trajectory file, suffix .kmg, is
//
//	 0  8 bytes   "\x93KMG\r\n\x1a\n"
//	 8  uint32    version, 1
//	12  uint32    N, length of the header, a multiple of 4096 less 32
//	16  uint32    CRC-32C of the header
//	20  4 bytes   zero
//	24  uint64    number of records
//	32  N bytes   header: JSON of KMGHeader without the number of records, padded with spaces
//	32+N          the records, S bytes each; record i begins at 32 + N + i·S
//
// and a record is its parts one after the other, row-major, then the CRC-32C of (i as uint64, parts), then zeros up to a
// multiple of 8. Every number is little-endian. So a trajectory is read or written without the others, a record that was
// never written is seen as one, and the bytes do not depend on the order in which the records were written.

const (
	kmgMagic   = "\x93KMG\r\n\x1a\n"
	kmgVersion = 1
	kmgPrefix  = 32
	kmgAlign   = 4096
	kmgMax     = 64 << 20 // bytes of a header
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// Names of the parts that OpenSet knows. A part named "parameters/NAME" is a scalar of each trajectory.
const (
	KeyFields  = "fields"  // [time, x.., channel]
	KeyInputs  = "inputs"  // [x.., channel]
	KeyOutputs = "outputs" // [x.., channel]

	partParameter = "parameters/"
)

// Part is one array of a record.
type Part struct {
	Name  string `json:"name"`
	Dtype Dtype  `json:"dtype"` // float32 or float64
	Shape []int  `json:"shape"`
}

// KMGHeader describes a trajectory file. Record i is trajectory Start + i of the recipe.
type KMGHeader struct {
	Meta  Meta   `json:"meta"`
	Start int    `json:"start"`
	Parts []Part `json:"parts"`
	Count int    `json:"-"`
}

// kmg is the layout of a trajectory file and the reader of its records.
type kmg struct {
	r       io.ReaderAt
	header  KMGHeader
	begin   int64   // of the records
	offsets []int64 // of the parts in a record; the last one is the end of the data
	stride  int64   // bytes of a record
	sound   []atomic.Bool
}

// newKMG computes the layout that a header asks for.
func newKMG(r io.ReaderAt, h KMGHeader, begin int64) (*kmg, error) {
	k := &kmg{r: r, header: h, begin: begin, offsets: []int64{0}}
	if len(h.Parts) == 0 || h.Count < 0 || h.Start < 0 {
		return nil, formatError("kmg", "%d parts, %d records from %d", len(h.Parts), h.Count, h.Start)
	}
	end := int64(0)
	for i, p := range h.Parts {
		size, err := byteSize(p.Dtype, p.Shape)
		if err != nil {
			return nil, formatError("kmg", "part %q: %v", p.Name, err)
		}
		if p.Dtype != Float32 && p.Dtype != Float64 {
			return nil, formatError("kmg", "part %q: dtype %s is neither float32 nor float64", p.Name, p.Dtype)
		}
		if slices.ContainsFunc(h.Parts[:i], func(q Part) bool { return q.Name == p.Name }) {
			return nil, formatError("kmg", "part %q occurs twice", p.Name)
		}
		if size > math.MaxInt64/4-end {
			return nil, formatError("kmg", "a record overflows")
		}
		end += size
		k.offsets = append(k.offsets, end)
	}
	k.stride = (end + 4 + 7) / 8 * 8
	if int64(h.Count) > (math.MaxInt64-begin)/k.stride {
		return nil, formatError("kmg", "%d records of %d bytes overflow", h.Count, k.stride)
	}
	return k, nil
}

func sniffKMG(head []byte, _ io.ReaderAt, _ int64) bool {
	return bytes.HasPrefix(head, []byte(kmgMagic))
}

func openKMG(r io.ReaderAt, size int64) (Container, error) {
	k, err := readKMGHeader(r, size)
	if err != nil {
		return nil, err
	}
	want := k.at(k.header.Count)
	if size < want {
		return nil, formatError("kmg", "it holds %d of %d records; run the same generation again to complete it", max(0, (size-k.begin)/k.stride), k.header.Count)
	}
	if size > want {
		return nil, formatError("kmg", "%d bytes follow the last record", size-want)
	}
	k.sound = make([]atomic.Bool, k.header.Count)
	return k, nil
}

// readKMGHeader reads the layout of a file that may lack records.
func readKMGHeader(r io.ReaderAt, size int64) (*kmg, error) {
	prefix := make([]byte, kmgPrefix)
	if err := readFull(r, prefix, 0); err != nil {
		return nil, formatError("kmg", "the header was cut")
	}
	le := binary.LittleEndian
	if !bytes.HasPrefix(prefix, []byte(kmgMagic)) {
		return nil, formatError("kmg", "it is not a trajectory file")
	}
	if v := le.Uint32(prefix[8:]); v != kmgVersion {
		return nil, formatError("kmg", "version %d is unknown; a newer kolmogo may read it", v)
	}
	n, sum, count := int64(le.Uint32(prefix[12:])), le.Uint32(prefix[16:]), le.Uint64(prefix[24:])
	if n > kmgMax || n > size-kmgPrefix {
		return nil, formatError("kmg", "header of %d bytes in a file of %d", n, size)
	}
	text := make([]byte, n)
	if err := readFull(r, text, kmgPrefix); err != nil {
		return nil, err
	}
	if crc32.Checksum(text, castagnoli) != sum {
		return nil, formatError("kmg", "the header is damaged")
	}
	if count > math.MaxInt32*1024 {
		return nil, formatError("kmg", "%d records", count)
	}
	h := KMGHeader{}
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(&h); err != nil {
		return nil, formatError("kmg", "header: %v", err)
	}
	h.Count = int(count)
	return newKMG(r, h, kmgPrefix+n)
}

// at returns the offset of record i.
func (k *kmg) at(i int) int64 { return k.begin + int64(i)*k.stride }

// dataSize returns the bytes of a record before its checksum.
func (k *kmg) dataSize() int64 { return k.offsets[len(k.offsets)-1] }
