package datasets

import (
	"encoding/binary"
	"fmt"
)

// The filters of HDF5 that are known by their number.
const (
	h5Deflate    = 1
	h5Shuffle    = 2
	h5Fletcher32 = 3
	h5LZF        = 32000
)

// h5filterNames names filters that cannot be undone here.
var h5filterNames = map[int]string{4: "szip", 5: "nbit", 6: "scaleoffset", 307: "bzip2", 32001: "blosc", 32004: "lz4", 32008: "bitshuffle",
	32013: "zfp", 32015: "zstd", 32026: "blosc2"}

// h5filter is one step of the way from the bytes of a chunk to the file.
type h5filter struct {
	id     int
	values []int
}

// filters takes a filter pipeline.
func (c *h5cursor) filters() []h5filter {
	version := c.version("filter pipeline", 1, 2)
	count := c.u8()
	if version == 1 {
		c.skip(6)
	}
	if count > 32 {
		c.fail("%d filters", count)
	}
	var list []h5filter
	for i := 0; i < count && c.err == nil; i++ {
		f := h5filter{id: c.u16()}
		name := 0
		if version == 1 || f.id >= 256 {
			name = c.u16()
		}
		c.skip(2)
		values := c.u16()
		if version == 1 {
			name = (name + 7) / 8 * 8
		}
		c.skip(name)
		for j := 0; j < values && c.err == nil; j++ {
			f.values = append(f.values, c.u32())
		}
		if version == 1 && values%2 == 1 {
			c.skip(4)
		}
		list = append(list, f)
	}
	return list
}

// known returns an error for a filter that cannot be undone.
func (f h5filter) known() error {
	switch f.id {
	case h5Deflate, h5Shuffle, h5Fletcher32, h5LZF:
		return nil
	}
	name := h5filterNames[f.id]
	if name == "" {
		name = "unknown"
	}
	return fmt.Errorf("its chunks went through the %s filter (HDF5 filter id %d), which cannot be undone; repack the file with h5repack -f GZIP=4", name, f.id)
}

// ratio bounds what one byte becomes when the filter is undone.
func (f h5filter) ratio() int {
	switch f.id {
	case h5Deflate:
		return deflateRatio
	case h5LZF:
		return 264/3 + 1
	}
	return 1
}

// width is the size of the elements that the shuffle filter took apart.
func (f h5filter) width() int {
	if len(f.values) == 0 {
		return 0
	}
	return f.values[0]
}

// copies reports whether undoing the filter leaves its input alone and gives other bytes.
func (f h5filter) copies() bool {
	return f.id == h5Deflate || f.id == h5LZF || f.id == h5Shuffle && f.width() > 1
}

// unfilter undoes the filters on a stored chunk, the last one first, but for those that mask says were left out; size is the size of the
// chunk. It may use raw.
func unfilter(filters []h5filter, mask uint32, raw []byte, size int, inflate *inflater) ([]byte, error) {
	for i := len(filters) - 1; i >= 0; i-- {
		if mask>>i&1 != 0 {
			continue
		}
		var err error
		switch f := filters[i]; f.id {
		case h5Fletcher32:
			raw, err = unfletcher32(raw)
		case h5Deflate:
			passing := i > 0 && filters[i-1].id == h5Shuffle && filters[i-1].width() > 1 && mask>>(i-1)&1 == 0
			raw, err = inflate.zlib(raw, size+4*i, passing) // a checksum may stand inside
		case h5LZF:
			raw, err = unlzf(raw, size)
		case h5Shuffle:
			raw = unshuffle(raw, f.width())
		default:
			err = f.known()
		}
		if err != nil {
			return nil, err
		}
	}
	if len(raw) != size {
		return nil, h5error("a chunk of %d bytes, not %d", len(raw), size)
	}
	return raw, nil
}

// unshuffle gathers byte k of element i from place k·n + i; bytes behind the last whole element stay.
func unshuffle(raw []byte, width int) []byte {
	if width < 2 {
		return raw
	}
	n := len(raw) / width
	dst := make([]byte, len(raw))
	switch width {
	case 4:
		a, b, c, d := raw[:n], raw[n:2*n], raw[2*n:3*n], raw[3*n:4*n]
		for i := range n {
			binary.LittleEndian.PutUint32(dst[4*i:], uint32(a[i])|uint32(b[i])<<8|uint32(c[i])<<16|uint32(d[i])<<24)
		}
	default:
		for k := 0; n > 0 && k < width; k++ {
			from, to := raw[k*n:(k+1)*n], dst[k:]
			for i, b := range from {
				to[i*width] = b
			}
		}
	}
	copy(dst[n*width:], raw[n*width:])
	return dst
}

// unfletcher32 compares and cuts off the checksum at the end: Fletcher's sums of 16-bit words, big-endian, modulo 65535.
func unfletcher32(raw []byte) ([]byte, error) {
	n := len(raw) - 4
	if n < 0 {
		return nil, h5error("a chunk too short for its checksum")
	}
	var a, b uint64
	data := raw[:n]
	for len(data) > 1 {
		block := data[:min(len(data)&^1, 720)]
		for i := 0; i < len(block); i += 2 {
			a += uint64(block[i])<<8 | uint64(block[i+1])
			b += a
		}
		a, b = fold16(a), fold16(b)
		data = data[len(block):]
	}
	if len(data) == 1 {
		a += uint64(data[0]) << 8
		b += a
	}
	a, b = fold16(fold16(a)), fold16(fold16(b))
	if uint64(binary.LittleEndian.Uint32(raw[n:])) != b<<16|a {
		return nil, h5error("a chunk is damaged: its checksum differs")
	}
	return raw[:n], nil
}

// fold16 reduces modulo 65535, where 0 and 65535 are the same.
func fold16(v uint64) uint64 { return v&0xffff + v>>16 }

// unlzf undoes LibLZF: a control byte below 32 copies that many bytes and one; others repeat earlier bytes, whose number and distance
// they hold.
//
// Source: oldhome.schmorp.de/marc/liblzf.html.
func unlzf(raw []byte, size int) ([]byte, error) {
	dst := make([]byte, 0, size)
	bad := func() ([]byte, error) { return nil, h5error("a chunk's lzf data are damaged") }
	for at := 0; at < len(raw); {
		control := int(raw[at])
		at++
		if control < 32 {
			n := control + 1
			if n > len(raw)-at || n > size-len(dst) {
				return bad()
			}
			dst = append(dst, raw[at:at+n]...)
			at += n
			continue
		}
		n := control >> 5
		if n == 7 {
			if at == len(raw) {
				return bad()
			}
			n += int(raw[at])
			at++
		}
		n += 2
		if at == len(raw) {
			return bad()
		}
		distance := (control&31)<<8 | int(raw[at])
		at++
		from := len(dst) - distance - 1
		if from < 0 || n > size-len(dst) {
			return bad()
		}
		if distance+1 >= n {
			dst = append(dst, dst[from:from+n]...)
			continue
		}
		for range n {
			dst = append(dst, dst[from])
			from++
		}
	}
	return dst, nil
}
