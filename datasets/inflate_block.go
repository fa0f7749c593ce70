package datasets

import "encoding/binary"

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
