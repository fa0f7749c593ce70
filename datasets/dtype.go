package datasets

import (
	"encoding/binary"
	"fmt"
	"math"
)

// Dtype names the type of the elements of an [Array], by NumPy's name.
type Dtype string

// The element types that arrays can have. Bool is one byte, 0 or 1; complex numbers are (re, im).
const (
	Bool       Dtype = "bool"
	Int8       Dtype = "int8"
	Int16      Dtype = "int16"
	Int32      Dtype = "int32"
	Int64      Dtype = "int64"
	Uint8      Dtype = "uint8"
	Uint16     Dtype = "uint16"
	Uint32     Dtype = "uint32"
	Uint64     Dtype = "uint64"
	Float16    Dtype = "float16"
	Bfloat16   Dtype = "bfloat16"
	Float32    Dtype = "float32"
	Float64    Dtype = "float64"
	Complex64  Dtype = "complex64"
	Complex128 Dtype = "complex128"
)

// Size returns the bytes of one element, 0 for a name that is not a Dtype.
func (d Dtype) Size() int {
	switch d {
	case Bool, Int8, Uint8:
		return 1
	case Int16, Uint16, Float16, Bfloat16:
		return 2
	case Int32, Uint32, Float32:
		return 4
	case Int64, Uint64, Float64, Complex64:
		return 8
	case Complex128:
		return 16
	}
	return 0
}

// Float reports whether d can hold NaN and infinities and is real.
func (d Dtype) Float() bool {
	return d == Float16 || d == Bfloat16 || d == Float32 || d == Float64
}

// component returns the type and number of the scalars that make one element: (float32, 2) for complex64.
func (d Dtype) component() (Dtype, int) {
	switch d {
	case Complex64:
		return Float32, 2
	case Complex128:
		return Float64, 2
	}
	return d, 1
}

// decode converts the little-endian elements in raw to dst; len(raw) is len(dst)·d.Size(). Complex types have no
// real value and are refused.
func decode[T float32 | float64](dst []T, d Dtype, raw []byte) error {
	le := binary.LittleEndian
	switch d {
	case Float32:
		for i := range dst {
			dst[i] = T(math.Float32frombits(le.Uint32(raw[4*i:])))
		}
	case Float64:
		for i := range dst {
			dst[i] = T(math.Float64frombits(le.Uint64(raw[8*i:])))
		}
	case Float16:
		for i := range dst {
			dst[i] = T(halfToFloat(le.Uint16(raw[2*i:])))
		}
	case Bfloat16:
		for i := range dst {
			dst[i] = T(math.Float32frombits(uint32(le.Uint16(raw[2*i:])) << 16))
		}
	case Bool:
		for i := range dst {
			dst[i] = T(min(raw[i], 1))
		}
	case Uint8:
		for i := range dst {
			dst[i] = T(raw[i])
		}
	case Int8:
		for i := range dst {
			dst[i] = T(int8(raw[i]))
		}
	case Int16:
		for i := range dst {
			dst[i] = T(int16(le.Uint16(raw[2*i:])))
		}
	case Uint16:
		for i := range dst {
			dst[i] = T(le.Uint16(raw[2*i:]))
		}
	case Int32:
		for i := range dst {
			dst[i] = T(int32(le.Uint32(raw[4*i:])))
		}
	case Uint32:
		for i := range dst {
			dst[i] = T(le.Uint32(raw[4*i:]))
		}
	case Int64:
		for i := range dst {
			dst[i] = T(int64(le.Uint64(raw[8*i:])))
		}
	case Uint64:
		for i := range dst {
			dst[i] = T(le.Uint64(raw[8*i:]))
		}
	default:
		return fmt.Errorf("%s has no real value", d)
	}
	return nil
}

// encode is the inverse of decode, for booleans, integers, float32 and float64.
func encode(values []float64, d Dtype) ([]byte, error) {
	raw := make([]byte, 0, len(values)*d.Size())
	le := binary.LittleEndian
	for _, v := range values {
		switch d {
		case Float64:
			raw = le.AppendUint64(raw, math.Float64bits(v))
		case Float32:
			raw = le.AppendUint32(raw, math.Float32bits(float32(v)))
		case Int8:
			raw = append(raw, byte(int8(v)))
		case Uint8, Bool:
			raw = append(raw, uint8(v))
		case Int16:
			raw = le.AppendUint16(raw, uint16(int16(v)))
		case Uint16:
			raw = le.AppendUint16(raw, uint16(v))
		case Int32:
			raw = le.AppendUint32(raw, uint32(int32(v)))
		case Uint32:
			raw = le.AppendUint32(raw, uint32(v))
		case Int64:
			raw = le.AppendUint64(raw, uint64(int64(v)))
		case Uint64:
			raw = le.AppendUint64(raw, uint64(v))
		default:
			return nil, fmt.Errorf("values of %s cannot be stored", d)
		}
	}
	return raw, nil
}

// halfToFloat converts an IEEE 754 binary16 number: (−1)^s · 2^(e−15) · (1 + m/1024), subnormal for e = 0.
func halfToFloat(h uint16) float32 {
	sign := uint32(h>>15) << 31
	exponent, mantissa := uint32(h>>10&0x1f), uint32(h&0x3ff)
	switch exponent {
	case 0:
		f := float32(mantissa) / (1 << 24)
		return math.Float32frombits(math.Float32bits(f) | sign)
	case 0x1f:
		return math.Float32frombits(sign | 0xff<<23 | mantissa<<13)
	}
	return math.Float32frombits(sign | (exponent+127-15)<<23 | mantissa<<13)
}
