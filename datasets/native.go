package datasets

import (
	"encoding/binary"
	"unsafe"
)

// littleEndian tells whether this machine holds numbers as files do.
var littleEndian = binary.NativeEndian.Uint16([]byte{1, 0}) == 1

// bytesOf returns the memory of values as bytes, if elements of type d lie in a file as they do in memory.
func bytesOf[T float32 | float64](values []T, d Dtype) ([]byte, bool) {
	size := int(unsafe.Sizeof(T(0)))
	same := d == Float32 && size == 4 || d == Float64 && size == 8
	if !same || !littleEndian || len(values) == 0 {
		return nil, false
	}
	return unsafe.Slice((*byte)(unsafe.Pointer(&values[0])), len(values)*size), true
}

// pairsOf returns the memory of many float32 values two by two, and those that are left over.
func pairsOf[T float32 | float64](values []T) (pairs []uint64, rest []T, ok bool) {
	const few = 8
	if unsafe.Sizeof(T(0)) != 4 || len(values) < few || uintptr(unsafe.Pointer(&values[0]))%8 != 0 {
		return nil, values, false
	}
	n := len(values) / few * few
	return unsafe.Slice((*uint64)(unsafe.Pointer(&values[0])), n/2), values[n:], true
}

// finitePairs reports whether no exponent of the float32 values is all ones: adding one to it would carry into the sign's place. Their
// number is a multiple of four pairs.
func finitePairs(pairs []uint64) bool {
	const exponents, one, signs = 0x7f800000_7f800000, 0x00800000_00800000, 0x80000000_80000000
	carry := uint64(0)
	for ; len(pairs) >= 4; pairs = pairs[4:] {
		carry |= pairs[0]&exponents + one
		carry |= pairs[1]&exponents + one
		carry |= pairs[2]&exponents + one
		carry |= pairs[3]&exponents + one
	}
	return carry&signs == 0
}
