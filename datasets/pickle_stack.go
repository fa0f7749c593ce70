package datasets

import (
	"encoding/binary"
	"fmt"
	"io"
	"math/big"
	"slices"
	"strings"
)

func (p *pickle) put(key uint32) {
	if v := p.peek(); p.err == nil {
		p.memo[key] = v
	}
}

func (p *pickle) check(err error) {
	if p.err == nil {
		p.err = err
	}
}

func (p *pickle) fail(message string, args ...any) { p.check(fmt.Errorf(message, args...)) }

func (p *pickle) push(v any) { p.stack = append(p.stack, v) }

// top takes the last n values off the stack. None of them may be a mark.
func (p *pickle) top(n int) []any {
	if p.err == nil && (len(p.stack) < n || slices.Contains(p.stack[len(p.stack)-n:], any(pyMark{}))) {
		p.fail("the pickle takes from an empty stack")
	}
	if p.err != nil {
		return nil
	}
	at := len(p.stack) - n
	values := slices.Clone(p.stack[at:])
	p.stack = p.stack[:at]
	return values
}

func (p *pickle) pop() any {
	if v := p.top(1); v != nil {
		return v[0]
	}
	return nil
}

func (p *pickle) peek() any {
	v := p.pop()
	if p.err == nil {
		p.push(v)
	}
	return v
}

// toMark takes the values above the last mark and the mark.
func (p *pickle) toMark() []any {
	if p.err != nil {
		return nil
	}
	for at := len(p.stack) - 1; at >= 0; at-- {
		if p.stack[at] == any(pyMark{}) {
			values := slices.Clone(p.stack[at+1:])
			p.stack = p.stack[:at]
			return values
		}
	}
	p.fail("the pickle lacks a mark")
	return nil
}

func (p *pickle) byte() byte {
	if p.err != nil {
		return 0
	}
	b, err := p.r.ReadByte()
	p.count(1)
	p.check(err)
	return b
}

// bytes reads n bytes into memory that grows with what is there.
func (p *pickle) bytes(n uint64) []byte {
	p.count(n)
	if p.err != nil {
		return nil
	}
	if n <= 4096 {
		b := make([]byte, n)
		_, err := io.ReadFull(p.r, b)
		p.check(err)
		return b
	}
	var b strings.Builder
	_, err := io.CopyN(&b, p.r, int64(n))
	p.check(err)
	return []byte(b.String())
}

// uint reads a little-endian number of n ≤ 8 bytes.
func (p *pickle) uint(n int) uint64 {
	var b [8]byte
	copy(b[:n], p.bytes(uint64(n)))
	return binary.LittleEndian.Uint64(b[:])
}

// line reads up to a newline.
func (p *pickle) line() string {
	if p.err != nil {
		return ""
	}
	b, err := p.r.ReadSlice('\n') // at most the buffer's size
	p.count(uint64(len(b)))
	p.check(err)
	return strings.TrimSuffix(string(b), "\n")
}

func (p *pickle) count(n uint64) {
	if n > pickleMaxBytes || p.read > pickleMaxBytes-int(n) {
		p.fail("the pickle is longer than %d bytes", pickleMaxBytes)
		return
	}
	p.read += int(n)
}

func memoWidth(long bool) int {
	if long {
		return 4
	}
	return 1
}

// long converts Python's little-endian two's complement.
func long(b []byte) any {
	if len(b) <= 8 {
		var word [8]byte
		copy(word[:], b)
		shift := 64 - 8*len(b)
		return int64(binary.LittleEndian.Uint64(word[:])<<shift) >> shift
	}
	negative := b[len(b)-1]&0x80 != 0
	b = slices.Clone(b)
	slices.Reverse(b)
	v := new(big.Int).SetBytes(b)
	if negative {
		v.Sub(v, new(big.Int).Lsh(big.NewInt(1), uint(8*len(b))))
	}
	return v
}
