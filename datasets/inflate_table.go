package datasets

import "math/bits"

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
