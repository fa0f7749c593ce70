package datasets

import (
	"encoding/binary"
	"hash/adler32"
	"math/bits"
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

// fixed makes the tables that the format fixes.
func (t *inflater) fixed() {
	for i := range 288 {
		switch {
		case i < 144, i >= 280:
			t.lengths[i] = 8
		case i < 256:
			t.lengths[i] = 9
		default:
			t.lengths[i] = 7
		}
	}
	_ = inflateTable(t.literals[:], t.lengths[:288], inflateLiteralBits, literalEntry)
	for i := range 30 {
		t.lengths[i] = 5
	}
	_ = inflateTable(t.distances[:], t.lengths[:30], inflateDistanceBits, distanceEntry)
}

// dynamic reads the tables of a block.
func (t *inflater) dynamic(s *inflateStream) error {
	literals, _ := s.take(5)
	distances, _ := s.take(5)
	count, ok := s.take(4)
	literals, distances, count = literals+257, distances+1, count+4
	if !ok || literals > 286 || distances > 30 {
		return inflateError("the tables of a block are damaged")
	}
	clear(t.lengths[:19])
	for _, k := range inflateLengthOrder[:count] {
		n, _ := s.take(3)
		t.lengths[k] = uint8(n)
	}
	table := t.distances[:] // for the lengths of codes, before it holds distances
	if err := inflateTable(table, t.lengths[:19], 7, func(symbol int) uint32 { return uint32(symbol) << 16 }); err != nil {
		return err
	}
	for i := 0; i < literals+distances; {
		s.fill()
		e := table[s.buffer&127]
		if e&kindMask == kindNone || int(e&255) > s.count {
			return inflateError("the tables of a block are damaged")
		}
		s.take(int(e & 255))
		symbol, repeat, previous := int(e>>16), 1, uint8(0)
		switch symbol {
		case 16:
			if i == 0 {
				return inflateError("the tables of a block are damaged")
			}
			repeat, ok = s.take(2)
			repeat, previous = repeat+3, t.lengths[i-1]
		case 17:
			repeat, ok = s.take(3)
			repeat += 3
		case 18:
			repeat, ok = s.take(7)
			repeat += 11
		default:
			previous = uint8(symbol)
		}
		if !ok || repeat > literals+distances-i {
			return inflateError("the tables of a block are damaged")
		}
		for range repeat {
			t.lengths[i] = previous
			i++
		}
	}
	if t.lengths[256] == 0 {
		return inflateError("a block has no end")
	}
	err := inflateTable(t.literals[:], t.lengths[:literals], inflateLiteralBits, literalEntry)
	if err != nil {
		return err
	}
	return inflateTable(t.distances[:], t.lengths[literals:literals+distances], inflateDistanceBits, distanceEntry)
}

func literalEntry(symbol int) uint32 {
	switch {
	case symbol < 256:
		return kindLiteral | uint32(symbol)<<16
	case symbol == 256:
		return kindEnd
	case symbol-257 < len(inflateLengthBase):
		return kindCopy | uint32(inflateLengthExtra[symbol-257])<<8 | uint32(inflateLengthBase[symbol-257])<<16
	}
	return kindNone
}

func distanceEntry(symbol int) uint32 {
	if symbol >= len(inflateDistanceBase) {
		return kindNone
	}
	extra := max(0, symbol/2-1)
	return kindCopy | uint32(extra)<<8 | uint32(inflateDistanceBase[symbol])<<16
}

// inflateTable makes a table of canonical codes of the given lengths, looked up with width bits.
func inflateTable(table []uint32, lengths []uint8, width int, entry func(symbol int) uint32) error {
	var count, next [16]int
	for _, n := range lengths {
		count[n]++
	}
	count[0] = 0
	code := 0
	for n := 1; n < 16; n++ {
		code = (code + count[n-1]) << 1
		next[n] = code
		if code+count[n] > 1<<n {
			return inflateError("the tables of a block are damaged")
		}
	}
	first := table[:1<<width]
	for i := range first {
		first[i] = kindNone
	}
	end := len(first)
	reverse := func(code, n int) int { return int(bits.Reverse16(uint16(code)) >> (16 - n)) }
	// The widest code behind every entry of the first table tells the size of the table behind it.
	var deepest [1 << inflateLiteralBits]uint8
	at := next
	for _, n := range lengths {
		if n == 0 {
			continue
		}
		if int(n) > width {
			k := reverse(at[n], int(n)) & (1<<width - 1)
			deepest[k] = max(deepest[k], n)
		}
		at[n]++
	}
	for symbol, n := range lengths {
		if n == 0 {
			continue
		}
		n := int(n)
		code := reverse(next[n], n)
		next[n]++
		e := entry(symbol) | uint32(n)
		if n <= width {
			for i := code; i < 1<<width; i += 1 << n {
				first[i] = e
			}
			continue
		}
		k := code & (1<<width - 1)
		more := int(deepest[k]) - width
		if first[k]&kindMask != kindTable {
			if end+1<<more > len(table) || end > 1<<16-1 {
				return inflateError("the tables of a block are damaged")
			}
			first[k] = kindTable | uint32(more)<<8 | uint32(end)<<16
			for i := range 1 << more {
				table[end+i] = kindNone
			}
			end += 1 << more
		}
		inner := table[first[k]>>16:][:1<<more]
		for i := code >> width; i < 1<<more; i += 1 << (n - width) {
			inner[i] = e
		}
	}
	return nil
}

// block decodes literals and copies up to the end of a block.
func (t *inflater) block(s *inflateStream) error {
	const (
		inRoom  = 8
		outRoom = 258 + 8
	)
	in, out := s.in, s.out
	at, buffer, count, n := s.at, s.buffer, s.count, s.n
	save := func() { s.at, s.buffer, s.count, s.n = at, buffer, count, n }
	for {
		fast := at+inRoom <= len(in) && n+outRoom <= len(out)
		if fast {
			buffer |= binary.LittleEndian.Uint64(in[at:]) << (count & 63)
			at += (63 - count) >> 3
			count |= 56
		} else {
			save()
			s.fill()
			at, buffer, count = s.at, s.buffer, s.count
		}
		e := t.literals[buffer&(1<<inflateLiteralBits-1)]
		if e&kindMask == kindTable {
			e = t.literals[int(e>>16)+int(buffer>>inflateLiteralBits)&(1<<(e>>8&15)-1)]
		}
		if fast && e&kindMask == kindLiteral { // a second and a third literal fit into the bits that are there
			buffer >>= e & 63
			count -= int(e & 63)
			out[n] = byte(e >> 16)
			n++
			e = t.literals[buffer&(1<<inflateLiteralBits-1)]
			if e&kindMask == kindLiteral {
				buffer >>= e & 63
				count -= int(e & 63)
				out[n] = byte(e >> 16)
				n++
				continue
			}
			continue
		}
		bitsOf := int(e & 63)
		if bitsOf > count {
			return inflateError("it was cut")
		}
		buffer >>= bitsOf & 63
		count -= bitsOf
		switch e & kindMask {
		case kindLiteral:
			if n == len(out) {
				return inflateError("it holds more than it may")
			}
			out[n] = byte(e >> 16)
			n++
			continue
		case kindEnd:
			save()
			return nil
		case kindCopy:
		default:
			return inflateError("an unknown code")
		}
		extra := int(e >> 8 & 15)
		length := int(e>>16) + int(buffer&(1<<extra-1))
		buffer >>= extra & 63
		count -= extra
		d := t.distances[buffer&(1<<inflateDistanceBits-1)]
		if d&kindMask == kindTable {
			d = t.distances[int(d>>16)+int(buffer>>inflateDistanceBits)&(1<<(d>>8&15)-1)]
		}
		if d&kindMask != kindCopy {
			return inflateError("an unknown code")
		}
		bitsOf, extra = int(d&63), int(d>>8&15)
		buffer >>= bitsOf & 63
		distance := int(d>>16) + int(buffer&(1<<extra-1))
		buffer >>= extra & 63
		count -= bitsOf + extra
		if count < 0 {
			return inflateError("it was cut")
		}
		from := n - distance
		if from < 0 || length > len(out)-n {
			return inflateError("a copy from before the beginning, or beyond the end")
		}
		switch {
		case fast && distance >= 8:
			end := n + length
			for ; n < end; n, from = n+8, from+8 {
				binary.LittleEndian.PutUint64(out[n:], binary.LittleEndian.Uint64(out[from:]))
			}
			n = end
		case distance >= length:
			n += copy(out[n:n+length], out[from:])
		default:
			for range length {
				out[n] = out[from]
				n++
				from++
			}
		}
	}
}
