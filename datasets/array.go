package datasets

import (
	"encoding/binary"
	"fmt"
	"math"
	"slices"
)

// Array is a dense array as a file holds it: Raw is the row-major, little-endian bytes of ∏ Shape elements of Dtype.
// An empty Shape is a scalar.
type Array struct {
	Dtype Dtype
	Shape []int
	Raw   []byte
}

// NewArray copies data into an Array of the given shape.
func NewArray[T float32 | float64](data []T, shape ...int) (Array, error) {
	n, err := elements(shape)
	if err != nil {
		return Array{}, fmt.Errorf("datasets: %w", err)
	}
	if n != len(data) {
		return Array{}, fmt.Errorf("datasets: shape %v has %d elements, not the %d given", shape, n, len(data))
	}
	a := Array{Shape: slices.Clone(shape)}
	switch data := any(data).(type) {
	case []float32:
		a.Dtype, a.Raw = Float32, make([]byte, 0, 4*n)
		for _, v := range data {
			a.Raw = binary.LittleEndian.AppendUint32(a.Raw, math.Float32bits(v))
		}
	case []float64:
		a.Dtype, a.Raw = Float64, make([]byte, 0, 8*n)
		for _, v := range data {
			a.Raw = binary.LittleEndian.AppendUint64(a.Raw, math.Float64bits(v))
		}
	}
	return a, nil
}

// Len returns ∏ Shape, the number of elements.
func (a Array) Len() int {
	n := 1
	for _, d := range a.Shape {
		n *= d
	}
	return n
}

// Float64s returns the elements as float64; complex arrays are refused.
func (a Array) Float64s() ([]float64, error) { return floats[float64](a) }

// Float32s returns the elements rounded to float32; complex arrays are refused.
func (a Array) Float32s() ([]float32, error) { return floats[float32](a) }

func floats[T float32 | float64](a Array) ([]T, error) {
	if err := a.check(); err != nil {
		return nil, fmt.Errorf("datasets: %w", err)
	}
	dst := make([]T, a.Len())
	if err := decode(dst, a.Dtype, a.Raw); err != nil {
		return nil, fmt.Errorf("datasets: %w", err)
	}
	return dst, nil
}

// check reports an Array whose bytes do not fit its dtype and shape.
func (a Array) check() error {
	n, err := byteSize(a.Dtype, a.Shape)
	if err != nil {
		return err
	}
	if n != int64(len(a.Raw)) {
		return fmt.Errorf("shape %v of %s needs %d bytes, there are %d", a.Shape, a.Dtype, n, len(a.Raw))
	}
	return nil
}

// elements returns ∏ shape, an error if an axis is negative or the product does not fit an int.
func elements(shape []int) (int, error) {
	n := 1
	for _, d := range shape {
		if d < 0 {
			return 0, fmt.Errorf("shape %v has a negative axis", shape)
		}
		if d > 0 && n > math.MaxInt/d {
			// A later axis may be zero, but no writer makes such a shape.
			return 0, fmt.Errorf("shape %v overflows", shape)
		}
		n *= d
	}
	return n, nil
}

// byteSize returns the bytes of an array: ∏ shape · size of d, checked for overflow.
func byteSize(d Dtype, shape []int) (int64, error) {
	size := d.Size()
	if size == 0 {
		return 0, fmt.Errorf("unknown dtype %q", string(d))
	}
	n, err := elements(shape)
	if err != nil {
		return 0, err
	}
	if n > math.MaxInt/size {
		return 0, fmt.Errorf("shape %v of %s overflows", shape, d)
	}
	return int64(n) * int64(size), nil
}

// strides returns the row-major strides of shape, in elements.
func strides(shape []int) []int {
	s := make([]int, len(shape))
	step := 1
	for i := len(shape) - 1; i >= 0; i-- {
		s[i] = step
		step *= shape[i]
	}
	return s
}

// gather copies elements of size bytes into dst in row-major order of shape: element i stands at src[size·(offset +
// Σ index·stride)]. The caller guarantees that every index is inside src and that dst holds ∏ shape elements.
func gather(dst, src []byte, size, offset int, shape, stride []int) {
	if len(shape) == 0 {
		copy(dst[:size], src[offset*size:])
		return
	}
	index := make([]int, len(shape))
	last := len(shape) - 1
	n, step := shape[last], stride[last]*size
	if len(dst) == 0 {
		return
	}
	for at := offset * size; ; {
		if step == size {
			dst = dst[copy(dst[:n*size], src[at:]):]
		} else {
			for k := range n {
				copy(dst[:size], src[at+k*step:])
				dst = dst[size:]
			}
		}
		axis := last - 1
		for ; axis >= 0; axis-- {
			index[axis]++
			at += stride[axis] * size
			if index[axis] < shape[axis] {
				break
			}
			at -= index[axis] * stride[axis] * size
			index[axis] = 0
		}
		if axis < 0 {
			return
		}
	}
}

// transpose returns the array whose axis i is axis order[i] of a.
func (a Array) transpose(order []int) Array {
	from := strides(a.Shape)
	shape, stride := make([]int, len(order)), make([]int, len(order))
	for i, axis := range order {
		shape[i], stride[i] = a.Shape[axis], from[axis]
	}
	b := Array{Dtype: a.Dtype, Shape: shape, Raw: make([]byte, len(a.Raw))}
	gather(b.Raw, a.Raw, a.Dtype.Size(), 0, shape, stride)
	return b
}

// swapBytes reverses the bytes of every scalar of d in raw, in place.
func swapBytes(raw []byte, d Dtype) {
	scalar, _ := d.component()
	size := scalar.Size()
	if size < 2 {
		return
	}
	for ; len(raw) >= size; raw = raw[size:] {
		slices.Reverse(raw[:size])
	}
}
