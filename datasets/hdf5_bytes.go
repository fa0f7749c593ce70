package datasets

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"math/bits"
	"sync/atomic"
)

// h5undefined is the address of what was never allocated: all bits set, whatever the size of addresses.
const h5undefined = math.MaxUint64

// h5file reads the structures of an HDF5 file. Addresses are relative to base, where the superblock begins.
type h5file struct {
	r                      io.ReaderAt
	base, size             int64 // size counts from base
	offsetSize, lengthSize int
	budget                 atomic.Int64 // bytes of structure that may still be read: a circle in the file ends there
}

// h5error is an error of the format.
func h5error(message string, args ...any) error { return formatError("hdf5", message, args...) }

// within reports whether [at, at+n) lies in the file.
func (f *h5file) within(at, n uint64) error {
	if at > uint64(f.size) || n > uint64(f.size)-at {
		return h5error("%d bytes at %d in a file of %d; the file was cut or is damaged", n, at, f.size)
	}
	return nil
}

// read reads n bytes of structure.
func (f *h5file) read(at uint64, n int) ([]byte, error) {
	if n < 0 {
		return nil, h5error("a structure at %d has a negative size", at)
	}
	if err := f.within(at, uint64(n)); err != nil {
		return nil, err
	}
	if f.budget.Add(-int64(n)-64) < 0 {
		return nil, h5error("its structures refer to each other in a circle")
	}
	b := make([]byte, n)
	return b, readFull(f.r, b, f.base+int64(at))
}

// open reads a structure of n bytes, compares its signature, if it has one, and stands behind it.
func (f *h5file) open(at uint64, n int, signature string) (*h5cursor, error) {
	b, err := f.read(at, n)
	if err != nil {
		return nil, err
	}
	c := &h5cursor{file: f, b: b}
	if got := string(c.bytes(len(signature))); c.err == nil && got != signature {
		return nil, h5error("%q stands at %d instead of %q", got, at, signature)
	}
	return c, c.err
}

// checked opens a structure whose last four bytes are the checksum of the others, which are left.
func (f *h5file) checked(at uint64, n int, signature string) (*h5cursor, error) {
	c, err := f.open(at, n, signature)
	if err != nil {
		return nil, err
	}
	return c, c.check()
}

// h5cursor takes little-endian values from bytes. After the first error it gives zeros.
type h5cursor struct {
	file *h5file
	b    []byte
	at   int
	err  error
}

// check compares and cuts off the checksum at the end.
func (c *h5cursor) check() error {
	n := len(c.b) - 4
	if n < 0 || c.err != nil {
		return errors.Join(c.err, h5error("a structure is too short"))
	}
	if binary.LittleEndian.Uint32(c.b[n:]) != lookup3(c.b[:n]) {
		return h5error("a structure is damaged: its checksum differs")
	}
	c.b = c.b[:n]
	return nil
}

func (c *h5cursor) fail(message string, args ...any) {
	if c.err == nil {
		c.err = h5error(message, args...)
	}
}

// rest returns the number of bytes that are left.
func (c *h5cursor) rest() int { return len(c.b) - c.at }

func (c *h5cursor) bytes(n int) []byte {
	if c.err != nil || n < 0 || n > c.rest() {
		c.fail("a structure ends early")
		return nil
	}
	c.at += n
	return c.b[c.at-n : c.at]
}

func (c *h5cursor) skip(n int) { c.bytes(n) }

// uint takes an unsigned number of n bytes.
func (c *h5cursor) uint(n int) uint64 {
	if n > 8 {
		c.fail("a number of %d bytes", n)
	}
	v := uint64(0)
	for i, b := range c.bytes(n) {
		v |= uint64(b) << (8 * i)
	}
	return v
}

func (c *h5cursor) u8() int        { return int(c.uint(1)) }
func (c *h5cursor) u16() int       { return int(c.uint(2)) }
func (c *h5cursor) u32() int       { return int(c.uint(4)) }
func (c *h5cursor) length() uint64 { return c.uint(c.file.lengthSize) }

// address takes an address; all bits set is h5undefined.
func (c *h5cursor) address() uint64 {
	n := c.file.offsetSize
	v := c.uint(n)
	if n < 8 && v == 1<<(8*n)-1 {
		return h5undefined
	}
	return v
}

// text takes characters up to and including a zero.
func (c *h5cursor) text() string {
	begin := c.at
	for c.err == nil {
		if c.u8() == 0 {
			break
		}
	}
	if c.err != nil {
		return ""
	}
	return string(c.b[begin : c.at-1])
}

// version takes a version and refuses those that are not among the known.
func (c *h5cursor) version(of string, known ...int) int {
	v := c.u8()
	for _, k := range known {
		if v == k {
			return v
		}
	}
	c.fail("%s version %d is unknown", of, v)
	return v
}

// encodedSize is the number of bytes that hold numbers up to limit.
func encodedSize(limit uint64) int { return (bits.Len64(max(limit, 1))-1)/8 + 1 }

// floorLog2 returns ⌊log₂ n⌋, 0 for 0.
func floorLog2(n uint64) int { return bits.Len64(max(n, 1)) - 1 }

// lookup3 is Bob Jenkins's hash of 2006, "hashlittle" with initial value 0: the checksum of HDF5's structures.
func lookup3(b []byte) uint32 {
	le := binary.LittleEndian
	x := 0xdeadbeef + uint32(len(b))
	y, z := x, x
	for ; len(b) > 12; b = b[12:] {
		x, y, z = x+le.Uint32(b), y+le.Uint32(b[4:]), z+le.Uint32(b[8:])
		x = x - z ^ bits.RotateLeft32(z, 4)
		z += y
		y = y - x ^ bits.RotateLeft32(x, 6)
		x += z
		z = z - y ^ bits.RotateLeft32(y, 8)
		y += x
		x = x - z ^ bits.RotateLeft32(z, 16)
		z += y
		y = y - x ^ bits.RotateLeft32(x, 19)
		x += z
		z = z - y ^ bits.RotateLeft32(y, 4)
		y += x
	}
	if len(b) == 0 {
		return z
	}
	var tail [12]byte
	copy(tail[:], b)
	x, y, z = x+le.Uint32(tail[:]), y+le.Uint32(tail[4:]), z+le.Uint32(tail[8:])
	z = z ^ y - bits.RotateLeft32(y, 14)
	x = x ^ z - bits.RotateLeft32(z, 11)
	y = y ^ x - bits.RotateLeft32(x, 25)
	z = z ^ y - bits.RotateLeft32(y, 16)
	x = x ^ z - bits.RotateLeft32(z, 4)
	y = y ^ x - bits.RotateLeft32(x, 14)
	z = z ^ y - bits.RotateLeft32(y, 24)
	return z
}

// h5shape turns sizes that a file claims into a shape.
func h5shape(sizes []uint64) ([]int, error) {
	shape := make([]int, len(sizes))
	for i, n := range sizes {
		if n > math.MaxInt64/16 {
			return nil, fmt.Errorf("an axis of %d elements", n)
		}
		shape[i] = int(n)
	}
	return shape, nil
}
