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
