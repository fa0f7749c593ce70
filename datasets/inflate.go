package datasets

import (
	"encoding/binary"
	"hash/adler32"
)

// inflater undoes zlib's compression (RFC 1950, 1951) of data whose size is known, again and again with the same tables.
//
// An entry of a table is, from the low bits on: the bits of the code, 8 bits; the kind and the number of extra bits, 8 bits; the value,
// 16 bits. The first table is looked up with so many bits as most codes have; longer codes go on in tables behind it.
type inflater struct {
	literals  [inflateLiterals]uint32
	distances [inflateDistances]uint32
	lengths   [320]uint8

	input, output []byte // for what is decompressed and at once turned into something else
}

// sized returns a buffer of n bytes, which it keeps in at.
func sized(at *[]byte, n int) []byte {
	if cap(*at) < n {
		*at = make([]byte, n)
	}
	return (*at)[:n]
}

const (
	inflateLiteralBits  = 11
	inflateDistanceBits = 8
	inflateLiterals     = 1<<inflateLiteralBits + 288*16
	inflateDistances    = 1<<inflateDistanceBits + 32*128

	kindLiteral = 0 << 12
	kindCopy    = 1 << 12
	kindEnd     = 2 << 12
	kindTable   = 3 << 12
	kindMask    = 15 << 12 // kinds above are no codes
	kindNone    = 4 << 12
)

// The least values of the codes of lengths and distances, and their extra bits.
var (
	inflateLengthBase   = [29]uint16{3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258}
	inflateLengthExtra  = [29]uint8{8: 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0}
	inflateDistanceBase = [30]uint16{1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097, 6145, 8193, 12289, 16385, 24577}
	inflateLengthOrder  = [19]uint8{16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15}
)

func inflateError(what string) error { return formatError("zlib", "%s", what) }

// zlib decompresses raw, of which at most most bytes may come; the checksum is compared. A result that is passing is overwritten by the
// next.
func (t *inflater) zlib(raw []byte, most int, passing bool) ([]byte, error) {
	if len(raw) < 6 || raw[0]&15 != 8 || raw[0]>>4 > 7 || raw[1]&0x20 != 0 || (uint(raw[0])<<8|uint(raw[1]))%31 != 0 {
		return nil, inflateError("the header is damaged")
	}
	most = min(most, deflateRatio*(len(raw)+1))
	s := &inflateStream{in: raw[2:]}
	if passing {
		s.out = sized(&t.output, most)
	} else {
		s.out = make([]byte, most)
	}
	if err := t.inflate(s); err != nil {
		return nil, err
	}
	s.at -= s.count / 8 // whole bytes that were taken ahead
	if s.at < 0 || len(s.in)-s.at < 4 {
		return nil, inflateError("it was cut")
	}
	dst := s.out[:s.n]
	if binary.BigEndian.Uint32(s.in[s.at:]) != adler32.Checksum(dst) {
		return nil, inflateError("the checksum differs")
	}
	return dst, nil
}

// inflateStream is the state of a decompression: count bits stand in buffer, the next ones low.
type inflateStream struct {
	in     []byte
	at     int
	buffer uint64
	count  int
	out    []byte
	n      int
}

// fill takes bytes until more than 56 bits are there, or the end.
func (s *inflateStream) fill() {
	for s.count <= 56 && s.at < len(s.in) {
		s.buffer |= uint64(s.in[s.at]) << s.count
		s.at++
		s.count += 8
	}
}

// take takes n ≤ 32 bits.
func (s *inflateStream) take(n int) (int, bool) {
	if s.count < n {
		s.fill()
	}
	v := int(s.buffer & (1<<n - 1))
	s.buffer >>= n
	s.count -= n
	return v, s.count >= 0
}

func (t *inflater) inflate(s *inflateStream) error {
	for {
		head, ok := s.take(3)
		if !ok {
			return inflateError("it was cut")
		}
		var err error
		switch head >> 1 {
		case 0:
			err = s.stored()
		case 1:
			t.fixed()
			err = t.block(s)
		case 2:
			if err = t.dynamic(s); err == nil {
				err = t.block(s)
			}
		default:
			err = inflateError("a block of unknown type")
		}
		if err != nil || head&1 != 0 {
			return err
		}
	}
}

// stored copies a block that was not compressed.
func (s *inflateStream) stored() error {
	s.take(s.count % 8)
	n, _ := s.take(16)
	inverse, ok := s.take(16)
	if !ok || n != ^inverse&0xffff {
		return inflateError("a block is damaged")
	}
	s.at -= s.count / 8
	s.buffer, s.count = 0, 0
	if n > len(s.in)-s.at || n > len(s.out)-s.n {
		return inflateError("a block is longer than it may be")
	}
	s.n += copy(s.out[s.n:], s.in[s.at:s.at+n])
	s.at += n
	return nil
}
